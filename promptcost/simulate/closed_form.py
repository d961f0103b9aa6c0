"""Formulas the engines are checked against, and the break-even points a report quotes.

Time-to-live caches under Poisson arrivals: Choungmo Fofack, Nain, Neglia and Towsley, Computer
Networks 65 (2014); Jung, Berger and Balakrishnan, INFOCOM 2003.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, Meter

if TYPE_CHECKING:
    from datetime import timedelta

    from promptcost.catalogue import RateTable

_SECONDS_PER_HOUR = 3_600


def hit_rate_refreshed(rate: float, ttl: float) -> float:
    """Return 1 - e^(-λT): Poisson arrivals at `rate`, lifetime restarted by every use."""
    return -math.expm1(-rate * ttl)


def hit_rate_fixed(rate: float, ttl: float) -> float:
    """Return λT / (1 + λT): Poisson arrivals at `rate`, lifetime counted from the write."""
    return rate * ttl / (1 + rate * ttl)


def hit_rate_in_flight(rate: float, ttl: float, delay: float) -> float:
    """Return 1 - (1 + λL) e^(-λT): refreshed, and readable only a `delay` L <= T after a write."""
    return 1 - (1 + rate * delay) * math.exp(-rate * ttl)


def break_even_hit_rate(table: RateTable, write: Meter) -> float | None:
    """Return (w - 1) / (w - r), the hit rate by token at which caching costs what none costs.

    w and r are the write and read rates in units of the input rate.  None without a premium on
    writes (then caching never costs more), or where a rate is missing.
    """
    base, read, written = table.rate(INPUT), table.rate(CACHE_READ), table.rate(write)
    if base is None or read is None or written is None:
        return None
    if written.amount <= base.amount or read.amount >= base.amount:
        return None
    return float((written.amount - base.amount) / (written.amount - read.amount))


def rent_break_even_reads_per_hour(table: RateTable) -> Decimal | None:
    """Return S / (p - c): reads per hour of one object that pay its rent, whatever its size.

    S is rent per token-hour, p the input rate and c the read rate.  None without rent or gain.
    """
    base, read, rent = table.rate(INPUT), table.rate(CACHE_READ), table.rate(CACHE_STORAGE)
    if base is None or read is None or rent is None or read.amount >= base.amount:
        return None
    return rent.of(_SECONDS_PER_HOUR) / (base.of(1) - read.of(1))


def object_break_even_reads(table: RateTable, lifetime: timedelta) -> Decimal | None:
    """Return (p + S·H) / (p - c): reads in a lifetime H that pay creation and rent of an object.

    None where reading saves nothing.  Without a rate for rent the rent is nothing.
    """
    base, read, rent = table.rate(INPUT), table.rate(CACHE_READ), table.rate(CACHE_STORAGE)
    if base is None or read is None or read.amount >= base.amount:
        return None
    held = Decimal(0) if rent is None else rent.of(int(lifetime.total_seconds()))
    return (base.of(1) + held) / (base.of(1) - read.of(1))
