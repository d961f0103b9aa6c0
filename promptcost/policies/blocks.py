"""Fixed-size blocks in a finite pool: the prefix cache of vLLM and its relatives.

Rules (vLLM v1 block pool): only full blocks are cached; a request hits the leading run of its
blocks, never the one with its last token, which is always computed.  Hits leave the free queue
first; the other blocks, one for a partial tail included, come off the front of the queue and lose
what they held.  When the request ends its blocks join the back of the queue, tail first, and the
partial block joins the front.  A block computed again although it is cached becomes a second copy,
of which only the newer one counts from then on.
A request that needs more blocks than the pool has is refused and changes nothing.

Requests run one after another and only prompts are cached.  The queue holds runs of blocks that
were last used together, so a request does not cost as many steps as it has blocks.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.usage import Usage
from promptcost.policies._base import CacheEvent, Charge, Closing, EventKind, Shortfall
from promptcost.policies._forest import Forest, Link, Stretch, links_behind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.catalogue.spec import BlocksSpec
    from promptcost.model.prompt import Prefix, PrefixId, Request


class BlocksMatch(NamedTuple):
    """The longest prefix of which blocks are cached, and how many blocks are hit."""

    known: Prefix | None
    blocks: int


class _Run(Stretch[Link]):
    """Blocks from number `start` to before `end` of a chain, together in the queue, tail first.

    `spare` blocks in front of them hold old copies that no request will hit again.
    """

    __slots__ = ("end", "spare", "start")

    def __init__(
        self, top: PrefixId | None, depth: int, links: list[Link], start: int, end: int
    ) -> None:
        super().__init__(top, depth, links)
        self.start = start
        self.end = end
        self.spare = 0

    @property
    def blocks(self) -> int:
        """How many blocks lie here."""
        return self.end - self.start + self.spare


class BlocksPolicy:
    """The pool of one server: see the module for its rules."""

    shortfalls: Mapping[str, Shortfall] = MappingProxyType({})

    def __init__(self, spec: BlocksSpec) -> None:
        self._size = spec.block_tokens.value
        tokens = spec.capacity_tokens.value
        self._capacity = sys.maxsize if tokens is None else tokens // self._size
        self._blank = self._capacity
        self._queue: OrderedDict[_Run, None] = OrderedDict()
        self._forest: Forest[_Run] = Forest()

    def find(self, request: Request, now_us: int) -> BlocksMatch:
        """Count the leading blocks that are cached, the block of the last token excepted."""
        del now_us
        whole = request.prefix
        known = self._forest.deepest(whole)
        if known is None:
            return BlocksMatch(None, 0)
        held = self._forest.homes[known.id].end
        most = max(whole.tokens - 1, 0) // self._size
        return BlocksMatch(known, min(held, known.tokens // self._size, most))

    def commit(self, request: Request, match: BlocksMatch) -> tuple[CacheEvent, ...]:
        """Pin the hits, take the other blocks from the queue, give all back in order."""
        now, whole = request.time_us, request.prefix
        needed = -(-whole.tokens // self._size)
        if needed > self._capacity:
            return (CacheEvent(EventKind.REFUSE, now, whole.id, whole.tokens),)
        hit, full = match.blocks, whole.tokens // self._size
        kind = EventKind.HIT if hit else EventKind.MISS
        events = [CacheEvent(kind, now, whole.id, (hit or needed) * self._size)]
        runs = self._pin(match)
        self._take(needed - hit, now, events)
        self._give_back(whole, match.known, runs)
        self._blank += needed - full
        if full > hit:
            events.append(CacheEvent(EventKind.WRITE, now, whole.id, (full - hit) * self._size))
        return tuple(events)

    def charge(self, request: Request, match: BlocksMatch) -> Charge:
        """Bill the blocks hit as read, the rest as input."""
        if -(-request.prefix.tokens // self._size) > self._capacity:
            return Charge(0, request.prefix.tokens)
        read = match.blocks * self._size
        return Charge(read, request.prefix.tokens - read)

    def finish(self, end_us: int) -> Closing:
        """Owe nothing: blocks do not lapse and memory is paid with the server."""
        del end_us
        return Closing(Usage(), ())

    def _pin(self, match: BlocksMatch) -> list[_Run]:
        """Take the hits out of the queue; return their runs, the deepest first."""
        known = match.known
        if known is None:
            return []
        home = self._forest.homes[known.id]
        count = known.depth - home.depth + 1
        ends = known.tokens // self._size
        if match.blocks < min(home.end, ends):
            # the last token's block is computed again: the cached copy stays where it is
            last = self._forest.cut(home, count, self._upper)
            home.spare += 1
        elif count < len(home.links):
            last = self._forest.cut(home, count, self._upper)
        else:
            last = self._taken(home)
        runs = list(self._forest.upwards(last))
        return [last, *(self._taken(run) for run in runs[1:])]

    def _taken(self, run: _Run) -> _Run:
        """Take a whole run out of the queue; its spare blocks stay."""
        if run.spare:
            return self._forest.cut(run, len(run.links), self._upper)
        del self._queue[run]
        return run

    def _upper(self, home: _Run, count: int) -> _Run:
        links = home.links[:count]
        end = links[-1].tokens // self._size
        made = _Run(home.top, home.depth, links, home.start, min(end, home.end))
        made.forked = home.forked or count < len(home.links)
        home.start = made.end
        return made

    def _take(self, blocks: int, now_us: int, events: list[CacheEvent]) -> None:
        """Take blocks off the front of the queue, blank ones first, then the longest unused."""
        blank = min(blocks, self._blank)
        self._blank -= blank
        left = blocks - blank
        while left:
            run = next(iter(self._queue))
            named = run.links[-1].prefix if run.links else run.top
            out = min(left, run.blocks)
            left -= out
            of_chain = min(out, run.end - run.start)
            run.spare -= out - of_chain
            self._shorten(run, of_chain)
            if out and named is not None:
                events.append(CacheEvent(EventKind.EVICT, now_us, named, out * self._size))
            if not run.blocks:
                del self._queue[run]

    def _shorten(self, run: _Run, blocks: int) -> None:
        """Take blocks off the tail of a run and forget the links that have none left."""
        run.end -= blocks
        links = run.links
        while links and self._begins(run, len(links) - 1) >= run.end:
            self._forest.forget_last(run)

    def _begins(self, run: _Run, index: int) -> int:
        return run.links[index - 1].tokens // self._size if index else run.start

    def _give_back(self, whole: Prefix, known: Prefix | None, runs: list[_Run]) -> None:
        """Put every full block of the request at the back of the queue, the deepest first."""
        behind = links_behind(whole, known)
        start = 0 if known is None else known.tokens // self._size
        if runs:
            runs[0].end = start
        if behind:
            last = runs[0] if runs and not runs[0].forked else None
            if last is None:
                top = None if known is None else known.id
                last = _Run(top, behind[0].depth, [], start, start)
                runs.insert(0, last)
            self._forest.add(last, [Link(prefix) for prefix in behind])
            last.end = whole.tokens // self._size
        for run in runs:
            self._queue[run] = None
