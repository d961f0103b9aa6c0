"""What the times and cache keys of a program's requests say, collected one request at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from promptcost.audit.series.measure import mean
from promptcost.catalogue import BlocksSpec, NoCacheSpec
from promptcost.model.count import TokenCount
from promptcost.rules.requests import Burst, Gaps
from promptcost.wire import Marker, MarkerStyle, WireRequest

if TYPE_CHECKING:
    from promptcost.audit.series.compare import Pair
    from promptcost.rules.requests import Terms

_FIVE_MINUTES = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_KEYS = 4_096


def lifetime_of(request: WireRequest, terms: Terms) -> timedelta | None:
    """Return how long the longest-lived mark of a request lives; None where marks do not matter."""
    rules = terms.breakpoints
    if rules is None:
        return None
    marks = [*request.markers, *([request.automatic] if request.automatic else [])]
    if not marks:
        return rules.ttl.value if rules.automatic_tail.value else None
    # A target with 1h is chosen for its price; a mark that states nothing lives five minutes.
    default = rules.ttl.value if rules.automatic_tail.value else _FIVE_MINUTES
    return max(mark.ttl or default for mark in marks)


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

    def add(self, pair: Pair, since: datetime | None, terms: Terms) -> None:
        """Take up the time since the entry that is read was used, or the earlier request sent."""
        lifetime, then, now = lifetime_of(pair.was, terms), since or pair.was.time, pair.now.time
        if lifetime is None or then is None or now is None or now < then:
            return
        gap = now - then
        self.known += 1
        self.longest = max(self.longest, gap)
        self.short += gap < _FIVE_MINUTES
        if gap > lifetime:
            self.over += 1
            self.within_hour += gap <= _HOUR
            self.lifetime = lifetime
            self.lost = pair.shared if self.lost is None else self.lost + pair.shared
            self.where = self.where or bare(pair.now)

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

    start: tuple[datetime, WireRequest] | None = None
    latest: datetime = _NEVER
    requests: int = 0
    lost: TokenCount | None = None
    pair: tuple[WireRequest, WireRequest] | None = None

    def add(self, request: WireRequest, opening: Pair | None, terms: Terms) -> None:
        """Take up one request; `opening` is its pair when it is the first of a conversation."""
        time = request.time
        if time is None:
            return
        lifetime = lifetime_of(request, terms) or _FIVE_MINUTES
        if self.start is None or time - self.latest > lifetime:
            self.start = time, bare(request)
        elif opening is not None and timedelta() <= time - self.start[0] < _delay(terms):
            self.requests += 1
            self.lost = opening.shared if self.lost is None else self.lost + opening.shared
            self.pair = self.pair or (self.start[1], bare(request))
        self.latest = max(self.latest, time)

    def facts(self) -> Burst | None:
        """Return what was counted, None when nothing came too early."""
        if self.lost is None or self.pair is None:
            return None
        against, where = self.pair
        lost = mean(self.lost, self.requests)
        return Burst(requests=self.requests, lost=lost, where=where, against=against)


def _delay(terms: Terms) -> timedelta:
    """Return how long an entry cannot be read after its request was sent; zero if not known."""
    spec = terms.spec
    if spec is None or isinstance(spec, BlocksSpec | NoCacheSpec):
        return timedelta()
    return spec.readable_after.value


def bare(request: WireRequest) -> WireRequest:
    """Return a request without its prompt, to remember where it stands."""
    return replace(request, blocks=())


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
    return hour_depth(request) > 0


def hour_depth(request: WireRequest) -> int:
    """Return the number of blocks that are written for an hour or more; 0 without such a mark."""
    if _lives_an_hour(request.automatic):
        return len(request.blocks)
    numbered = enumerate(request.blocks, start=1)
    return max((number for number, block in numbered if _lives_an_hour(block.marker)), default=0)


def _lives_an_hour(mark: Marker | None) -> bool:
    if mark is None or mark.style is MarkerStyle.IMPLICIT or mark.ttl is None:
        return False
    return mark.ttl >= _HOUR
