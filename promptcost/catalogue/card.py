"""A price card: the dated rates of one model at one provider, and how to price usage with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from promptcost.model.money import Cost, Rate
from promptcost.model.usage import Meter, Usage


class Trust(StrEnum):
    """How well a row is supported: by two sources or the vendor, by one, by inference."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates that hold for one request: base or size tier, service tier, hour window.

    Hashable, so that usage can be counted per table and priced once at the end.
    """

    name: str
    rates: tuple[tuple[Meter, Rate], ...]

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
    rates: tuple[tuple[Meter, Rate], ...]

    def applies(self, prompt_tokens: int) -> bool:
        """Say whether a prompt of that many tokens is repriced; the whole request is."""
        return prompt_tokens >= self.above if self.inclusive else prompt_tokens > self.above


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCard:
    """The rates of one model, valid from (inclusive) until (exclusive) a UTC instant.

    `tables(...)` resolution order: base rates, size tier, hour window, then modifiers.
    The fields beyond rates are what a report must tell: sources, the day they were checked,
    trust, and what the card does not represent.
    """

    provider: str
    model: str
    rates: tuple[tuple[Meter, Rate], ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    size_tiers: tuple[SizeTier, ...] = ()
    tokenizer: str = ""
    context_window: int | None = None
    retires: date | None = None
    checked: date
    trust: Trust
    sources: tuple[Source, ...] = ()
    not_represented: tuple[str, ...] = field(default=())
