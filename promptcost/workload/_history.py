"""What a conversation has said so far, as links on top of whatever stands before it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.prompt import Block, BlockDigest, Role, digest

if TYPE_CHECKING:
    from promptcost.model.prompt import Prefix

# Beyond every provider's look-back window: positions further back are never tried one by one.
KEPT_BLOCKS = 40


class _Told(NamedTuple):
    """The history over one base: the chain before it, the chain with it, its number of blocks."""

    base: Prefix
    tip: Prefix
    blocks: int
    until: int  # the last request that has this base


class History:
    """The growing history of one conversation.

    While the text before it stays the same, each turn adds links to one chain.  Over other text the
    chain is made again.  The part of it that was never sent over that text can be in no cache, so
    all of that part but the last blocks, which look-back windows try, is put into a single block.
    """

    __slots__ = ("_key", "_now", "_number", "_others")

    def __init__(self, conversation: int, base: Prefix, number: int, until: int) -> None:
        self._key = conversation.to_bytes(8, "little", signed=True)
        self._number = number
        self._now = _Told(base, base, 0, until)
        self._others: dict[int, _Told] = {}

    @property
    def tip(self) -> Prefix:
        """The chain of the present base with the history on top."""
        return self._now.tip

    def move(self, base: Prefix, number: int, until: int, index: int) -> None:
        """Put the history on a base.

        `number` names the base among all of the stream, `until` is the last request that has it
        and `index` the present one: a base that does not return is forgotten.
        """
        if number == self._number:
            return
        now = self._now
        self._others = {n: told for n, told in self._others.items() if told.until >= index}
        if now.until >= index:
            self._others[self._number] = now
        before = self._others.pop(number, None) or _Told(base, base, 0, until)
        self._now = _Told(base, self._moved(now, before), now.blocks, until)
        self._number = number

    def told(self, tip: Prefix, more: int) -> None:
        """Note what the turn added: the chain is `tip` and has `more` blocks more than before."""
        base, _, blocks, until = self._now
        self._now = _Told(base, tip, blocks + more, until)

    def _moved(self, now: _Told, before: _Told) -> Prefix:
        missing = now.blocks - before.blocks
        links = islice(now.tip.chain(), min(missing, KEPT_BLOCKS))
        recent = [link.block for link in links if link.block is not None][::-1]
        older = missing - len(recent)
        if not older:
            return before.tip.extend_all(recent)
        tokens = now.tip.tokens - now.base.tokens - sum(block.tokens for block in recent)
        known = before.tip.tokens - before.base.tokens
        return before.tip.extend_all([self._lump(before.blocks, older, tokens - known), *recent])

    def _lump(self, start: int, blocks: int, tokens: int) -> Block:
        span = start.to_bytes(8, "little") + blocks.to_bytes(8, "little")
        made = BlockDigest(digest(b"earlier turns", self._key, span))
        return Block(role=Role.USER, digest=made, tokens=tokens, name="earlier turns")
