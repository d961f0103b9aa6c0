"""PC209: the system text changes with every turn.  Source: shareAI-lab/learn-claude-code#311."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    INCREMENT,
    SHORT,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    in_system,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, SHORT_MARK, claude, text
from promptcost.rules.requests._facts import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter

_ONE = f"{MANUAL} What you remember:\n- likes short answers"
_TWO = f"{MANUAL} What you remember:\n- works in sales\n- likes short answers"


class SystemTextChanges(RequestRule):
    """Retrieved memory or other text of the moment stands in the system message.

    What: within a conversation the system text of the next turn is another one: memories,
    passages, a summary or the state of devices, looked up for each question. Or it reads the same
    and is written otherwise: other ends of lines, quotes escaped for HTML.

    Why: the system text stands before all messages. One changed line in it loses the whole
    conversation, and on providers with marks the whole marked block with it.

    Repair: keep the system text constant and send what was retrieved with the newest message, as a
    reminder at its end; if it must be in the system text, put it last, in a block of its own
    behind the mark.

    Providers: the same for all. Claude models that accept system messages inside a conversation
    can take it there without a miss.

    Source: shareAI-lab/learn-claude-code#311, mem0ai/mem0#4341, EasyMetaAu/helm-api#231 (repaired:
    a trailing reminder), open-webui/open-webui#30239, michelle-avery/custom-conversation#110.
    """

    code, name = "PC209", "system-text-changes"
    bad = (
        RequestExample(
            requests=(
                claude([text(_ONE, SHORT_MARK)], *FIRST),
                claude([text(_TWO, SHORT_MARK)], *ROUND),
            ),
            path="system[0].text",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude([text(MANUAL, SHORT_MARK)], *FIRST),
                claude([text(MANUAL, SHORT_MARK)], *ROUND),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first place at which the system text was changed."""
        for parted in encounter.breaks:
            if _is_of_the_moment(parted):
                where = parted.difference.json_path
                what = _WHAT.get(parted.topic or Topic.OTHER, "the system text")
                message = f"{what} in {where} differs {BETWEEN[parted.relation]}; {again(parted)}"
                yield sighting(parted, general(where), grade_break(parted), message, _HELP)


_HELP = (
    "keep the system text constant; send what was looked up at the end of the newest message, or"
    " in a block of its own behind the mark"
)


_WHAT = {
    Topic.MEMORY: "retrieved memory",
    Topic.FORM: "only the white space or the escapes of the text",
}


def _is_of_the_moment(parted: Break) -> bool:
    if not in_system(parted):
        return False
    if parted.topic is Topic.FORM:
        return parted.lost.value >= SHORT
    if parted.relation is Relation.TURN:
        return parted.topic not in {None, Topic.ENVIRONMENT, Topic.ORDER}
    return parted.topic is Topic.MEMORY and parted.lost.value >= INCREMENT
