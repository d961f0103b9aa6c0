"""Everything the catalogue knows about a target, as data for a page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.catalogue.breakeven import HitRate, Rent, hit_rates, rent
from promptcost.catalogue.card import PriceCard
from promptcost.catalogue.offer import Offer
from promptcost.catalogue.provider import Invalidation, Modifier, ProviderInfo
from promptcost.catalogue.spec import Evidence, Family, HandleSpec, Knob, NoCacheSpec, family_of
from promptcost.errors import Problem
from promptcost.model.usage import format_ttl

if TYPE_CHECKING:
    from datetime import datetime

    from promptcost.catalogue.catalogue import Catalogue
    from promptcost.catalogue.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobFact:
    """One piece of a cache's behaviour in words, how it is known, and where from."""

    name: str
    value: str
    evidence: Evidence
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainPage:
    """What there is to say about a target; all rates, periods and sources are in `offer`.

    `how` is prose; `rent` is None where nothing is stored for rent; `history` is oldest first.
    """

    offer: Offer
    provider: ProviderInfo
    family: Family
    how: str
    knobs: tuple[KnobFact, ...]
    hit_rates: tuple[HitRate, ...]
    rent: Rent | None
    breakers: tuple[Invalidation, ...]
    modifiers: tuple[Modifier, ...]
    history: tuple[PriceCard, ...]
    not_represented: tuple[str, ...]


def explain(catalogue: Catalogue, target: Target, at: datetime) -> ExplainPage | Problem:
    """Return the page of a target at an instant, or why there is none."""
    offer = catalogue.select(target, at)
    if isinstance(offer, Problem):
        return offer
    provider = catalogue.provider(offer.card.provider)
    option = provider.option(offer.cache, offer.target.option)
    metered = not isinstance(offer.policy, NoCacheSpec | HandleSpec)
    table = offer.table(0)
    gaps = (
        *offer.card.not_represented,
        *_gateway_gaps(catalogue, offer),
        *provider.not_represented,
    )
    return ExplainPage(
        offer=offer,
        provider=provider,
        family=family_of(offer.policy),
        how=option.how if option else "No caching: every prompt token is billed as input.",
        knobs=_knobs(offer),
        hit_rates=hit_rates(table) if metered else (),
        rent=rent(table) if isinstance(offer.policy, HandleSpec) else None,
        breakers=option.invalidation if option else (),
        modifiers=catalogue.modifiers(offer.target),
        history=catalogue.card_history(offer.target),
        not_represented=tuple(dict.fromkeys(gaps)),
    )


def _gateway_gaps(catalogue: Catalogue, offer: Offer) -> tuple[str, ...]:
    if offer.target.provider == offer.card.provider:
        return ()
    return catalogue.provider(offer.target.provider).not_represented


def _knobs(offer: Offer) -> tuple[KnobFact, ...]:
    found = []
    for field in fields(offer.policy):
        knob: Knob[object] = getattr(offer.policy, field.name)
        value = words_of(knob.value)
        found.append(KnobFact(name=field.name, value=value, evidence=knob.evidence, note=knob.note))
    return tuple(found)


def words_of(value: object) -> str:
    """Return a knob's value in words: ``yes``, ``5m``, ``1,024``, ``none``."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return format_ttl(value)
        case int():
            return f"{value:,}"
        case _:
            return str(value)
