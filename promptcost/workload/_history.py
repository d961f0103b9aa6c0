"""What a conversation has said so far, as links on top of whatever stands before it."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.prompt import Block, BlockDigest, Role, digest

if TYPE_CHECKING:
    from promptcost.model.prompt import Prefix

# Beyond every provider's look-back window: positions further back are never tried one by one.
KEPT_BLOCKS = 40

_EARLIER = digest(b"earlier turns")
_LUMP = Struct("<qqq")  # conversation, first block, block behind the last


class _Told(NamedTuple):
    """The history over a base that returns: the chain with it, and how many blocks it holds."""

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

    __slots__ = ("_blocks", "_common", "_ends", "_key", "_number", "_others", "_until", "tip")

    def __init__(
        self, conversation: int, base: Prefix, number: int, until: int, common: int
    ) -> None:
        self.tip = base  # the chain of the present base with the history on top
        self._key = conversation
        self._number = number
        self._until = until
        self._common = common
        self._blocks: list[Block] = []
        self._ends = [0]  # tokens up to each block
        self._others: dict[int, _Told] = {}

    def move(self, base: Prefix, number: int, until: int, index: int) -> None:
        """Put the history on a base.

        `number` names the base, `until` is the last request of the conversation that has it and
        `index` the present one: a base that does not return is forgotten.
        """
        if number == self._number:
            return
        if self._others:
            self._others = {n: told for n, told in self._others.items() if told.until >= index}
        if self._until >= index:
            self._others[self._number] = _Told(self.tip, len(self._blocks), self._until)
        before = self._others.pop(number, None)
        tip, known = (base, 0) if before is None else (before.tip, before.blocks)
        self.tip = self._grown(tip, known, 0 if until == index else KEPT_BLOCKS)
        self._number, self._until = number, until

    def told(self, tip: Prefix, new: list[Block], index: int) -> None:
        """Note the blocks that a turn added; `tip` is the chain with all but the last of them."""
        self._blocks += new
        for block in new:
            self._ends.append(self._ends[-1] + block.tokens)
        self.tip = tip.extend(new[-1]) if self._until > index else tip

    def _grown(self, tip: Prefix, known: int, single: int) -> Prefix:
        """Return a chain with the blocks it lacks, the last `single` of them one by one."""
        start = max(known, min(self._common, len(self._blocks)))
        cut = max(start, len(self._blocks) - single)
        tip = tip.extend_all(self._blocks[known:start])
        if cut > start:
            tip = tip.extend(self._lump(start, cut))
        return tip.extend_all(self._blocks[cut:])

    def _lump(self, start: int, end: int) -> Block:
        made = BlockDigest(_EARLIER + _LUMP.pack(self._key, start, end))
        tokens = self._ends[end] - self._ends[start]
        return Block(role=Role.USER, digest=made, tokens=tokens, name="earlier turns")
