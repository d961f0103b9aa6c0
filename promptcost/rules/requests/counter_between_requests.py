"""PC204: a number counts on between two requests.  Source: bubbuild/bub#76."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    general,
    grade_break,
    sighting,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt, user
from promptcost.rules.requests._facts import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class CounterBetweenRequests(RequestRule):
    """A number in the prompt counts on from one turn to the next.

    What: the first block that differs between two turns of a conversation differs only in numbers:
    tokens left, step 3 of 10, an age such as "4m ago", a share of the context that is used.

    Why: a counter changes with every request by its nature, so what stands behind it never hits.

    Repair: put the counter at the end of the newest message, or tell it only when a limit is near.

    Providers: the same for all.

    Source: bubbuild/bub#76 (tokens), mindsdb/anton#467 (relative ages).
    """

    code, name = "PC204", "counter-between-requests"
    bad = (
        RequestExample(
            requests=(
                gpt(f"You have 9,000 tokens left. {MANUAL}", *FIRST),
                gpt(f"You have 8,512 tokens left. {MANUAL}", *ROUND),
            ),
            path="messages[0].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(f"You have 10 steps. {MANUAL}", *FIRST),
                gpt(f"You have 10 steps. {MANUAL}", *ROUND),
            )
        ),
        RequestExample(
            requests=(gpt(MANUAL, user("Add 1 and 2.")), gpt(MANUAL, user("Add 3 and 4.")))
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first counter that moved, where nothing but numbers did."""
        for parted in encounter.breaks:
            if _counts_on(parted):
                where = parted.difference.json_path
                message = (
                    f"a number in {where} counts on with every request;"
                    f" {tokens(parted.lost)} behind it are computed again"
                )
                severity = max(grade_break(parted), Severity.LOW)
                yield sighting(parted, general(where), severity, message, _HELP)


_HELP = "put the number at the end of the newest message, or tell it only when a limit is near"


def _counts_on(parted: Break) -> bool:
    if parted.topic is not None or {value.kind for value in parted.values} != {ValueKind.COUNTER}:
        return False
    return parted.relation is Relation.TURN or parted.in_head
