"""PC225: the last entry is out of reach of the marks.  Source: redpanda-data/ai-sdk-go#205."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Confidence, Severity
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import MANUAL, SHORT_MARK, answer, claude, text, user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter

_NOTES = [text(f"Note {number} of the search.") for number in range(30)]
_OPENING = user([text("First question?", SHORT_MARK)])


class EntryBeyondLookback(RequestRule):
    """More than 20 blocks lie between a mark and the last entry.

    What: a turn adds so many blocks (parallel tool calls and their results) that the entry of the
    turn before lies outside the window in which the provider looks back from each mark. Where a
    run of tool calls counts as one position, the finding is a suspicion.

    Why: the entry is there, but is not found. Everything behind the entry that is found is
    computed and written again.

    Repair: put one more mark into the new blocks, at most 20 positions behind the old one, or
    leave the old mark where it was for one more turn. `--fix` does the latter in a recording.

    Providers: 20 positions at Anthropic, its own included; on the Claude API a run of tool calls,
    and one of results, has counted as one position since October 2026, other platforms do not say.

    Source: redpanda-data/ai-sdk-go#205, brightwave-inc/tidebreak#1154, macanderson/stella#1837
    (76 % against 93 %), microsoft/vscode#315505 (repaired: an anchor in between).
    """

    code, name = "PC225", "entry-beyond-lookback"
    bad = (
        RequestExample(
            requests=(
                claude(MANUAL, _OPENING),
                claude(
                    MANUAL,
                    user([text("First question?")]),
                    answer("Searching."),
                    user([*_NOTES, text("Go on.", SHORT_MARK)]),
                ),
            ),
            path="messages[2].content[30].cache_control",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(MANUAL, _OPENING),
                claude(
                    MANUAL,
                    user([text("First question?")]),
                    answer("Searching."),
                    user([*_NOTES[:10], text("Go on.", SHORT_MARK)]),
                ),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a request whose marks do not reach the entry of the turn before."""
        reach = encounter.reach
        if reach is None:
            return
        grouped = reach.grouped <= reach.window
        once = f" ({reach.grouped} where a run of tool calls counts as one)" if grouped else ""
        yield Sighting(
            key="lookback",
            where=encounter.request,
            json_path=reach.json_path,
            severity=Severity.LOW if grouped else max(grade(reach.lost.value), Severity.LOW),
            message=(
                f"the provider looks back over {reach.window} positions from this mark, and the"
                f" entry of the turn before lies {reach.positions} back{once}:"
                f" {tokens(reach.lost)} are computed again"
            ),
            repair=_HELP,
            confidence=Confidence.SUSPECTED if grouped else Confidence.CONFIRMED,
            lost=reach.lost,
            against=encounter.previous,
        )


_HELP = "put one more mark in between, at most 20 positions behind the old one"
