"""Prefixes with an idle lifetime and a highest age, kept as stretches of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.policies._base import CacheEvent, EventKind
from promptcost.policies._forest import Forest, Link, Stretch, links_behind

if TYPE_CHECKING:
    from promptcost.model.prompt import Prefix, PrefixId

_FIRST_SWEEP = 4_096


class _Aged(Link):
    """A kept prefix and when it was computed."""

    __slots__ = ("born_us",)

    def __init__(self, prefix: Prefix, now_us: int) -> None:
        super().__init__(prefix)
        self.born_us = now_us


class _Span(Stretch[_Aged]):
    """Prefixes last used at `used_us`, born from `oldest_us` to `youngest_us`."""

    __slots__ = ("oldest_us", "used_us", "youngest_us")

    def __init__(self, top: PrefixId | None, depth: int, links: list[_Aged], used_us: int) -> None:
        super().__init__(top, depth, links)
        self.used_us = self.oldest_us = self.youngest_us = used_us

    def measure(self) -> None:
        """Note the extreme ages of the links."""
        births = [link.born_us for link in self.links]
        self.oldest_us, self.youngest_us = min(births), max(births)


class AgingForest(Forest[_Span]):
    """What one machine keeps: dropped when unused for `idle_us`, or older than `max_age_us`.

    Both ends count as alive.  A prefix can be read `readable_after_us` after it was computed, and
    only together with every shorter one.
    """

    def __init__(self, idle_us: int, max_age_us: int | None, readable_after_us: int) -> None:
        super().__init__()
        self._idle = idle_us
        self._max_age = max_age_us
        self._readable_after = readable_after_us
        self._sweep_at = _FIRST_SWEEP

    def longest(self, chain: Prefix, now_us: int) -> tuple[Prefix | None, int]:
        """Return the longest kept prefix of a chain, alive or not, and the tokens it can read."""
        known = self.deepest(chain)
        if known is None:
            return None, 0
        found, depth = 0, known.depth
        for span in self.upwards(self.homes[known.id]):
            count = min(depth - span.depth + 1, len(span.links))
            usable = self._usable(span, count, now_us)
            if usable < count:
                found = 0
            if usable and not found:
                found = span.links[usable - 1].tokens
            if found and self._max_age is None and not self._readable_after:
                break  # a use restarts every shorter prefix: all of them are alive
        return known, found

    def use(
        self, chain: Prefix, known: Prefix | None, now_us: int, events: list[CacheEvent]
    ) -> None:
        """Refresh what is kept of a chain and keep the rest of it."""
        if len(self.homes) > self._sweep_at:
            events += self.lapse(now_us)
            known = known if known is None or known.id in self.homes else self.deepest(known)
        last: _Span | None = None
        if known is not None:
            last = self.ending_at(known, _upper)
            for span in self.upwards(last):
                self._renew(span, now_us, events)
            events.append(CacheEvent(EventKind.REFRESH, now_us, known.id, known.tokens))
        behind = links_behind(chain, known)
        if behind:
            self._grow(behind, known, last, now_us)
            events.append(CacheEvent(EventKind.WRITE, now_us, chain.id, chain.tokens))

    def lapse(self, now_us: int) -> list[CacheEvent]:
        """Remove and report every prefix that was not used for too long before `now_us`."""
        events = []
        dead = {span for span in self.homes.values() if span.used_us + self._idle < now_us}
        for span in dead:
            for link in span.links:
                del self.homes[link.prefix]
                events.append(self._end(link, span))
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self.homes))
        return events

    def _usable(self, span: _Span, count: int, now_us: int) -> int:
        """Return how many of the first `count` links can be read, up to the first that cannot."""
        if span.used_us + self._idle < now_us:
            return 0
        oldest = now_us if self._max_age is None else span.oldest_us + self._max_age
        if oldest >= now_us and span.youngest_us + self._readable_after <= now_us:
            return count
        bad = (
            place
            for place, link in enumerate(span.links[:count])
            if self._is_over(link, now_us) or link.born_us + self._readable_after > now_us
        )
        return next(bad, count)

    def _is_over(self, link: _Aged, now_us: int) -> bool:
        return self._max_age is not None and link.born_us + self._max_age < now_us

    def _renew(self, span: _Span, now_us: int, events: list[CacheEvent]) -> None:
        """Restart the idle time of a span; compute again what had lapsed."""
        unused = span.used_us + self._idle < now_us
        if unused or self._is_over_somewhere(span, now_us):
            for link in span.links:
                if unused or self._is_over(link, now_us):
                    events.append(self._end(link, span))
                    link.born_us = now_us
            span.measure()
        span.used_us = now_us

    def _is_over_somewhere(self, span: _Span, now_us: int) -> bool:
        return self._max_age is not None and span.oldest_us + self._max_age < now_us

    def _grow(
        self, behind: list[Prefix], known: Prefix | None, last: _Span | None, now_us: int
    ) -> None:
        links = [_Aged(prefix, now_us) for prefix in behind]
        if last is None or last.forked:
            top = None if known is None else known.id
            last = _Span(top, behind[0].depth, links[:1], now_us)
            self.homes[links[0].prefix] = last
            links = links[1:]
        last.youngest_us = now_us
        self.add(last, links)

    def _end(self, link: _Aged, span: _Span) -> CacheEvent:
        ends = span.used_us + self._idle
        if self._max_age is not None:
            ends = min(ends, link.born_us + self._max_age)
        return CacheEvent(EventKind.EXPIRE, ends, link.prefix, link.tokens)


def _upper(span: _Span, count: int) -> _Span:
    made = _Span(span.top, span.depth, span.links[:count], span.used_us)
    made.forked = True
    made.measure()
    return made
