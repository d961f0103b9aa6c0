"""What every cache family implements, and the vocabulary they share.

A look-up never mutates; a commit says what it changed; tokens are integers and are priced later.
Times are integer microseconds since the simulated period began.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.model.prompt import PrefixId, Request
    from promptcost.model.usage import Usage

MICROSECOND = timedelta(microseconds=1)

M = TypeVar("M")


class EventKind(StrEnum):
    """What can happen in a cache."""

    HIT = "hit"
    MISS = "miss"
    WRITE = "write"
    REFRESH = "refresh"
    EXPIRE = "expire"
    EVICT = "evict"
    REFUSE = "refuse"


class CacheEvent(NamedTuple):
    """One event: what, when, on which prefix, over how many tokens."""

    kind: EventKind
    time_us: int
    prefix: PrefixId
    tokens: int


class Charge(NamedTuple):
    """How the prompt of one request is billed, in tokens.

    `writes` are (lifetime, tokens); a family without a write meter leaves it empty.
    """

    read: int
    uncached: int
    writes: tuple[tuple[timedelta, int], ...] = ()


class Closing(NamedTuple):
    """What is owed and what has lapsed when the simulated period ends."""

    usage: Usage
    events: tuple[CacheEvent, ...]


class Shortfall(NamedTuple):
    """Requests whose marked prefix was shorter than the minimum, and the range of its tokens."""

    requests: int
    shortest: int
    longest: int


class Random(Protocol):
    """A source of uniform numbers in [0, 1), for the knobs that are probabilities."""

    def random(self) -> float:
        """Return the next number."""


class Policy(Protocol[M]):
    """The rules of one cache family; M is what its look-up found."""

    def find(self, request: Request, now_us: int) -> M:
        """Return what the request would find; changes nothing."""

    def commit(self, request: Request, match: M) -> tuple[CacheEvent, ...]:
        """Carry out the request that found `match` at its arrival; return what changed."""

    def charge(self, request: Request, match: M) -> Charge:
        """Return how the request is billed."""

    def finish(self, end_us: int) -> Closing:
        """End the period: storage rent due, and the entries that lapsed before the end."""

    @property
    def shortfalls(self) -> Mapping[str, Shortfall]:
        """Prefixes too short to be cached so far, by the name of the marker."""


class ShortfallLog(dict[str, Shortfall]):
    """Counts prefixes below the minimum by marker."""

    def note(self, name: str, tokens: int) -> None:
        """Add one request whose prefix at the marker has that many tokens."""
        old = self.get(name, Shortfall(0, tokens, tokens))
        self[name] = Shortfall(
            old.requests + 1, min(old.shortest, tokens), max(old.longest, tokens)
        )


def micros(duration: timedelta) -> int:
    """Return a duration in whole microseconds."""
    return duration // MICROSECOND
