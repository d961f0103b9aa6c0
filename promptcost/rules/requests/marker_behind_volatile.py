"""PC226: a mark closes over text that changes.  Source: recorded requests of coding agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    QUARTER,
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, SHORT_MARK, claude, text
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Break, Encounter
    from promptcost.wire import Marker


class MarkerBehindVolatile(RequestRule):
    """A cache mark closes over text that changes, and over stable text in front of it.

    What: between a mark and the one before it (or the start of the prompt) stands long text that
    stays, followed by text that differs in the next request.

    Why: an entry holds the whole prefix up to its mark. It is written at a premium with every
    request and never read, although most of it stays.

    Repair: split the block and put the mark behind the part that stays. `--fix` marks the last
    whole block that stays in a recording; it splits none, as that may be another prompt.

    Providers: wherever marks are set: Claude, OpenAI from 5.6 with marks of your own.

    Source: recorded requests of opencode and NexAU; nex-agi/NexAU#12, octopusreview/octopus#665.
    """

    code, name = "PC226", "marker-behind-volatile"
    bad = (
        RequestExample(
            requests=(
                claude([text(f"{MANUAL} It is 10:15:00.", SHORT_MARK)], *FIRST),
                claude([text(f"{MANUAL} It is 10:16:09.", SHORT_MARK)], *ROUND),
            ),
            path="system[0].cache_control",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude([text(MANUAL, SHORT_MARK), text("It is 10:15:00.")], *FIRST),
                claude([text(MANUAL, SHORT_MARK), text("It is 10:16:09.")], *ROUND),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the mark that closes over a change, when much stands in front of the change."""
        if not encounter.terms.needs_marks:
            return
        for parted in encounter.breaks:
            marker = _closing(parted)
            if marker is None or parted.before.value < QUARTER or _too_short(parted, encounter):
                continue
            where = parted.difference.json_path
            yield Sighting(
                key=marker.json_path,
                where=parted.now,
                json_path=marker.json_path,
                severity=min(grade(parted.before.value), Severity.MEDIUM),
                message=(
                    f"the mark closes over {where}, which differs {BETWEEN[parted.relation]};"
                    f" {tokens(parted.before)} in front of it stay, but are written again each time"
                ),
                repair=_HELP,
                lost=parted.before,
                against=parted.was,
            )


_HELP = "split the block, and put the mark behind the part that stays"


def _too_short(parted: Break, encounter: Encounter) -> bool:
    """Say whether a mark in front of the place would close over less than can be cached."""
    minimum, blocks = encounter.terms.minimum, parted.now.blocks[: parted.difference.block]
    marked = [depth for depth, block in enumerate(blocks, start=1) if block.marker is not None]
    kept = encounter.upto(marked[-1] if marked else 0) + parted.before
    return parted.below_minimum or (minimum is not None and kept.reaches(minimum) is False)


def _closing(parted: Break) -> Marker | None:
    """Return the first mark behind the place, if the place is in the tools or the system text."""
    found = parted.difference
    if not parted.in_head or found.change is Change.MODEL:
        return None
    if parted.relation is not Relation.TURN and not parted.one_agent:
        return None
    blocks = parted.now.blocks[found.block : parted.now.head_depth]
    return next((block.marker for block in blocks if block.marker is not None), None)
