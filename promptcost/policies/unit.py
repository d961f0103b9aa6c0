"""Persisted units that must match whole: the disk cache of DeepSeek.

Rules (DeepSeek context caching guide): a unit is persisted at the end of the user's input and at
the end of the output; when two requests share a longer prefix than any unit, the shared prefix
becomes a unit, so it is first readable on the third request.  Building takes a while; unused units
are dropped.  The output's unit is recognised as the assistant block that follows a unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.prompt import Role
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
from promptcost.policies.increment import WHOLE_PROMPT

if TYPE_CHECKING:
    from promptcost.catalogue.spec import UnitSpec
    from promptcost.model.prompt import Prefix, Request


class UnitMatch(NamedTuple):
    """The tokens read, the unit they belong to, and the longest prefix seen before."""

    tokens: int
    unit: Prefix | None
    shared: Prefix | None


class UnitPolicy:
    """The cache of one model: see the module for its rules."""

    def __init__(self, spec: UnitSpec) -> None:
        self._minimum = spec.min_tokens.value
        self._step = spec.step.value
        self._idle = micros(spec.idle_ttl.value)
        self._readable_after = micros(spec.readable_after.value)
        self._units = Store()
        self._seen = Store()
        self.shortfalls = ShortfallLog()

    def find(self, request: Request, now_us: int) -> UnitMatch:
        """Return the longest live unit that is a prefix of the request, and the longest seen."""
        shared: Prefix | None = None
        after: Prefix | None = None
        link = request.prefix
        while link.parent is not None:
            if shared is None and _lives(self._seen.get(link.id), now_us):
                shared = link
            if _lives(self._units.get(link.id), now_us):
                unit = after if after is not None and _is_output(after) else link
                tokens = unit.tokens - unit.tokens % self._step
                return UnitMatch(tokens if tokens >= self._minimum else 0, unit, shared)
            after, link = link, link.parent
        return UnitMatch(0, None, shared)

    def commit(self, request: Request, match: UnitMatch) -> tuple[CacheEvent, ...]:
        """Persist the end of the input and a newly detected common prefix; refresh the unit."""
        now, whole = request.time_us, request.prefix
        kind = EventKind.HIT if match.tokens else EventKind.MISS
        found = match.unit if match.tokens and match.unit is not None else whole
        events = [CacheEvent(kind, now, found.id, match.tokens or whole.tokens)]
        for store in (self._units, self._seen):
            lapsed = store.lapse(now) if len(store) > store.sweep_at else []
            events += lapsed if store is self._units else []
        if whole.tokens < self._minimum:
            self.shortfalls.note(WHOLE_PROMPT, whole.tokens)
        for prefix in {whole, match.shared or whole, match.unit or whole}:
            self._persist(prefix, now, events)
        for link in whole.chain():
            self._seen[link.id] = Entry(now, self._idle, 0, link.tokens)
        return tuple(events)

    def charge(self, request: Request, match: UnitMatch) -> Charge:
        """Bill the unit as read, the rest as input."""
        return Charge(match.tokens, request.prefix.tokens - match.tokens)

    def finish(self, end_us: int) -> Closing:
        """Report what has lapsed; keeping units costs nothing."""
        return Closing(Usage(), tuple(self._units.lapse(end_us)))

    def _persist(self, prefix: Prefix, now_us: int, events: list[CacheEvent]) -> None:
        entry = self._units.get(prefix.id)
        if entry is not None and entry.expires_us < now_us:
            events.append(expiry(prefix.id, entry))
            entry = None
        if entry is None:
            made = Entry(now_us, self._idle, self._readable_after, prefix.tokens)
            self._units[prefix.id] = made
            events.append(CacheEvent(EventKind.WRITE, now_us, prefix.id, prefix.tokens))
        else:
            entry.expires_us = now_us + self._idle
            events.append(CacheEvent(EventKind.REFRESH, now_us, prefix.id, prefix.tokens))


def _lives(entry: Entry | None, now_us: int) -> bool:
    return entry is not None and entry.readable_us <= now_us <= entry.expires_us


def _is_output(prefix: Prefix) -> bool:
    return prefix.block is not None and prefix.block.role is Role.ASSISTANT
