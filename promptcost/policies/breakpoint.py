"""Entries exist only where the caller, or the provider, marks the end of a prefix.

Rules (Anthropic prompt caching, also OpenAI from GPT-5.6, Qwen and MiniMax explicit, Amazon Nova):
a look-up starts at each mark, latest first, and walks back one position (block) at a time through
a window that includes the mark itself; the longest live entry is read; everything from there to
the last mark is written, each stretch for the lifetime of the mark that closes it; the rest is
input.  With every long lifetime before every short one, as the provider demands, that is
``A*read + (B-A)*write_long + (C-B)*write_short + (T-C)*input``.
A use restarts the clock of the entry read and of the entries at marks before it, each for the
lifetime it was written with, counted from the start of the request.
An entry can be read once the first response that wrote it begins; until then everybody pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.prompt import Breakpoint
from promptcost.model.usage import Usage
from promptcost.policies._base import (
    CacheEvent,
    Charge,
    Closing,
    EventKind,
    ShortfallLog,
    micros,
)
from promptcost.policies._store import Entry, Store, expiry

if TYPE_CHECKING:
    from datetime import timedelta

    from promptcost.catalogue.spec import BreakpointSpec
    from promptcost.model.prompt import Prefix, Request

AUTOMATIC = "end of request"


class BreakpointMatch(NamedTuple):
    """The marks that count, earliest first, and the longest live entry within their windows."""

    marks: tuple[Breakpoint, ...]
    hit: Prefix | None


class BreakpointPolicy:
    """The cache of one model: see the module for its rules."""

    def __init__(self, spec: BreakpointSpec) -> None:
        self._ttl = spec.ttl.value
        self._lifetimes: dict[timedelta, int] = {}
        self._minimum = spec.min_tokens.value
        self._most = spec.max_breakpoints.value
        self._window = spec.lookback.value
        self._refreshed = spec.refreshed_by_use.value
        self._readable_after = micros(spec.readable_after.value)
        self._automatic = spec.automatic_tail.value
        self._write_is_input = spec.writes_billed_as_input.value
        self._entries = Store()
        self.shortfalls = ShortfallLog()

    def find(self, request: Request, now_us: int) -> BreakpointMatch:
        """Walk back from each mark, latest first, and stop at the first live entry."""
        marks = self._marks(request)
        get, window = self._entries.get, self._window
        link: Prefix | None = None
        for mark in reversed(marks):
            start = mark.prefix
            # windows overlap: positions behind a later mark have been tried already
            if link is None or start.depth < link.depth:
                link = start
            bottom = start.depth - window
            while link.depth > bottom and link.parent is not None:
                entry = get(link.id)
                if entry is not None and entry.readable_us <= now_us <= entry.expires_us:
                    return BreakpointMatch(marks, link)
                link = link.parent
        return BreakpointMatch(marks, None)

    def commit(self, request: Request, match: BreakpointMatch) -> tuple[CacheEvent, ...]:
        """Refresh what was read, write the marks behind it."""
        now, hit = request.time_us, match.hit
        entries = self._entries
        events = entries.lapse(now) if len(entries) > entries.sweep_at else []
        depth = 0
        if hit is None:
            whole = request.prefix
            events.append(CacheEvent(EventKind.MISS, now, whole.id, whole.tokens))
        else:
            depth = hit.depth
            events.append(CacheEvent(EventKind.HIT, now, hit.id, hit.tokens))
            self._refresh(hit, now, events)
        for mark in match.marks:
            if mark.prefix.tokens < self._minimum:
                self.shortfalls.note(mark.name, mark.prefix.tokens)
            elif mark.prefix.depth > depth:
                self._write(mark, now, events)
            elif mark.prefix.depth < depth:
                self._refresh(mark.prefix, now, events)
        return tuple(events)

    def charge(self, request: Request, match: BreakpointMatch) -> Charge:
        """Bill the read, the stretches up to the last mark that meets the minimum, the rest."""
        total = request.prefix.tokens
        read = done = 0 if match.hit is None else match.hit.tokens
        if self._write_is_input:
            return Charge(read, total - read)
        writes = []
        for mark in match.marks:
            tokens = mark.prefix.tokens
            if tokens > done and tokens >= self._minimum:
                writes.append((mark.ttl or self._ttl, tokens - done))
                done = tokens
        return Charge(read, total - done, tuple(writes))

    def finish(self, end_us: int) -> Closing:
        """Report what has lapsed; keeping entries costs nothing."""
        return Closing(Usage(), tuple(self._entries.lapse(end_us)))

    def _marks(self, request: Request) -> tuple[Breakpoint, ...]:
        """Return the marks that count: at most the provider's limit, the latest ones."""
        marks = request.breakpoints
        if self._automatic and not (marks and marks[-1].prefix.depth == request.prefix.depth):
            marks = (*marks, Breakpoint(prefix=request.prefix, name=AUTOMATIC))
        return marks[-self._most :]

    def _refresh(self, prefix: Prefix, now_us: int, events: list[CacheEvent]) -> None:
        entry = self._entries.get(prefix.id)
        if self._refreshed and entry is not None and entry.expires_us >= now_us:
            entry.expires_us = now_us + entry.ttl_us
            events.append(CacheEvent(EventKind.REFRESH, now_us, prefix.id, prefix.tokens))

    def _write(self, mark: Breakpoint, now_us: int, events: list[CacheEvent]) -> None:
        prefix, ttl_us = mark.prefix, self._lifetime(mark.ttl or self._ttl)
        entry = self._entries.get(prefix.id)
        if entry is not None and entry.expires_us < now_us:
            events.append(expiry(prefix.id, entry))
            entry = None
        if entry is None:
            made = Entry(now_us, ttl_us, self._readable_after, prefix.tokens)
            self._entries[prefix.id] = made
        elif self._refreshed:
            # still in flight: the first response opens it, the last writer sets its end
            entry.expires_us = max(entry.expires_us, now_us + ttl_us)
        events.append(CacheEvent(EventKind.WRITE, now_us, prefix.id, prefix.tokens))

    def _lifetime(self, ttl: timedelta) -> int:
        found = self._lifetimes.get(ttl)
        if found is None:
            found = self._lifetimes[ttl] = micros(ttl)
        return found
