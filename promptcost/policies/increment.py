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
from promptcost.policies._aging import AgingForest
from promptcost.policies._base import (
    CacheEvent,
    Charge,
    Closing,
    EventKind,
    Random,
    ShortfallLog,
    micros,
)

if TYPE_CHECKING:
    from promptcost.catalogue.spec import IncrementSpec
    from promptcost.model.prompt import Prefix, PrefixId, Request

WHOLE_PROMPT = "whole prompt"

_MINUTE_US = 60_000_000
_ELSEWHERE = -1


class IncrementMatch(NamedTuple):
    """The tokens read, the longest prefix kept, the machine (negative: a cold one) and its key."""

    tokens: int
    known: Prefix | None
    machine: int
    key: PrefixId | None


class IncrementPolicy:
    """The cache of one model: see the module for its rules."""

    def __init__(self, spec: IncrementSpec, rng: Random) -> None:
        age = spec.max_age.value
        self._minimum = spec.min_tokens.value
        self._step = spec.step.value
        self._idle = micros(spec.idle_ttl.value)
        self._max_age = None if age is None else micros(age)
        self._readable_after = micros(spec.readable_after.value)
        self._per_minute = spec.requests_per_minute_per_key.value
        self._placed = spec.placement_probability.value
        self._rng = rng
        self._machines = [self._machine()]
        self._minutes: dict[PrefixId, tuple[int, int]] = {}
        self._luck = self._draw()
        self.shortfalls = ShortfallLog()

    def find(self, request: Request, now_us: int) -> IncrementMatch:
        """Return what the request's machine still has of its prompt, rounded down to a step."""
        key = None if self._per_minute is None else self._machines[0].first(request.prefix)
        machine = self._route(key, now_us)
        if not 0 <= machine < len(self._machines):
            return IncrementMatch(0, None, machine, key)
        known, tokens = self._machines[machine].longest(request.prefix, now_us)
        tokens -= tokens % self._step
        return IncrementMatch(tokens if tokens >= self._minimum else 0, known, machine, key)

    def commit(self, request: Request, match: IncrementMatch) -> tuple[CacheEvent, ...]:
        """Keep the whole prompt on the machine that served it."""
        now, whole = request.time_us, request.prefix
        kind = EventKind.HIT if match.tokens else EventKind.MISS
        events = [CacheEvent(kind, now, whole.id, match.tokens or whole.tokens)]
        self._luck = self._draw()
        self._count(match.key, now)
        if whole.tokens < self._minimum:
            self.shortfalls.note(WHOLE_PROMPT, whole.tokens)
        elif match.machine != _ELSEWHERE:
            while len(self._machines) <= match.machine:
                self._machines.append(self._machine())
            self._machines[match.machine].use(whole, match.known, now, events)
        return tuple(events)

    def charge(self, request: Request, match: IncrementMatch) -> Charge:
        """Bill the rounded common prefix as read, the rest as input."""
        return Charge(match.tokens, request.prefix.tokens - match.tokens)

    def finish(self, end_us: int) -> Closing:
        """Report what has lapsed; keeping entries costs nothing."""
        events = [event for machine in self._machines for event in machine.lapse(end_us)]
        return Closing(Usage(), tuple(events))

    def _machine(self) -> AgingForest:
        return AgingForest(self._idle, self._max_age, self._readable_after)

    def _route(self, key: PrefixId | None, now_us: int) -> int:
        if self._luck >= self._placed:
            return _ELSEWHERE
        if self._per_minute is None or key is None:
            return 0
        minute, count = self._minutes.get(key, (0, 0))
        return count // self._per_minute if minute == now_us // _MINUTE_US else 0

    def _count(self, key: PrefixId | None, now_us: int) -> None:
        if key is not None:
            this = now_us // _MINUTE_US
            minute, count = self._minutes.get(key, (this, 0))
            self._minutes[key] = (this, count + 1 if minute == this else 1)

    def _draw(self) -> float:
        return self._rng.random() if self._placed < 1 else 0.0
