"""PC210: the text of one user stands before text all share.  Source: dust-tt/dust#28420."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    QUARTER,
    SHORT,
    RequestExample,
    RequestRule,
    general,
    grade_break,
    in_system,
    sighting,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, gpt
from promptcost.rules.requests._facts import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class UserTextBeforeShared(RequestRule):
    """Text of one user, tenant or session stands before text that all of them share.

    What: requests of two users or two conversations part in the system text, at a name, a profile,
    a plan or preferences, and go on with the same text behind it.

    Why: the part behind is the same for everybody but can only be shared up to the first byte that
    differs, so every user pays for it alone.

    Repair: put the shared text first and the user's part last, or into the first user message.

    Providers: the same for all; on Anthropic put the mark between the two parts.

    Source: dust-tt/dust#28420, NousResearch/hermes-agent#1203.
    """

    code, name = "PC210", "user-text-before-shared"
    bad = (
        RequestExample(
            requests=(
                gpt(f"The user is Ann, on the free plan. {MANUAL}", *FIRST, user="ann"),
                gpt(f"The user is Bob Lee, on the team plan. {MANUAL}", *FIRST, user="bob"),
            ),
            path="messages[0].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(f"{MANUAL} The user is Ann, on the free plan.", *FIRST, user="ann"),
                gpt(f"{MANUAL} The user is Bob Lee, on the team plan.", *FIRST, user="bob"),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first place at which two users part."""
        for parted in encounter.breaks:
            if _is_personal(parted):
                where = parted.difference.json_path
                message = (
                    f"text of one user, session or agent in {where} differs"
                    f" {BETWEEN[parted.relation]}; {tokens(parted.lost)} that are the same"
                    " cannot be shared"
                )
                yield sighting(parted, general(where), _severity(parted), message, _HELP)


_HELP = "put the text that all share first, and the user's part last or into the first user message"


def _severity(parted: Break) -> Severity:
    # Where no users are told apart, another agent may speak, and what is short costs nothing.
    vague = parted.topic is Topic.OTHER or parted.lost.value < QUARTER
    free = vague and parted.below_minimum and parted.relation is not Relation.USER
    return Severity.NOTE if free else grade_break(parted)


def _is_personal(parted: Break) -> bool:
    if parted.relation is Relation.TURN or parted.lost.value < SHORT:
        return False
    if in_system(parted):
        # A text that is another one for the most part is that of another agent.
        return parted.topic is Topic.USER or (parted.topic is Topic.OTHER and parted.one_agent)
    return not parted.in_head and parted.topic is Topic.USER
