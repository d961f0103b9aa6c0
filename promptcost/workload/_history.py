"""What a conversation has said so far, as links on top of whatever stands before it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.prompt import Block, BlockDigest, Role, digest

if TYPE_CHECKING:
    from promptcost.model.prompt import Prefix

# Beyond every provider's look-back window: positions further back are never tried one by one.
KEPT_BLOCKS = 40


class _Told(NamedTuple):
    """The history over one base: the chain with it, and how many of the blocks it holds."""

    tip: Prefix
    blocks: int
    until: int  # the last request of the conversation over this base


class History:
    """The growing history of one conversation.

    While the text before it stays the same, each turn adds links to one chain.  Over other text the
    chain is made again.  The part of it that was never sent over that text can be in no cache, so
    all of that part but the last blocks, which look-back windows try, is put into a single block;
    and all of it where no later request of the conversation stands over that text.  The first
    `common` blocks, which other conversations can have too, always stay single.
    """

    __slots__ = ("_blocks", "_common", "_ends", "_key", "_now", "_number", "_others")

    def __init__(
        self, conversation: int, base: Prefix, number: int, until: int, common: int
    ) -> None:
        self._common = common
        self._key = conversation.to_bytes(8, "little", signed=True)
        self._blocks: list[Block] = []
        self._ends = [0]  # tokens up to each block
        self._number = number
        self._now = _Told(base, 0, until)
        self._others: dict[int, _Told] = {}

    @property
    def tip(self) -> Prefix:
        """The chain of the present base with the history on top."""
        return self._now.tip

    def move(self, base: Prefix, number: int, until: int, index: int) -> None:
        """Put the history on a base.

        `number` names the base, `until` is the last request of the conversation that has it and
        `index` the present one: a base that does not return is forgotten.
        """
        if number == self._number:
            return
        self._others = {n: told for n, told in self._others.items() if told.until >= index}
        if self._now.until >= index:
            self._others[self._number] = self._now
        before = self._others.pop(number, None)
        tip, known = (base, 0) if before is None else (before.tip, before.blocks)
        single = 0 if until == index else KEPT_BLOCKS
        self._now = _Told(self._grown(tip, known, single), len(self._blocks), until)
        self._number = number

    def told(self, tip: Prefix, new: list[Block], index: int) -> None:
        """Note the blocks that a turn added; `tip` is the chain with all but the last of them."""
        self._blocks += new
        self._ends += [self._ends[-1] + tokens for tokens in accumulate(b.tokens for b in new)]
        until = self._now.until
        self._now = _Told(tip.extend(new[-1]) if until > index else tip, len(self._blocks), until)

    def _grown(self, tip: Prefix, known: int, single: int) -> Prefix:
        """Return a chain with the blocks it lacks, the last `single` of them one by one."""
        start = max(known, min(self._common, len(self._blocks)))
        cut = max(start, len(self._blocks) - single)
        tip = tip.extend_all(self._blocks[known:start])
        if cut > start:
            tip = tip.extend(self._lump(start, cut))
        return tip.extend_all(self._blocks[cut:])

    def _lump(self, start: int, end: int) -> Block:
        span = start.to_bytes(8, "little") + end.to_bytes(8, "little")
        made = BlockDigest(digest(b"earlier turns", self._key, span))
        tokens = self._ends[end] - self._ends[start]
        return Block(role=Role.USER, digest=made, tokens=tokens, name="earlier turns")
