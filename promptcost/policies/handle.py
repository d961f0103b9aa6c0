"""A named cache object the caller creates: Gemini explicit caching.

Rules (Gemini API and Vertex AI context caching): creating the object costs the input price of its
tokens, keeping it costs rent per token and hour until it expires, a request that names it reads
those tokens at the cached rate.  An object holds the longest marked prefix that meets the minimum;
objects cannot be chained.  It expires at a fixed time, or later when each use moves the expiry.
The caller creates the object when it is missing, waits for it, and uses it at once; requests that
arrive while it is being made go without and do not make a second one.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, assert_never

from promptcost.model.usage import CACHE_STORAGE, Usage
from promptcost.policies._base import (
    CacheEvent,
    Charge,
    Closing,
    EventKind,
    ShortfallLog,
    micros,
)
from promptcost.policies._store import Entry, expiry

if TYPE_CHECKING:
    from promptcost.catalogue.spec import HandleSpec
    from promptcost.model.prompt import Breakpoint, Prefix, PrefixId, Request

_SECOND_US = 1_000_000


class Outcome(Enum):
    """What a request does with its object."""

    READ = auto()
    CREATE = auto()
    GO_WITHOUT = auto()


class HandleMatch(NamedTuple):
    """The mark of the object, None when nothing can be cached, and what to do with it."""

    mark: Breakpoint | None
    outcome: Outcome


class HandlePolicy:
    """The cache objects of one model: see the module for its rules."""

    def __init__(self, spec: HandleSpec) -> None:
        self._ttl = spec.ttl.value
        self._minimum = spec.min_tokens.value
        self._extended = spec.extended_by_use.value
        self._readable_after = micros(spec.readable_after.value)
        self._objects: dict[PrefixId, Entry] = {}
        self._rent = 0
        self.shortfalls = ShortfallLog()

    def find(self, request: Request, now_us: int) -> HandleMatch:
        """Look for the object of the longest marked prefix that may be cached."""
        marks = [one for one in request.breakpoints if one.prefix.tokens >= self._minimum]
        if not marks:
            return HandleMatch(None, Outcome.GO_WITHOUT)
        entry = self._objects.get(marks[-1].prefix.id)
        if entry is None or entry.expires_us < now_us:
            return HandleMatch(marks[-1], Outcome.CREATE)
        is_made = entry.readable_us <= now_us
        return HandleMatch(marks[-1], Outcome.READ if is_made else Outcome.GO_WITHOUT)

    def commit(self, request: Request, match: HandleMatch) -> tuple[CacheEvent, ...]:
        """Create, extend, or leave the object; rent of an expired one becomes due."""
        now, whole = request.time_us, request.prefix
        for one in request.breakpoints:
            if one.prefix.tokens < self._minimum:
                self.shortfalls.note(one.name, one.prefix.tokens)
        if match.mark is None:
            return (CacheEvent(EventKind.MISS, now, whole.id, whole.tokens),)
        prefix = match.mark.prefix
        match match.outcome:
            case Outcome.READ:
                return self._read(prefix, now)
            case Outcome.CREATE:
                return self._create(match.mark, now)
            case Outcome.GO_WITHOUT:
                return (CacheEvent(EventKind.MISS, now, prefix.id, prefix.tokens),)
            case _:
                assert_never(match.outcome)

    def charge(self, request: Request, match: HandleMatch) -> Charge:
        """Bill the object's tokens as read; the creation of a new one is input on top."""
        total = request.prefix.tokens
        if match.mark is None or match.outcome is Outcome.GO_WITHOUT:
            return Charge(0, total)
        held = match.mark.prefix.tokens
        created = held if match.outcome is Outcome.CREATE else 0
        return Charge(held, total - held + created)

    def finish(self, end_us: int) -> Closing:
        """Return the rent in token-seconds: of expired objects whole, of live ones to the end."""
        events = []
        for key, entry in self._objects.items():
            self._settle(entry, end_us)
            if entry.expires_us < end_us:
                events.append(expiry(key, entry))
        self._objects.clear()
        rent = (self._rent + _SECOND_US // 2) // _SECOND_US
        return Closing(Usage({CACHE_STORAGE: rent}), tuple(events))

    def _read(self, prefix: Prefix, now_us: int) -> tuple[CacheEvent, ...]:
        hit = CacheEvent(EventKind.HIT, now_us, prefix.id, prefix.tokens)
        if not self._extended:
            return (hit,)
        entry = self._objects[prefix.id]
        entry.expires_us = now_us + entry.ttl_us
        return (hit, CacheEvent(EventKind.REFRESH, now_us, prefix.id, prefix.tokens))

    def _create(self, mark: Breakpoint, now_us: int) -> tuple[CacheEvent, ...]:
        prefix = mark.prefix
        made = (
            CacheEvent(EventKind.MISS, now_us, prefix.id, prefix.tokens),
            CacheEvent(EventKind.WRITE, now_us, prefix.id, prefix.tokens),
        )
        old = self._objects.get(prefix.id)
        ttl_us = micros(mark.ttl or self._ttl)
        self._objects[prefix.id] = Entry(now_us, ttl_us, self._readable_after, prefix.tokens)
        if old is None:
            return made
        self._settle(old, now_us)
        return (expiry(prefix.id, old), *made)

    def _settle(self, entry: Entry, now_us: int) -> None:
        """Add the rent of an object from its creation to its expiry or now."""
        self._rent += entry.tokens * (min(entry.expires_us, now_us) - entry.born_us)
