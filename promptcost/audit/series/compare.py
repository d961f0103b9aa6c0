"""Compares two requests of one program: where they part, why, and what that loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.series.entries import marks_of
from promptcost.audit.series.explain import Explanation, explain, topic_of
from promptcost.audit.series.measure import Lengths, minus
from promptcost.audit.series.overlap import common_behind, common_end
from promptcost.model.count import TokenCount
from promptcost.model.prompt import Role
from promptcost.model.series_report import Relation
from promptcost.rules.requests import Break
from promptcost.wire import (
    Change,
    Difference,
    WireRequest,
    first_difference,
    same_agent,
    shared_blocks,
)

if TYPE_CHECKING:
    from promptcost.audit.series.measure import Gauge
    from promptcost.rules.requests import Terms
    from promptcost.wire import WireBlock

_TEMPLATE = 4_096  # bytes that two questions share only where a program wrote them
_WITHIN = frozenset({Change.REWRITTEN, Change.EXTENDED, Change.KEYS_REORDERED})
_NO_TEXT = frozenset({Change.MODEL, Change.KEYS_REORDERED})
_KEPT = frozenset({Change.APPENDED, Change.SETTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two related requests: the difference, and what they share before it.

    `blocks` leading blocks are equal, `within` are the bytes that the next ones have in common.
    `shared` and `lengths` are tokens of the gauge the pair was compared with.
    """

    relation: Relation
    was: WireRequest
    now: WireRequest
    difference: Difference | None
    blocks: int
    within: bytes
    shared: TokenCount
    lengths: tuple[Lengths, Lengths]

    @property
    def keeps(self) -> bool:
        """Whether the earlier prompt, or between conversations its head, stays a prefix."""
        found = self.difference
        if found is None or found.change in _KEPT:
            return True
        return self.relation is not Relation.TURN and found.block >= self.now.head_depth

    @property
    def bytes_shared(self) -> int:
        """The leading prompt bytes in common."""
        return sum(len(block.data) for block in self.was.blocks[: self.blocks]) + len(self.within)


def compare(relation: Relation, was: WireRequest, now: WireRequest, gauge: Gauge) -> Pair:
    """Return what two requests share."""
    lengths = gauge.lengths(was), gauge.lengths(now)
    difference = first_difference(was, now)
    blocks, within = _shared(was, now, difference)
    return Pair(
        relation=relation,
        was=was,
        now=now,
        difference=difference,
        blocks=blocks,
        within=within,
        shared=shared_tokens(lengths[0], blocks, within, gauge),
        lengths=lengths,
    )


def shared_tokens(lengths: Lengths, blocks: int, within: bytes, gauge: Gauge) -> TokenCount:
    """Return the tokens of equal leading blocks and of the bytes in common behind them."""
    return lengths.upto(blocks) + gauge.text(within) if within else lengths.upto(blocks)


def _shared(was: WireRequest, now: WireRequest, found: Difference | None) -> tuple[int, bytes]:
    blocks = shared_blocks(was, now)
    if found is None or found.change in _KEPT:
        return blocks, b""
    if found.change is Change.MODEL:
        return 0, b""
    size = found.shared_bytes - sum(len(block.data) for block in was.blocks[:blocks])
    return blocks, was.blocks[blocks].data[: max(size, 0)] if size > 0 else b""


def break_of(pair: Pair, readable: int, terms: Terms, gauge: Gauge) -> Break | None:
    """Return where a pair parts and what that loses; None when it does not.

    `readable` is the number of leading blocks that the later request can read from a cache of
    marks.
    """
    found = pair.difference
    if found is None or found.change in _KEPT:
        return None
    if pair.relation is Relation.TURN:
        lost = _lost_in_turn(pair, readable, terms)
    elif found.change is Change.SHORTENED or _is_own(pair.now, found):
        return None
    else:
        lost = _lost_between(pair, found, readable, terms, gauge)
    minimum = terms.minimum
    values, topic = _why(pair, found)
    return Break(
        relation=pair.relation,
        was=pair.was,
        now=pair.now,
        difference=found,
        values=values,
        topic=topic,
        lost=lost,
        before=_before(pair, found, terms),
        behind=minus(pair.lengths[0].total, pair.shared),
        one_agent=same_agent(pair.was, pair.now),
        below_minimum=minimum is not None and pair.lengths[0].total.reaches(minimum) is False,
        in_history=_answered(pair.was, found.block),
        newest=_is_newest(pair, found.block),
    )


