"""A price card: the dated rates of one model at one provider, and how to price usage with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum

from promptcost.model.money import Cost, Rate
from promptcost.model.usage import Meter, Usage

Rates = tuple[tuple[Meter, Rate], ...]


class Trust(StrEnum):
    """How well a row is supported: by two sources or the vendor, by one, by inference."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates that hold for one request: base or size tier, hour window, modifiers.

    Hashable, so that usage can be counted per table and priced once at the end.
    """

    name: str
    rates: Rates

    def rate(self, meter: Meter) -> Rate | None:
        """Return the rate of a meter; a write without its own lifetime rate has none."""
        return dict(self.rates).get(meter)


def price(usage: Usage, table: RateTable) -> Cost:
    """Price integer usage exactly; meters without a rate become unknown, never zero."""
    rates = dict(table.rates)
    amounts = {
        meter: rates[meter].of(count) for meter, count in usage.counts.items() if meter in rates
    }
    missing = {meter for meter in usage.counts if meter not in rates}
    missing |= {Meter(kind) for kind in usage.unknown}
    return Cost(amounts, frozenset(missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTier:
    """Rates of requests whose prompt is longer than `above` tokens (at least, when inclusive)."""

    above: int
    inclusive: bool = False
    rates: Rates

    def applies(self, prompt_tokens: int) -> bool:
        """Say whether a prompt of that many tokens is repriced; the whole request is."""
        return prompt_tokens >= self.above if self.inclusive else prompt_tokens > self.above

    def __str__(self) -> str:
        return f"{'at least' if self.inclusive else 'above'} {self.above:,} tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourWindow:
    """Hours of some weekdays, in the vendor's time zone, that multiply every rate by `factor`.

    Weekdays count from Monday = 0 and are those of the vendor's zone; hours are half-open.
    """

    name: str
    zone: tzinfo
    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    factor: Decimal

    def applies(self, at: datetime) -> bool:
        """Say whether an instant (timezone-aware) lies inside the window."""
        local = at.astimezone(self.zone)
        clock = local.time()
        inside = any(start <= clock < end for start, end in self.hours)
        return inside and local.weekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a self-hosted price follows from GPU time; `assumptions` say what was assumed.

    Dollars per million tokens = `gpu_hour_usd` x `gpus` / (tokens per second x 3600) x 1e6.
    """

    gpu: str
    gpus: int
    gpu_hour_usd: Decimal
    prefill_tokens_per_second: int
    decode_tokens_per_second: int
    kv_bytes_per_token: int
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCard:
    """The standard rates of one model, valid from (inclusive) until (exclusive) a UTC instant.

    `Offer.table` resolves size tier, then hour window, then the target's modifiers.
    The fields beyond rates are what a report must tell: sources, the day they were checked,
    trust, and what the card does not represent.  `assured_until`: the vendor promised the rates
    only up to that instant and has not said what follows.
    """

    provider: str
    model: str
    name: str = ""
    rates: Rates
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    assured_until: datetime | None = None
    size_tiers: tuple[SizeTier, ...] = ()
    windows: tuple[HourWindow, ...] = ()
    derivation: Derivation | None = None
    tokenizer: str = ""
    context_window: int | None = None
    released: date | None = None
    retires: date | None = None
    checked: date
    trust: Trust
    sources: tuple[Source, ...] = ()
    not_represented: tuple[str, ...] = ()
    note: str = ""

    def holds(self, at: datetime) -> bool:
        """Say whether an instant lies in the half-open period of the card."""
        begun = self.valid_from is None or at >= self.valid_from
        return begun and (self.valid_until is None or at < self.valid_until)
