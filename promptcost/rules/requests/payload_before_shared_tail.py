"""PC212: what differs by request stands before a long part that does not.  Source: octopus#665."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    QUARTER,
    RequestExample,
    RequestRule,
    general,
    grade_break,
    sighting,
    tokens,
)
from promptcost.rules.requests._examples import MANUAL, gpt, user
from promptcost.rules.requests._facts import Topic
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class PayloadBeforeSharedTail(RequestRule):
    """What is asked stands before a long part that is the same in every request.

    What: the first messages of two conversations part early and go on with the same text: the
    question, document or diff comes first, the rules, rubric or output format after it.

    Why: the part behind is the same every time, yet it stands behind the first byte that differs,
    so it is computed and billed with every request.

    Repair: move the fixed part in front of what is asked, best into the system text.

    Providers: the same for all.

    Source: octopusreview/octopus#665 (repaired: six blocks moved down behind a mark); 11 of 25
    findings in real templates.
    """

    code, name = "PC212", "payload-before-shared-tail"
    bad = (
        RequestExample(
            requests=(
                gpt("You grade.", user(f"Essay: about the sea and ships.\n{MANUAL}")),
                gpt("You grade.", user(f"Essay: on mountains.\n{MANUAL}")),
            ),
            path="messages[1].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt("You grade.", user(f"{MANUAL}\nEssay: about the sea and ships.")),
                gpt("You grade.", user(f"{MANUAL}\nEssay: on mountains.")),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first place at which two conversations part before a common tail."""
        for parted in encounter.breaks:
            if _has_tail(parted):
                where = parted.difference.json_path
                message = (
                    f"{where} differs {BETWEEN[parted.relation]}, but the"
                    f" {tokens(parted.lost)} behind are the same and cannot be shared"
                )
                yield sighting(parted, general(where), grade_break(parted), message, _HELP)


_HELP = "move the part that stays in front of what differs, best into the system text"


def _has_tail(parted: Break) -> bool:
    if parted.relation is Relation.TURN or parted.in_head or parted.lost.value < QUARTER:
        return False
    if parted.difference.change is Change.REORDERED:
        return False
    return parted.topic in {Topic.OTHER, Topic.MEMORY}
