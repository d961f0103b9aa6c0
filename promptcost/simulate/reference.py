"""The reference engine: plays every request, in order, against the rules of every cache.

It is the oracle of every family.  It counts integers only; money comes later.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from promptcost.catalogue import RateTable
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT, Meter, MeterKind, Usage
from promptcost.policies import Charge, EventKind, Policy, Shortfall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

    from promptcost.model.prompt import Request

REPORT_EVERY = 2_000


class Tables(Protocol):
    """Which rates a request is billed at."""

    def of(self, prompt_tokens: int, time_us: int) -> RateTable:
        """Return the rates for a prompt of so many tokens at a time since the period began."""

    @property
    def storage(self) -> RateTable:
        """The rates at which storage is billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlay:
    """What was billed at one rate table; `prompt_tokens` as sent, extra calls not included."""

    table: RateTable
    requests: int
    prompt_tokens: int
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayResult:
    """What one cache did with the requests; `hits` counts requests that read anything."""

    requests: int
    hits: int
    tables: tuple[TablePlay, ...]
    events: Mapping[EventKind, int]
    shortfalls: Mapping[str, Shortfall]

    @property
    def usage(self) -> Usage:
        """The usage over all rate tables."""
        return sum((play.usage for play in self.tables), Usage())

    @property
    def prompt_tokens(self) -> int:
        """The tokens of all prompts."""
        return sum(play.prompt_tokens for play in self.tables)


class _Tally:
    """Integers of one rate table while the play goes on."""

    __slots__ = ("output", "prompt", "read", "requests", "table", "uncached", "writes")

    def __init__(self, table: RateTable) -> None:
        self.table = table
        self.requests = self.prompt = self.read = self.uncached = self.output = 0
        self.writes: dict[timedelta, int] = {}

    def add(self, request: Request, charge: Charge) -> None:
        self.requests += 1
        self.prompt += request.prefix.tokens
        self.read += charge.read
        self.uncached += charge.uncached
        self.output += request.output_tokens
        for ttl, tokens in charge.writes:
            self.writes[ttl] = self.writes.get(ttl, 0) + tokens

    def close(self, rent: Usage) -> TablePlay:
        counts = {INPUT: self.uncached, CACHE_READ: self.read, OUTPUT: self.output}
        counts |= {Meter(MeterKind.CACHE_WRITE, ttl): n for ttl, n in self.writes.items()}
        return TablePlay(
            table=self.table,
            requests=self.requests,
            prompt_tokens=self.prompt,
            usage=Usage(counts) + rent,
        )


class Seat:
    """One cache at the table: its policy, its rates and its counts."""

    def __init__(self, policy: Policy[Any], tables: Tables) -> None:
        self._policy = policy
        self._tables = tables
        self._tallies: dict[str, _Tally] = {}
        self._events = dict.fromkeys(EventKind, 0)
        self._hits = 0

    def serve(self, request: Request) -> None:
        """Play one request."""
        policy, now = self._policy, request.time_us
        match = policy.find(request, now)
        charge = policy.charge(request, match)
        events = self._events
        for event in policy.commit(request, match):
            events[event.kind] += 1
        self._hits += charge.read > 0
        table = self._tables.of(request.prefix.tokens, now)
        tally = self._tallies.get(table.name) or self._open(table)
        tally.add(request, charge)

    def close(self, end_us: int) -> PlayResult:
        """End the play; storage rent is billed at the base table."""
        closing = self._policy.finish(end_us)
        for event in closing.events:
            self._events[event.kind] += 1
        rented = self._tables.storage
        if closing.usage and rented.name not in self._tallies:
            self._open(rented)
        plays = [
            tally.close(closing.usage if tally.table is rented else Usage())
            for tally in self._tallies.values()
        ]
        return PlayResult(
            requests=sum(play.requests for play in plays),
            hits=self._hits,
            tables=tuple(plays),
            events=dict(self._events),
            shortfalls=dict(self._policy.shortfalls),
        )

    def _open(self, table: RateTable) -> _Tally:
        made = self._tallies[table.name] = _Tally(table)
        return made


def play(
    requests: Iterable[Request],
    seats: Sequence[Seat],
    end_us: int,
    progress: Callable[[int], None],
) -> list[PlayResult]:
    """Play requests in time order against several caches and return their results in order.

    `progress` gets the requests played so far, now and then; the caches see the same requests.
    """
    with _collector_paused():
        for count, request in enumerate(requests):
            if count % REPORT_EVERY == 0:
                progress(count)
            for seat in seats:
                seat.serve(request)
    return [seat.close(end_us) for seat in seats]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cycle collector: chains and events hold no cycles, and it would visit them all."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
