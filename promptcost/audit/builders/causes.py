"""From regions to causes: the first of each kind, and the tokens that are lost behind it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from promptcost.audit.causes import excerpt
from promptcost.audit.facets import Pace
from promptcost.model.finding import Confidence
from promptcost.model.stability import Clock
from promptcost.rules import Cause, Via
from promptcost.templates.names import Kind
from promptcost.templates.trace import encoded, shared_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.builders.prompt import Prompt
    from promptcost.audit.builders.regions import Region
    from promptcost.audit.builders.source import BuilderSource, Spot
    from promptcost.model.count import TokenCount
    from promptcost.model.span import Place
    from promptcost.tokens import TokenCounter

_MOST_OTHERS = 8


class CauseFinder:
    """Finds the causes in one prompt whose regions are known, in their order."""

    def __init__(
        self,
        base: Prompt,
        regions: list[Region],
        source: BuilderSource,
        counter: TokenCounter,
    ) -> None:
        self._base = base
        self._regions = regions
        self._source = source
        self._counter = counter
        self._paces = list(_paces(base.text, regions))

    def causes(self) -> tuple[Cause, ...]:
        """Return one cause for each kind of change, in the order of the prompt."""
        made: list[tuple[Region, Cause]] = []
        for region in self._regions:
            at = next((at for at, (first, _) in enumerate(made) if _covers(first, region)), None)
            if at is None:
                made.append((region, self._cause(region)))
                continue
            first, cause = made[at]
            place = self.place(region)
            if place not in {cause.place, *cause.others}:
                others = (*cause.others, place)[:_MOST_OTHERS]
                made[at] = first, replace(cause, others=others)
        return tuple(cause for _, cause in made)

    def place(self, region: Region) -> Place:
        """Return where in the source a region comes from."""
        return spot_of(self._source, self._base.text, region).place

    def _cause(self, region: Region) -> Cause:
        text = self._base.text
        spot = spot_of(self._source, text, region)
        path = self._base.path_at(region.start)
        lost = self._lost(region)
        behind = self._count("".join(lost))
        offset = shared_bytes(encoded(text), encoded(region.other.text))
        at = max(offset, len(encoded(text[: region.start])))
        return Cause(
            kind=region.kind,
            clock=region.clock,
            via=region.via,
            confidence=region.confidence,
            place=spot.place,
            expression=": ".join(filter(None, (path, spot.expression))),
            names=region.names,
            lost=behind,
            expected=behind.value,
            longest=self._count(max(lost, key=len, default="")).value,
            shareable=self._count("".join(self._kept(region, 0, len(text)))).value,
            excerpt=excerpt(
                encoded(text), encoded(region.other.text), at if at == offset else offset
            ),
            hidden_by=self._hidden_by(region, spot.place),
        )

    def rewrite(self, start: int, end: int, other: Prompt, names: tuple[str, ...]) -> Cause:
        """Return the cause that the next turn has characters of this one's history otherwise."""
        text = self._base.text
        spot = self._source.spot(text, start, end, names)
        lost = self._count(text[start:end])
        return Cause(
            kind=Kind.HISTORY,
            confidence=Confidence.CONFIRMED,
            place=spot.place,
            expression=": ".join(filter(None, (self._base.path_at(start), spot.expression))),
            names=names,
            lost=lost,
            expected=lost.value,
            longest=lost.value,
            shareable=self._count(text).value,
            excerpt=excerpt(encoded(text), encoded(other.text), len(encoded(text[:start]))),
        )

    def _lost(self, region: Region) -> list[str]:
        """Return the text behind a region that would still be shared, up to what changes faster."""
        end = len(self._base.text)
        if region.pace > Pace.REQUEST:
            faster = (
                other.start
                for other in self._regions
                if other.start > region.start and other.pace < region.pace
            )
            end = min(faster, default=end)
        return self._kept(region, region.start, end)

    def _kept(self, region: Region, start: int, end: int) -> list[str]:
        """Return the runs between two characters that change less often than a region."""
        slowest = Pace.REQUEST if region.pace is Pace.SECOND else max(region.pace, Pace.TURN)
        runs: list[tuple[int, int]] = []
        for first, last, pace in self._paces:
            if pace <= slowest or first >= end or last <= start:
                continue
            if runs and runs[-1][1] == first:
                runs[-1] = runs[-1][0], min(last, end)
            else:
                runs.append((max(first, start), min(last, end)))
        return [self._base.text[first:last] for first, last in runs]

    def _count(self, text: str) -> TokenCount:
        return self._counter.count(text.strip())

    def _hidden_by(self, region: Region, place: Place) -> Place | None:
        earlier = (other for other in self._regions if other.start < region.start)
        faster = (other for other in earlier if other.pace <= region.pace)
        first = next((other for other in faster if not _covers(other, region)), None)
        found = None if first is None else self.place(first)
        return None if found == place else found


def spot_of(source: BuilderSource, text: str, region: Region) -> Spot:
    """Return where in the source a region of a prompt comes from."""
    found = source.unordered() if region.via is Via.ORDER else None
    return found or source.spot(text, region.start, region.end, region.names)


def _covers(first: Region, later: Region) -> bool:
    """Say whether a region is more of an earlier one: the same kind, or a coarser clock."""
    if first.kind is not later.kind or (first.via is Via.ORDER) != (later.via is Via.ORDER):
        return False
    is_clock = first.kind is Kind.TIME and first.clock is not later.clock
    return not is_clock or (first.clock is not Clock.NEVER and first.pace <= later.pace)


def _paces(text: str, regions: list[Region]) -> Iterator[tuple[int, int, Pace]]:
    """Yield the runs of a text with how often each changes."""
    edges = sorted({0, len(text), *(at for each in regions for at in (each.start, each.end))})
    for start, end in pairwise(edges):
        over = (each.pace for each in regions if each.start <= start and end <= each.end)
        yield start, end, min(over, default=Pace.NEVER)
