"""Counts the tokens of leading blocks; what requests repeat is counted once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.count import CountMethod, TokenCount

if TYPE_CHECKING:
    from promptcost.model.prompt import BlockDigest
    from promptcost.tokens import TokenCounter
    from promptcost.wire import WireBlock, WireRequest

_KEPT = 4_096  # counts of blocks kept in mind


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of the leading blocks of one request: value, low and high after each block."""

    sums: tuple[tuple[int, int, int], ...]
    method: CountMethod
    tokenizer: str

    def upto(self, blocks: int) -> TokenCount:
        """Return the tokens of so many leading blocks."""
        value, low, high = self.sums[blocks]
        return TokenCount(
            value=value, low=low, high=high, method=self.method, tokenizer=self.tokenizer
        )

    @property
    def total(self) -> TokenCount:
        """The tokens of all blocks."""
        return self.upto(len(self.sums) - 1)


class Gauge:
    """Counts with one tokenizer."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self._known: OrderedDict[BlockDigest, TokenCount] = OrderedDict()
        self.zero = counter.count("")

    def lengths(self, request: WireRequest) -> Lengths:
        """Return the tokens of the leading blocks of a request."""
        value = low = high = 0
        sums = [(0, 0, 0)]
        for block in request.blocks:
            count = self._block(block)
            value, low, high = value + count.value, low + count.low, high + count.high
            sums.append((value, low, high))
        return Lengths(tuple(sums), self.zero.method, self._counter.tokenizer)

    def text(self, data: bytes) -> TokenCount:
        """Return the tokens of prompt bytes."""
        return self._counter.count(data.decode("utf-8", "replace"))

    def _block(self, block: WireBlock) -> TokenCount:
        known = self._known.get(block.digest)
        if known is None:
            known = self._known[block.digest] = self.text(block.data)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(block.digest)
        return known


def minus(count: TokenCount, other: TokenCount) -> TokenCount:
    """Return the tokens that `count` has more than a part of it; nothing when it has fewer."""
    value = max(count.value - other.value, 0)
    low = min(max(count.low - other.low, 0), value)
    high = max(count.high - other.high, value)
    return TokenCount(
        value=value, low=low, high=high, method=count.method, tokenizer=count.tokenizer
    )


def mean(total: TokenCount, number: int) -> TokenCount:
    """Return the average of counts that add up to `total`, rounded down."""
    return TokenCount(
        value=total.value // number,
        low=total.low // number,
        high=total.high // number,
        method=total.method,
        tokenizer=total.tokenizer,
    )
