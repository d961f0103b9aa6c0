"""PC201: an earlier turn is sent otherwise.  Source: QwenLM/qwen-code#8463."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.prompt import Role
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    SHORT,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, answer, claude, gpt, user
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter

_LATER = (answer("Second answer."), user("Third question?"))
_LATEST = (answer("Third answer."), user("Fourth question?"))
_CLEARED = (user("First question?"), answer("[cleared]"), user("Second question?"))


class EarlierTurnChanged(RequestRule):
    """The messages of one turn are not repeated unchanged in the next.

    What: in one conversation the earlier request is no longer the beginning of the later one. An
    old message or tool result was shortened, rewritten, dropped, moved, or a field of it is gone.
    Marks that move, ids that are not prompt text, and a string sent as one text block are no
    change.

    Why: an agent sends its whole history with every step. From the first part that changed on,
    all of it is computed and billed again, in every later turn too.

    Repair: append only: keep every message as it was sent, byte for byte, with all its fields; put
    reminders and corrections into the newest message; if old results must go, drop many at once
    and seldom.

    Providers: the same for all. OpenAI from 5.6 and Anthropic also miss when text is added to the
    end of a message that was the last one. Anthropic's own context editing loses the cache from the
    edited place on, too.

    Source: QwenLM/qwen-code#8452, #8463, openclaw/openclaw#111085, LibreChat-AI/agents#497,
    vercel/eve#175 (repaired: append only).
    """

    code, name = "PC201", "earlier-turn-changed"
    bad = (
        RequestExample(
            requests=(gpt(MANUAL, *ROUND, *_LATER), gpt(MANUAL, *_CLEARED, *_LATER, *_LATEST)),
            path="messages[2].content",
            line=2,
        ),
        RequestExample(
            requests=(claude(MANUAL, *ROUND), claude(MANUAL, *ROUND[1:], *_LATER)),
            path="messages[0].content",
            line=2,
        ),
    )
    good = (
        RequestExample(requests=(gpt(MANUAL, *ROUND), gpt(MANUAL, *ROUND, *_LATER))),
        RequestExample(requests=(gpt(MANUAL, *FIRST), gpt(MANUAL, user("Another question?")))),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first part of the turn before that is not repeated."""
        for parted in encounter.breaks:
            if parted.relation is Relation.TURN and _is_rewritten(parted, encounter):
                path = general(parted.difference.json_path)
                message = f"{_said(parted)}; {again(parted)}"
                key = f"{parted.difference.change} {path}"
                yield sighting(parted, key, _severity(parted), message, _HELP)


_HELP = (
    "send every earlier message as it was, byte for byte, and only append; put what changes into"
    " the newest message"
)


def _severity(parted: Break) -> Severity:
    # What is not cached yet will be, once a mark moves; a few words at the end never matter.
    least = Severity.LOW if parted.behind.value >= SHORT else Severity.NOTE
    return max(grade_break(parted), least)


def _is_rewritten(parted: Break, encounter: Encounter) -> bool:
    if parted.in_head or parted.topic is None or _was_begun(parted):
        return False
    # A cache of any prefix reads back what a last message was before text was added to it.
    grown = parted.difference.change is Change.EXTENDED and not parted.behind.value
    return not grown or encounter.terms.breakpoints is not None


def _was_begun(parted: Break) -> bool:
    """Say whether the earlier request ended in words put into the model's mouth."""
    last = len(parted.was.blocks) - 1
    return parted.difference.block == last and parted.was.blocks[last].role is Role.ASSISTANT


def _said(parted: Break) -> str:
    found = parted.difference
    where = found.json_path
    match found.change:
        case Change.SHORTENED:
            return f"the conversation was cut back: {where} and what followed is gone"
        case Change.REMOVED:
            return f"an earlier part of the conversation was dropped: what stood at {where}"
        case Change.INSERTED:
            return f"something was put between earlier messages, at {where}"
        case Change.REORDERED:
            return f"earlier messages stand in another order from {where} on"
        case Change.EXTENDED:
            return f"text was added to a message that was sent before, {where}"
        case _:
            old = "an earlier message" if parted.in_history else "the last message"
            return f"{old} was not repeated unchanged: {where} differs from {_offset(parted)}"


def _offset(parted: Break) -> str:
    offset = parted.difference.byte_offset
    return f"byte {offset:,} on" if offset else "its first byte on"
