"""Meters and integer usage.  Meters are disjoint: a token is billed on exactly one input meter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class MeterKind(StrEnum):
    """What is counted.  `cache_storage` counts token-seconds, every other kind tokens."""

    INPUT = "input"
    CACHE_READ = "cache_read"
    CACHE_WRITE = "cache_write"
    CACHE_STORAGE = "cache_storage"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Meter:
    """A line of a bill: kind, and the lifetime where the price depends on it (cache writes)."""

    kind: MeterKind
    ttl: timedelta | None = None

    def __str__(self) -> str:
        return self.kind if self.ttl is None else f"{self.kind}@{format_ttl(self.ttl)}"


def format_ttl(ttl: timedelta) -> str:
    """Return a lifetime in its largest whole unit: ``5m``, ``1h``, ``90s``."""
    seconds = int(ttl.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


INPUT = Meter(MeterKind.INPUT)
CACHE_READ = Meter(MeterKind.CACHE_READ)
CACHE_WRITE = Meter(MeterKind.CACHE_WRITE)
CACHE_STORAGE = Meter(MeterKind.CACHE_STORAGE)
OUTPUT = Meter(MeterKind.OUTPUT)

PROMPT_KINDS = frozenset({MeterKind.INPUT, MeterKind.CACHE_READ, MeterKind.CACHE_WRITE})


@dataclass(frozen=True, slots=True)
class Usage(Mapping[Meter, int]):
    """Non-negative integers per meter; adds up.  A meter that is absent was not used.

    `unknown` names kinds that the source did not report: they are not zero.
    Raises ValueError for a negative count.
    """

    counts: Mapping[Meter, int] = field(default_factory=dict)
    unknown: frozenset[MeterKind] = frozenset()

    def __post_init__(self) -> None:
        for meter, count in self.counts.items():
            if count < 0:
                message = f"{meter} is negative: {count}"
                raise ValueError(message)
        kept = {meter: count for meter, count in self.counts.items() if count}
        object.__setattr__(self, "counts", MappingProxyType(kept))

    def __getitem__(self, meter: Meter) -> int:
        return self.counts.get(meter, 0)

    def __contains__(self, meter: object) -> bool:
        return meter in self.counts

    def __iter__(self) -> Iterator[Meter]:
        return iter(self.counts)

    def __len__(self) -> int:
        return len(self.counts)

    def __add__(self, other: Usage) -> Usage:
        counts = dict(self.counts)
        for meter, count in other.counts.items():
            counts[meter] = counts.get(meter, 0) + count
        return Usage(counts, self.unknown | other.unknown)

    def of(self, kind: MeterKind) -> int:
        """Return the count of a kind over all its meters."""
        return sum(count for meter, count in self.counts.items() if meter.kind is kind)

    @property
    def prompt_tokens(self) -> int:
        """Tokens of the prompt: uncached, read and written together."""
        return sum(n for meter, n in self.counts.items() if meter.kind in PROMPT_KINDS)
