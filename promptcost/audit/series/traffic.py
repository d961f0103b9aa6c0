"""What the times and cache keys of a program's requests say, collected one request at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from promptcost.audit.series.measure import mean
from promptcost.catalogue import BlocksSpec, NoCacheSpec
from promptcost.model.count import TokenCount
from promptcost.rules.requests import Burst, Gaps
from promptcost.wire import MarkerStyle, WireRequest

if TYPE_CHECKING:
    from promptcost.audit.series.compare import Pair
    from promptcost.rules.requests import Terms

_FIVE_MINUTES = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_MOST_KEYS = 4_096


def lifetime_of(request: WireRequest, terms: Terms) -> timedelta | None:
    """Return how long the longest-lived mark of a request lives; None where marks do not matter."""
    rules = terms.breakpoints
    if rules is None:
        return None
    marks = [*request.markers, *([request.automatic] if request.automatic else [])]
    if not marks:
        return rules.ttl.value if rules.automatic_tail.value else None
    return max(mark.ttl or default_ttl(terms) for mark in marks)


def default_ttl(terms: Terms) -> timedelta:
    """Return the lifetime of a mark that states none."""
    rules = terms.breakpoints
    if rules is None or not rules.automatic_tail.value:
        return _FIVE_MINUTES
    return rules.ttl.value


@dataclass(slots=True)
class GapTally:
    """Counts times between a request and the one whose prefix it shares."""

    known: int = 0
    over: int = 0
    within_hour: int = 0
    short: int = 0
    lifetime: timedelta | None = None
    longest: timedelta = timedelta()
    lost: TokenCount | None = None
    where: WireRequest | None = None

    def add(self, pair: Pair, gap: timedelta, bare: WireRequest, terms: Terms) -> None:
        """Take up one gap."""
        lifetime = lifetime_of(pair.was, terms)
        if lifetime is None or gap < timedelta():
            return
        self.known += 1
        self.longest = max(self.longest, gap)
        self.short += gap < _FIVE_MINUTES
        if gap > lifetime:
            self.over += 1
            self.within_hour += gap <= _HOUR
            self.lifetime = lifetime
            self.lost = pair.shared if self.lost is None else self.lost + pair.shared
            self.where = self.where or bare

    def facts(self) -> Gaps:
        """Return what was counted."""
        return Gaps(
            known=self.known,
            over=self.over,
            within_hour=self.within_hour,
            short=self.short,
            lifetime=self.lifetime,
            longest=self.longest,
            lost=None if self.lost is None else mean(self.lost, self.over),
            where=self.where,
        )


@dataclass(slots=True)
class BurstTally:
    """Counts first requests that follow a cold start before its response can have begun."""

    start: WireRequest | None = None
    latest: datetime | None = None
    requests: int = 0
    lost: TokenCount | None = None
    where: WireRequest | None = None
    against: WireRequest | None = None

    def add(self, bare: WireRequest, opening: Pair | None, terms: Terms) -> None:
        """Take up one request; `opening` is its pair when it is the first of a conversation."""
        if bare.time is None:
            return
        lifetime = lifetime_of(bare, terms) or _FIVE_MINUTES
        if self.start is None or self.latest is None or bare.time - self.latest > lifetime:
            self.start = bare
        elif opening is not None and self._is_early(bare, terms):
            self.requests += 1
            self.lost = opening.shared if self.lost is None else self.lost + opening.shared
            if self.where is None:
                self.where, self.against = bare, self.start
        self.latest = max(self.latest or bare.time, bare.time)

    def facts(self) -> Burst | None:
        """Return what was counted, None when nothing came too early."""
        if self.lost is None or self.where is None or self.against is None:
            return None
        return Burst(
            requests=self.requests,
            lost=mean(self.lost, self.requests),
            where=self.where,
            against=self.against,
        )

    def _is_early(self, bare: WireRequest, terms: Terms) -> bool:
        spec, start = terms.spec, self.start
        if spec is None or isinstance(spec, BlocksSpec | NoCacheSpec):
            return False
        if start is None or start.time is None or bare.time is None:
            return False
        return timedelta() <= bare.time - start.time < spec.readable_after.value


@dataclass(slots=True)
class KeyTally:
    """Counts cache keys; of very many only the first are told apart."""

    seen: set[str] = field(default_factory=set)
    keyed: int = 0

    def add(self, key: str | None) -> None:
        """Take up the key of one request."""
        if key is None:
            return
        self.keyed += 1
        if len(self.seen) < _MOST_KEYS:
            self.seen.add(key)


def has_hour(request: WireRequest) -> bool:
    """Say whether a request asks for the dearer mark that lives an hour or more."""
    marks = [*request.markers, *([request.automatic] if request.automatic else [])]
    return any(
        mark.style is not MarkerStyle.IMPLICIT and mark.ttl is not None and mark.ttl >= _HOUR
        for mark in marks
    )