def _why(pair: Pair, found: Difference) -> Explanation:
    if found.change in _NO_TEXT:
        return Explanation((), None)
    old, new = _block(pair.was, found.block), _block(pair.now, found.block)
    # A picture that gave way to a word was no value that moved.
    if old is None or new is None or found.change not in _WITHIN or not _are_alike(old, new):
        gone = found.was or found.now
        return Explanation((), topic_of("", gone))
    return explain(_text(old), _text(new))


def _are_alike(old: WireBlock, new: WireBlock) -> bool:
    return (old.kind, old.has_text) == (new.kind, new.has_text)


def _lost_in_turn(pair: Pair, readable: int, terms: Terms) -> TokenCount:
    """Return what the next turn computes again: all that the earlier one could have left behind."""
    was, now = pair.lengths
    marks = marks_of(pair.was, terms)
    if terms.breakpoints is None or not marks.depths:
        return minus(was.total, pair.shared)
    return minus(was.upto(marks.last), now.upto(min(readable, len(pair.now.blocks))))


def _lost_between(
    pair: Pair, found: Difference, readable: int, terms: Terms, gauge: Gauge
) -> TokenCount:
    """Return what two conversations have in common behind the place at which they part.

    A mark in the head that the place makes unreadable loses everything before it.
    """
    again = _again(pair, found, gauge)
    mark = marks_of(pair.now, terms).before(pair.now.head_depth) if terms.breakpoints else 0
    if found.block >= mark:
        return again
    marked = minus(pair.lengths[1].upto(mark), pair.lengths[1].upto(min(readable, mark)))
    return max(again, marked, key=lambda count: count.value)


def _again(pair: Pair, found: Difference, gauge: Gauge) -> TokenCount:
    """Count what stands behind the place in both requests, up to the first answer.

    Answers that both hold in another order are examples.
    """
    total = gauge.zero
    old, new = _block(pair.was, found.block), _block(pair.now, found.block)
    if old is not None and new is not None and found.change in _WITHIN:
        total += gauge.text(_kept(old, new, in_head=found.block < pair.now.head_depth))
    theirs = {block.digest for block in pair.was.blocks[found.block :]}
    for number, block in enumerate(pair.now.blocks[found.block :], start=found.block):
        if block.role is Role.ASSISTANT and found.change is not Change.REORDERED:
            break
        if block.digest in theirs:
            total += minus(pair.lengths[1].upto(number + 1), pair.lengths[1].upto(number))
    return total


def _kept(old: WireBlock, new: WireBlock, *, in_head: bool) -> bytes:
    """Return what two versions of a block share behind the place at which they part.

    Of two questions that is only the end, unless most of both is one long template: retrieved text
    may repeat a passage.
    """
    behind = common_behind(old.data, new.data)
    most = len(behind) * 2 >= max(len(old.data), len(new.data))
    if in_head or (most and len(behind) >= _TEMPLATE):
        return behind
    return new.data[len(new.data) - common_end(old.data, new.data) :]


def _before(pair: Pair, found: Difference, terms: Terms) -> TokenCount:
    """Count from the mark in front of the place to the place."""
    mark = marks_of(pair.now, terms).before(found.block)
    return minus(pair.shared, pair.lengths[1].upto(mark))


def _answered(request: WireRequest, block: int) -> bool:
    """Say whether a block was made by the model or a tool, or has an answer behind it."""
    made = any(own.role is Role.TOOL for own in request.blocks[block : block + 1])
    return made or any(later.role is Role.ASSISTANT for later in request.blocks[block:])


def _is_own(request: WireRequest, found: Difference) -> bool:
    """Say whether a place is in or behind the first answer, where conversations are their own."""
    if found.change is Change.REORDERED:
        return False
    return any(earlier.role is Role.ASSISTANT for earlier in request.blocks[: found.block + 1])


def _is_newest(pair: Pair, block: int) -> bool:
    """Say whether a block asks what is answered next; an answer that both have is a set phrase."""
    later = _block(pair.now, block + 1)
    if later is None or later.role is not Role.ASSISTANT:
        return later is None
    before = _block(pair.was, block + 1)
    return before is None or before.digest != later.digest


def _block(request: WireRequest, index: int) -> WireBlock | None:
    return request.blocks[index] if index < len(request.blocks) else None


def _text(block: WireBlock) -> str:
    return block.data.decode("utf-8", "replace")
