"""Fixed-size blocks in a finite pool: the prefix cache of vLLM and its relatives.

Rules (vLLM v1 block pool): only full blocks are cached; a request hits the leading run of its
blocks, never the one with its last token, which is always computed.  Hits leave the free queue
first; the other blocks, one for a partial tail included, come off the front of the queue and lose
what they held.  When the request ends its blocks join the back of the queue, tail first, and the
partial block joins the front.  A block computed again although a copy exists becomes a second copy.
A request that needs more blocks than the pool has is refused and changes nothing.

Requests run one after another and only prompts are cached.  The queue holds runs of blocks, one per
block of the prompt's chain, so a request costs as many steps as its chain is deep.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.usage import Usage
from promptcost.policies._base import CacheEvent, Charge, Closing, EventKind, Shortfall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.catalogue.spec import BlocksSpec
    from promptcost.model.prompt import Prefix, PrefixId, Request


class Segment(NamedTuple):
    """The full blocks that end inside one link of a chain.

    The block that ends exactly with the link is a segment of its own (`closes`): it alone can be
    computed again while a copy of it is cached.
    """

    prefix: PrefixId
    closes: bool
    blocks: int


class BlocksMatch(NamedTuple):
    """The segments of a request, root first, and how many blocks of each are hit."""

    segments: list[Segment]
    hits: list[int]

    @property
    def blocks(self) -> int:
        """The blocks hit in all."""
        return sum(self.hits)


class _Run:
    """Blocks of one segment that lie together in the free queue, tail first."""

    __slots__ = ("blocks", "segment")

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.blocks = segment.blocks


class BlocksPolicy:
    """The pool of one server: see the module for its rules."""

    shortfalls: Mapping[str, Shortfall] = MappingProxyType({})

    def __init__(self, spec: BlocksSpec) -> None:
        self._size = spec.block_tokens.value
        tokens = spec.capacity_tokens.value
        self._capacity = sys.maxsize if tokens is None else tokens // self._size
        self._blank = self._capacity
        self._queue: OrderedDict[_Run, None] = OrderedDict()
        self._copies: dict[Segment, list[_Run]] = {}

    def find(self, request: Request, now_us: int) -> BlocksMatch:
        """Count the leading blocks that are cached, the block of the last token excepted."""
        del now_us
        segments = self._segments(request.prefix)
        left = max(request.prefix.tokens - 1, 0) // self._size
        hits = []
        for segment in segments:
            copies = self._copies.get(segment)
            hit = min(copies[0].blocks, left) if copies else 0
            left -= hit
            hits.append(hit)
            if hit < segment.blocks:
                break
        return BlocksMatch(segments, hits)

    def commit(self, request: Request, match: BlocksMatch) -> tuple[CacheEvent, ...]:
        """Pin the hits, take the other blocks from the queue, give all back in order."""
        now, whole = request.time_us, request.prefix
        needed = -(-whole.tokens // self._size)
        if needed > self._capacity:
            return (CacheEvent(EventKind.REFUSE, now, whole.id, whole.tokens),)
        found = match.blocks
        kind = EventKind.HIT if found else EventKind.MISS
        events = [CacheEvent(kind, now, whole.id, (found or needed) * self._size)]
        runs = self._pin(match)
        self._take(needed - found, now, events)
        self._give_back(match.segments, runs)
        self._blank += 1 if whole.tokens % self._size else 0
        written = whole.tokens // self._size - found
        if written:
            events.append(CacheEvent(EventKind.WRITE, now, whole.id, written * self._size))
        return tuple(events)

    def charge(self, request: Request, match: BlocksMatch) -> Charge:
        """Bill the blocks hit as read, the rest as input."""
        read = match.blocks * self._size
        return Charge(read, request.prefix.tokens - read)

    def finish(self, end_us: int) -> Closing:
        """Owe nothing: blocks do not lapse and memory is paid with the server."""
        del end_us
        return Closing(Usage(), ())

    def _segments(self, prefix: Prefix) -> list[Segment]:
        segments: list[Segment] = []
        link = prefix
        while link.parent is not None:
            end, over = divmod(link.tokens, self._size)
            count = end - link.parent.tokens // self._size
            if count and not over:
                segments.append(Segment(link.id, True, 1))  # noqa: FBT003 - a field, not a switch
                count -= 1
            if count:
                segments.append(Segment(link.id, False, count))  # noqa: FBT003 - the same
            link = link.parent
        segments.reverse()
        return segments

    def _pin(self, match: BlocksMatch) -> list[_Run]:
        """Take the hits out of the queue."""
        runs = []
        for segment, hit in zip(match.segments, match.hits, strict=False):
            if hit:
                run = self._copies[segment][0]
                del self._queue[run]
                runs.append(run)
        return runs

    def _take(self, blocks: int, now_us: int, events: list[CacheEvent]) -> None:
        """Take blocks off the front of the queue, blank ones first, then the longest unused."""
        blank = min(blocks, self._blank)
        self._blank -= blank
        left = blocks - blank
        while left:
            run = next(iter(self._queue))
            out = min(left, run.blocks)
            left -= out
            run.blocks -= out
            prefix = run.segment.prefix
            events.append(CacheEvent(EventKind.EVICT, now_us, prefix, out * self._size))
            if not run.blocks:
                self._drop(run)

    def _drop(self, run: _Run) -> None:
        del self._queue[run]
        copies = self._copies[run.segment]
        copies.remove(run)
        if not copies:
            del self._copies[run.segment]

    def _give_back(self, segments: list[Segment], runs: list[_Run]) -> None:
        """Put every full block of the request at the back of the queue, the deepest first."""
        for segment in segments[len(runs) :]:
            run = _Run(segment)
            self._copies.setdefault(segment, []).append(run)
            runs.append(run)
        for run in reversed(runs):
            run.blocks = run.segment.blocks
            self._queue[run] = None
