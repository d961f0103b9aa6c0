"""From a target and an instant to an offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.catalogue._build import cards
from promptcost.catalogue._modify import modifiers_of, tables
from promptcost.catalogue._notes import midnight, moment, notes_on
from promptcost.catalogue._policy import options_of, spec
from promptcost.catalogue.offer import Offer
from promptcost.catalogue.spec import CachePolicySpec, NoCacheSpec
from promptcost.catalogue.target import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.card import PriceCard
    from promptcost.catalogue.provider import Modifier
    from promptcost.catalogue.target import Target


def default_option(provider: Raw, model: Raw) -> str:
    """Return the option of a target that names none."""
    return next(iter(options_of(provider, model)), NONE)


def fault(provider: Raw, model: Raw, target: Target) -> tuple[str, str] | None:
    """Return what is wrong with option and modifiers of a canonical target, and the repair."""
    options = [*options_of(provider, model), NONE]
    if target.option not in options:
        return f"{target} has no cache option {target.option!r}", f"write one of: {words(options)}"
    known = modifiers_of(provider, model)
    for name in target.modifiers:
        if name not in known:
            ways = words(known) or "none"
            return f"{target.model} is not sold as {name!r}", f"its modifiers: {ways}"
    for name in target.modifiers:
        clash = set(known[name].excludes).intersection(target.modifiers) - {name}
        if clash:
            return f"{name!r} and {words(sorted(clash))} do not go together", "keep one"
    return None


def words(names: Iterable[str]) -> str:
    """Return names as a comma-separated list."""
    return ", ".join(names)


def offer(
    provider: Raw,
    model: Raw,
    asked: Target,
    target: Target,
    span: tuple[datetime, datetime | None],
) -> Offer | tuple[str, str]:
    """Return the offer of a canonical target without faults, or why no card holds then."""
    at, until = span
    history = cards(provider, model, target.option)
    card = next((card for card in history if card.holds(at)), None)
    if card is None:
        return _undated(target, history, at)
    known = modifiers_of(provider, model)
    modifiers = tuple(known[name] for name in target.modifiers)
    for modifier in modifiers:
        if modifier.until is not None and at >= midnight(modifier.until):
            message = f"{target.model} is not sold as {modifier.name!r} since {modifier.until}"
            return message, "leave it out"
    cache, policy = _policy(provider, model, target, modifiers)
    made = Offer(
        target=target,
        at=at,
        cache=cache,
        card=card,
        policy=policy,
        modifiers=modifiers,
        notes=(),
        tables=tables(card, modifiers),
    )
    return replace(made, notes=tuple(notes_on(made, asked, history, until)))


def _undated(target: Target, history: tuple[PriceCard, ...], at: datetime) -> tuple[str, str]:
    spans = words(period(card) for card in history)
    return f"{target} has no known price on {at:%Y-%m-%d}", f"prices are known {spans}"


def period(card: PriceCard) -> str:
    """Return the period of a card in words."""
    since = f"from {moment(card.valid_from)}" if card.valid_from else ""
    until = f"until {moment(card.valid_until)}" if card.valid_until else ""
    return " ".join(part for part in (since, until) if part) or "always"


def _policy(
    provider: Raw, model: Raw, target: Target, modifiers: tuple[Modifier, ...]
) -> tuple[str, CachePolicySpec]:
    if target.uncached or any(modifier.disables_caching for modifier in modifiers):
        return "", NoCacheSpec()
    cache, knobs = options_of(provider, model)[target.option]
    return cache, spec(provider, cache, knobs)
