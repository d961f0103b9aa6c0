"""PC215: the same items in another order.  Source: open-webui/open-webui#26986 (a Python set)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    QUARTER,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, claude, gpt, tool
from promptcost.rules.requests._facts import Topic
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class TextReordered(RequestRule):
    """The same words of the system text or of a tool stand in another order.

    What: two requests part in a text that holds the same words both times: a list of skills,
    files or agents that comes from a set, a hash map, or a query without an order. Or examples that
    stand as messages in front of the question are shuffled.

    Why: the list means the same, but it is another text, and everything behind it is computed
    and billed again. Which order comes up often changes with every process, not every request.

    Repair: sort the list where it is printed, by a key without ties.

    Providers: the same for all.

    Source: open-webui/open-webui#26986 (several workers), huggingface/smolagents#997,
    dust-tt/dust#20991 (ties in a sort).
    """

    code, name = "PC215", "text-reordered"
    bad = (
        RequestExample(
            requests=(
                gpt(f"Skills:\n- search\n- mail\n- notes\n{MANUAL}", *FIRST),
                gpt(f"Skills:\n- notes\n- search\n- mail\n{MANUAL}", *ROUND),
            ),
            path="messages[0].content",
            line=2,
        ),
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[tool("ask", "Asks one of: ann, bob")]),
                claude(MANUAL, *ROUND, tools=[tool("ask", "Asks one of: bob, ann")]),
            ),
            path="tools[0].description",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(f"Skills:\n- mail\n- notes\n- search\n{MANUAL}", *FIRST),
                gpt(f"Skills:\n- mail\n- notes\n- search\n{MANUAL}", *ROUND),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first text whose words stand in another order."""
        for parted in encounter.breaks:
            if _is_reordered(parted):
                where = parted.difference.json_path
                what = f"the same words of {where}" if parted.in_head else "the same messages"
                message = (
                    f"{what} stand in another order {BETWEEN[parted.relation]}; {again(parted)}"
                )
                severity = max(grade_break(parted), Severity.LOW)
                yield sighting(parted, general(where), severity, message, _HELP)


def _is_reordered(parted: Break) -> bool:
    if parted.in_head:
        return parted.topic is Topic.ORDER
    # Within a conversation it is history that was rewritten; between two, examples were shuffled.
    moved = parted.difference.change is Change.REORDERED
    return moved and parted.relation is not Relation.TURN and parted.lost.value >= QUARTER


_HELP = "sort the list where it is printed, by a key without ties"
