"""The provider finds the longest common prefix by itself and counts it in steps.

Rules (OpenAI before GPT-5.6, xAI, Mistral, Groq, Gemini implicit and the like): a request reads the
longest prefix it shares with an earlier one, rounded down to the step, when that reaches the
minimum; a prefix is dropped after an idle time, and at an absolute age where the provider has one.
Sharing is counted in whole blocks of the prompt: two blocks that differ anywhere share nothing.

A key (first block of the chain) is served by one machine up to a number of requests per minute;
what exceeds it in a calendar minute goes to the next machine, which has a cache of its own.  With a
placement probability below 1 a request may also land on a machine that knows nothing: it reads
nothing and leaves the caches as they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptcost.model.usage import Usage
from promptcost.policies._base import (
    CacheEvent,
    Charge,
    Closing,
    EventKind,
    Random,
    ShortfallLog,
    micros,
)
from promptcost.policies._store import Entry, Store, expiry

if TYPE_CHECKING:
    from promptcost.catalogue.spec import IncrementSpec
    from promptcost.model.prompt import Prefix, PrefixId, Request

WHOLE_PROMPT = "whole prompt"

_MINUTE_US = 60_000_000
_ELSEWHERE = -1


class IncrementMatch(NamedTuple):
    """The tokens read, the chain they belong to, and the machine; negative: a cold one."""

    tokens: int
    prefix: Prefix | None
    machine: int


class IncrementPolicy:
    """The cache of one model: see the module for its rules."""

    def __init__(self, spec: IncrementSpec, rng: Random) -> None:
        self._minimum = spec.min_tokens.value
        self._step = spec.step.value
        self._idle = micros(spec.idle_ttl.value)
        age = spec.max_age.value
        self._max_age = None if age is None else micros(age)
        self._per_minute = spec.requests_per_minute_per_key.value
        self._placed = spec.placement_probability.value
        self._readable_after = micros(spec.readable_after.value)
        self._rng = rng
        self._machines: list[Store] = [Store()]
        self._minutes: dict[PrefixId, tuple[int, int]] = {}
        self._luck = self._draw()
        self.shortfalls = ShortfallLog()

    def find(self, request: Request, now_us: int) -> IncrementMatch:
        """Walk back from the end of the prompt to the first prefix its machine still has."""
        machine = self._machine(request, now_us)
        if not 0 <= machine < len(self._machines):
            return IncrementMatch(0, None, machine)
        found = self._longest(self._machines[machine], request.prefix, now_us)
        if found is None:
            return IncrementMatch(0, None, machine)
        tokens = found.tokens - found.tokens % self._step
        return IncrementMatch(tokens if tokens >= self._minimum else 0, found, machine)

    def commit(self, request: Request, match: IncrementMatch) -> tuple[CacheEvent, ...]:
        """Keep the whole prompt on the machine that served it."""
        now, whole = request.time_us, request.prefix
        kind = EventKind.HIT if match.tokens else EventKind.MISS
        found = match.prefix if match.tokens and match.prefix is not None else whole
        events = [CacheEvent(kind, now, found.id, match.tokens or whole.tokens)]
        self._luck = self._draw()
        self._count(request, now)
        if whole.tokens < self._minimum:
            self.shortfalls.note(WHOLE_PROMPT, whole.tokens)
        elif match.machine != _ELSEWHERE:
            while len(self._machines) <= match.machine:
                self._machines.append(Store())
            store = self._machines[match.machine]
            if len(store) > store.sweep_at:
                events += store.lapse(now)
            self._keep(store, whole, now, events)
        return tuple(events)

    def charge(self, request: Request, match: IncrementMatch) -> Charge:
        """Bill the rounded common prefix as read, the rest as input."""
        return Charge(match.tokens, request.prefix.tokens - match.tokens)

    def finish(self, end_us: int) -> Closing:
        """Report what has lapsed; keeping entries costs nothing."""
        events = [event for store in self._machines for event in store.lapse(end_us)]
        return Closing(Usage(), tuple(events))

    def _longest(self, store: Store, whole: Prefix, now_us: int) -> Prefix | None:
        """Return the longest prefix that is live together with every shorter one."""
        found: Prefix | None = None
        link = whole
        while link.parent is not None:
            entry = store.get(link.id)
            if entry is None or not entry.readable_us <= now_us <= entry.expires_us:
                found = None
            else:
                found = found or link
                if self._max_age is None:  # a use restarts every shorter prefix: all are live
                    return found
            link = link.parent
        return found

    def _keep(self, store: Store, whole: Prefix, now_us: int, events: list[CacheEvent]) -> None:
        """Refresh what the store has of the chain and write what it has not."""
        idle, age = now_us + self._idle, self._max_age
        wrote = refreshed = None
        link = whole
        while link.parent is not None:
            entry = store.get(link.id)
            if entry is not None and entry.expires_us < now_us:
                events.append(expiry(link.id, entry))
                entry = None
            if entry is None:
                entry = Entry(now_us, self._idle, self._readable_after, link.tokens)
                store[link.id] = entry
                wrote = wrote or link
            else:
                refreshed = refreshed or link
            entry.expires_us = idle if age is None else min(idle, entry.born_us + age)
            link = link.parent
        if refreshed is not None:
            events.append(CacheEvent(EventKind.REFRESH, now_us, refreshed.id, refreshed.tokens))
        if wrote is not None:
            events.append(CacheEvent(EventKind.WRITE, now_us, wrote.id, wrote.tokens))

    def _machine(self, request: Request, now_us: int) -> int:
        if self._luck >= self._placed:
            return _ELSEWHERE
        if self._per_minute is None:
            return 0
        minute, count = self._minutes.get(_key(request.prefix), (0, 0))
        return count // self._per_minute if minute == now_us // _MINUTE_US else 0

    def _count(self, request: Request, now_us: int) -> None:
        if self._per_minute is not None:
            key, this = _key(request.prefix), now_us // _MINUTE_US
            minute, count = self._minutes.get(key, (this, 0))
            self._minutes[key] = (this, count + 1 if minute == this else 1)

    def _draw(self) -> float:
        return self._rng.random() if self._placed < 1 else 0.0


def _key(prefix: Prefix) -> PrefixId:
    """Return the first block's prefix: what the provider routes by."""
    link = prefix
    while link.depth > 1 and link.parent is not None:
        link = link.parent
    return link.id
