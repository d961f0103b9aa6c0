"""When a cache pays: closed forms over one rate table.

With w and r the write and read rates as multiples of the input rate, a prefix that is read with
probability h costs (1 - h) w + h r instead of 1, so it pays above h* = (w - 1) / (w - r).  With
rent S per hour, input p and cached c, R* = S / (p - c) reads an hour cover the rent whatever the
size, and creation included N = (p + S H) / (p - c) reads are needed within H hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.model.money import TOKEN_SECONDS_PER_MTOK_HOUR
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, Meter, MeterKind

if TYPE_CHECKING:
    from promptcost.catalogue.card import RateTable


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """The share of requests that must hit for writes at this meter to pay; None: no write fee."""

    write: Meter | None
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rent:
    """Reads that cover the rent of a stored prefix: per hour, and with creation in 1 and 24 h."""

    reads_per_hour: Decimal
    reads_in_first_hour: Decimal
    reads_in_first_day: Decimal


def hit_rates(table: RateTable) -> tuple[HitRate, ...]:
    """Return the break-even hit rate of every write lifetime; one without fee pays at once."""
    rates = {meter: rate.amount for meter, rate in table.rates}
    full, read = rates[INPUT], rates.get(CACHE_READ)
    if read is None or read >= full:
        return ()
    writes = [meter for meter in rates if meter.kind is MeterKind.CACHE_WRITE]
    if not writes:
        return (HitRate(write=None, share=Decimal(0)),)
    return tuple(
        HitRate(write=meter, share=(rates[meter] - full) / (rates[meter] - read))
        for meter in writes
    )


def rent(table: RateTable) -> Rent | None:
    """Return the break-even reads of a stored prefix; None where nothing is stored for rent."""
    storage, read = table.rate(CACHE_STORAGE), table.rate(CACHE_READ)
    full = dict(table.rates)[INPUT].amount
    if storage is None or read is None or read.amount >= full:
        return None
    hour = storage.amount * TOKEN_SECONDS_PER_MTOK_HOUR / storage.per
    saved = full - read.amount
    return Rent(
        reads_per_hour=hour / saved,
        reads_in_first_hour=(full + hour) / saved,
        reads_in_first_day=(full + hour * 24) / saved,
    )
