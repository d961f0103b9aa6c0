"""The survival table of a builder: what stays shared when one thing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.builders.causes import spot_of
from promptcost.audit.causes import excerpt
from promptcost.model.audit_report import Change, SurvivalRow, brings
from promptcost.model.finding import Confidence
from promptcost.templates.trace import encoded, shared_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.builders.prompt import Prompt
    from promptcost.audit.builders.regions import Region
    from promptcost.audit.builders.runs import Runs
    from promptcost.audit.builders.source import BuilderSource
    from promptcost.audit.lens import Lens


class SurvivalTable:
    """Makes the rows of one builder; `is_sure` says that no argument was made up."""

    def __init__(
        self, runs: Runs, regions: list[Region], source: BuilderSource, *, is_sure: bool
    ) -> None:
        self._runs = runs
        self._regions = regions
        self._source = source
        self._constant = Confidence.CONFIRMED if is_sure else Confidence.SUSPECTED

    def rows(self, lens: Lens) -> Iterator[SurvivalRow]:
        """Yield a row for every change, in the order in which reports show them."""
        runs = self._runs
        for change in Change:
            base, others = runs.base, [runs.changes[each] for each in brings(change)]
            if Change.NEXT_REQUEST in brings(change):
                others.append(runs.again)
            if change is Change.OTHER_SESSION:
                others.append(runs.elsewhere)
            if change is Change.OTHER_PROCESS:
                base, others = runs.again, [runs.hashed, runs.started]
            other = min(others, key=lambda each: _shared(base, each))
            yield self._row(change, base, other, lens)

    def _row(self, change: Change, base: Prompt, other: Prompt, lens: Lens) -> SurvivalRow:
        total, shared = len(encoded(base.text)), _shared(base, other)
        kept = lens.survival(base.text)(other.text)
        if shared >= total:
            return SurvivalRow(
                change=change,
                confidence=self._constant,
                bytes_shared=total,
                bytes_total=total,
                targets=kept,
            )
        at = len(encoded(base.text)[:shared].decode("utf-8", "ignore"))
        region = next((each for each in self._regions if each.start <= at <= each.end), None)
        spot = (
            self._source.spot(base.text, at, at, ())
            if region is None
            else spot_of(self._source, base.text, region)
        )
        return SurvivalRow(
            change=change,
            confidence=Confidence.CONFIRMED if region is None else region.confidence,
            bytes_shared=shared,
            bytes_total=total,
            place=spot.place,
            expression=": ".join(filter(None, (base.path_at(at), spot.expression))),
            excerpt=excerpt(encoded(base.text), encoded(other.text), shared),
            targets=kept,
        )


def _shared(base: Prompt, other: Prompt) -> int:
    return shared_bytes(encoded(base.text), encoded(other.text))
