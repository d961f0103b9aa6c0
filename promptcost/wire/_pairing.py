"""Decides whether a request continues a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._likeness import resembles, restates, same_agent

if TYPE_CHECKING:
    from promptcost.wire.block import WireBlock, WireRequest

_MODEL_MADE = (Role.ASSISTANT, Role.TOOL)
_ANSWERED = [Role.USER, Role.ASSISTANT]


def may_pair(last: WireRequest, request: WireRequest) -> bool:
    """Say whether nothing that is known forbids it: another API, session, user or tenant."""
    known = (
        (last.session, request.session),
        (last.user, request.user),
        (last.tenant, request.tenant),
    )
    others = any(old is not None and new is not None and old != new for old, new in known)
    return last.api is request.api and not others


def shared_messages(last: WireRequest, request: WireRequest) -> int:
    """Return how many leading message blocks two requests have in common, whatever their heads."""
    count = 0
    for old, new in zip(last.messages, request.messages, strict=False):
        if old.digest != new.digest:
            break
        count += 1
    return count


def same_head(last: WireRequest, request: WireRequest) -> bool:
    """Say whether tools and system text are the same to the byte."""
    return [block.digest for block in last.head] == [block.digest for block in request.head]


def has_answer(last: WireRequest) -> bool:
    """Say whether a request holds text that a model or a tool made, which hardly repeats."""
    return any(block.role in _MODEL_MADE for block in last.messages)


def continues(last: WireRequest, request: WireRequest, shared: int, opening: int) -> bool:
    """Say whether `request`, sharing that many message blocks, comes after `last`.

    `opening` is the number of message blocks the conversation began with.  Appending continues, and
    so does a repetition, unless another agent is asked the same question.  A shorter beginning is a
    new conversation with the same opening, unless the session says otherwise.  When the two part in
    the middle, history was rewritten if the rest slid forward, or if it grew and holds on to
    something that hardly comes twice: an answer given since the opening, a later answer, the
    parting block itself, or, with the same beginning, the session, the newest question, answered by
    now, or a reminder that stays at the end.  Otherwise the two are siblings with a common opening
    (few-shot examples, say).
    """
    old, new = last.messages[shared:], request.messages[shared:]
    one_session = last.session is not None and last.session == request.session
    if not old:
        repeats = one_session or has_answer(last) or same_agent(last, request)
        return bool(last.messages) if new else repeats
    if not new:
        return one_session
    if _slid(old, new):
        return True
    if len(request.messages) <= len(last.messages):
        return False
    alike = resembles(old[0], new[0]) or restates(old[0], new[0])
    rewritten = alike and not _asks_again(old, new)
    if shared > opening or _holds_on(old, new) or rewritten:
        return True
    return shared > 0 and (one_session or _goes_on(old, new) or _trails(old, new))


def _slid(old: tuple[WireBlock, ...], new: tuple[WireBlock, ...]) -> bool:
    """Say whether the oldest blocks were dropped and the others kept.

    An answer must be among them, or the newest question be all that is left and be answered now.
    """
    start = next((i for i, block in enumerate(old) if block.digest == new[0].digest), None)
    if start is None:
        return False
    kept = old[start:]
    same = [block.digest for block in kept] == [block.digest for block in new[: len(kept)]]
    newest = start == len(old) - 1 > 0 and [block.role for block in new[:2]] == _ANSWERED
    return same and (newest or any(block.role in _MODEL_MADE for block in kept))


def _asks_again(old: tuple[WireBlock, ...], new: tuple[WireBlock, ...]) -> bool:
    """Say whether a single question comes again, unanswered, with examples in front of it."""
    return len(old) == 1 and old[0].digest == new[-1].digest


def _goes_on(old: tuple[WireBlock, ...], new: tuple[WireBlock, ...]) -> bool:
    """Say whether the newest question of the earlier request is there and has been answered."""
    newest = old[-1]
    if newest.role is not Role.USER:
        return False
    at = next((i for i, block in enumerate(new) if block.digest == newest.digest), len(new))
    return any(block.role is Role.ASSISTANT for block in new[at:])


def _trails(old: tuple[WireBlock, ...], new: tuple[WireBlock, ...]) -> bool:
    """Say whether the earlier request ended in a reminder that now stands behind an answer."""
    if new[0].role is not Role.ASSISTANT or any(block.role in _MODEL_MADE for block in old):
        return False
    return old[-1].digest == new[-1].digest or resembles(old[-1], new[-1])


def _holds_on(old: tuple[WireBlock, ...], new: tuple[WireBlock, ...]) -> bool:
    made = {block.digest for block in old if block.role in _MODEL_MADE}
    return any(block.digest in made for block in new)
