"""What a target's modifiers (batch, region, fast mode) make of a card's rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue._build import parse_meter
from promptcost.catalogue.card import PriceCard, Rates, RateTable
from promptcost.catalogue.provider import Modifier
from promptcost.model.money import Rate
from promptcost.model.usage import INPUT, Meter, MeterKind

if TYPE_CHECKING:
    from promptcost.catalogue._build import Raw

AS_INPUT = "as_input"


def modifiers_of(provider: Raw, model: Raw) -> dict[str, Modifier]:
    """Return the ways of being billed that a model has, by the name used in targets."""
    return {name: _modifier(provider, name, use) for name, use in model.get("tiers", {}).items()}


def _modifier(provider: Raw, name: str, use: str | Raw) -> Modifier:
    own: Raw = {"use": use} if isinstance(use, str) else use
    raw = provider["tiers"][own["use"]]
    factors = raw["factors"] if "factors" in raw else dict.fromkeys(MeterKind, raw["factor"])
    return Modifier(
        name=name,
        factors=tuple(
            (MeterKind(kind), None if factor == AS_INPUT else Decimal(factor))
            for kind, factor in factors.items()
        ),
        rates=tuple((parse_meter(m), Decimal(r)) for m, r in own.get("rates", {}).items()),
        disables_caching=raw.get("disables_caching", False),
        excludes=tuple(raw.get("excludes", ())),
        until=date.fromisoformat(own["until"]) if "until" in own else None,
        note=own.get("note", raw.get("note", "")),
    )


def tables(card: PriceCard, modifiers: tuple[Modifier, ...]) -> tuple[tuple[RateTable, ...], ...]:
    """Return the rate tables of a card: rows are hour windows, columns size tiers, base first."""
    ordered = sorted(modifiers, key=lambda modifier: not modifier.rates)  # published figures first
    tail = "".join(f"+{modifier.name}" for modifier in modifiers)
    sizes = [("", card.rates), *((str(tier), tier.rates) for tier in card.size_tiers)]
    windows = [("", Decimal(1)), *((window.name, window.factor) for window in card.windows)]
    return tuple(
        tuple(
            RateTable(
                name=(", ".join(part for part in (size, window) if part) or "standard") + tail,
                rates=_modified(_scaled(rates, factor), ordered, plain=not size and not window),
            )
            for size, rates in sizes
        )
        for window, factor in windows
    )


def _scaled(rates: Rates, factor: Decimal) -> Rates:
    return tuple((meter, rate.scaled(factor)) for meter, rate in rates)


def _modified(rates: Rates, modifiers: list[Modifier], *, plain: bool) -> Rates:
    for modifier in modifiers:
        published = dict(modifier.rates) if plain else {}  # the figures are for the base rates
        rates = _apply(rates, dict(modifier.factors), published)
    return rates


def _apply(
    rates: Rates, factors: dict[MeterKind, Decimal | None], published: dict[Meter, Decimal]
) -> Rates:
    base = dict(rates)[INPUT].scaled(factors.get(MeterKind.INPUT) or Decimal(1))
    made = []
    for meter, rate in rates:
        factor = factors.get(meter.kind, Decimal(1))
        product = base if factor is None else rate.scaled(factor)
        amount = published.get(meter, product.amount)
        made.append((meter, Rate(amount=amount, per=product.per)))
    return tuple(made)
