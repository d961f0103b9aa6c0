"""From a target and an instant to an offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from promptcost.catalogue._build import cards
from promptcost.catalogue._modify import modifiers_of, tables
from promptcost.catalogue._names import folded, without_snapshot
from promptcost.catalogue._policy import options_of, spec
from promptcost.catalogue.card import Trust
from promptcost.catalogue.offer import Note, NoteKind, Offer
from promptcost.catalogue.spec import CachePolicySpec, NoCacheSpec
from promptcost.catalogue.target import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.card import PriceCard
    from promptcost.catalogue.provider import Modifier
    from promptcost.catalogue.target import Target

STALE_AFTER = timedelta(days=60)


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
    provider: Raw, model: Raw, asked: Target, target: Target, at: datetime
) -> Offer | tuple[str, str]:
    """Return the offer of a canonical target without faults, or why no card holds then."""
    history = cards(provider, model, target.option)
    card = next((card for card in history if card.holds(at)), None)
    if card is None:
        return _undated(target, history, at)
    known = modifiers_of(provider, model)
    modifiers = tuple(known[name] for name in target.modifiers)
    for modifier in modifiers:
        if modifier.until is not None and at >= _midnight(modifier.until):
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
    return replace(made, notes=tuple(_notes(asked, made, history)))


def _undated(target: Target, history: tuple[PriceCard, ...], at: datetime) -> tuple[str, str]:
    spans = words(period(card) for card in history)
    return f"{target} has no known price on {at:%Y-%m-%d}", f"prices are known {spans}"


def period(card: PriceCard) -> str:
    """Return the period of a card in words."""
    since = f"from {moment(card.valid_from)}" if card.valid_from else ""
    until = f"until {moment(card.valid_until)}" if card.valid_until else ""
    return " ".join(part for part in (since, until) if part) or "always"


def moment(at: datetime) -> str:
    """Return an instant as a date where it is a UTC midnight, else to the minute."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if utc.time() == time() else f"{utc:%Y-%m-%d %H:%M} UTC"


def _policy(
    provider: Raw, model: Raw, target: Target, modifiers: tuple[Modifier, ...]
) -> tuple[str, CachePolicySpec]:
    if target.uncached or any(modifier.disables_caching for modifier in modifiers):
        return "", NoCacheSpec()
    cache, knobs = options_of(provider, model)[target.option]
    return cache, spec(provider, cache, knobs)


def _notes(asked: Target, made: Offer, history: tuple[PriceCard, ...]) -> Iterator[Note]:
    yield from _name_notes(asked, made.target)
    yield from _date_notes(made, history)
    yield from _state_notes(made)


def _name_notes(asked: Target, target: Target) -> Iterator[Note]:
    base = without_snapshot(asked.model)
    if base != asked.model and folded(base).endswith(folded(target.model)):
        message = f"{asked.model} is priced as {target.model}"
        yield Note(kind=NoteKind.SNAPSHOT, message=message)


def _date_notes(made: Offer, history: tuple[PriceCard, ...]) -> Iterator[Note]:
    target, card, at = made.target, made.card, made.at
    checked = _midnight(card.checked)
    if at - checked > STALE_AFTER:
        age = (at - checked).days
        message = f"{target}: the price was last checked {age} days before, on {card.checked}"
        yield Note(kind=NoteKind.STALE, message=message, at=checked + STALE_AFTER)
    for later in history[history.index(card) + 1 :]:
        message = f"{target}: the price changes on {moment(later.valid_from or at)}"
        yield Note(kind=NoteKind.PRICE_CHANGE, message=message, at=later.valid_from)
    if card.assured_until is not None:
        message = f"{target}: the price is promised only until {moment(card.assured_until)}"
        yield Note(kind=NoteKind.NOT_ASSURED, message=message, at=card.assured_until)
    if card.retires is not None:
        retired = _midnight(card.retires)
        verb = "was retired" if at >= retired else "retires"
        message = f"{target}: the model {verb} on {card.retires}"
        yield Note(kind=NoteKind.RETIRED, message=message, at=retired)


def _state_notes(made: Offer) -> Iterator[Note]:
    target = made.target
    if made.card.trust is Trust.LOW:
        message = f"{target}: the price is uncertain (sources conflict or it is inferred)"
        yield Note(kind=NoteKind.LOW_TRUST, message=message)
    for modifier in made.modifiers:
        if modifier.disables_caching:
            message = f"{target}: caching is not available with {modifier.name}"
            yield Note(kind=NoteKind.NO_CACHING, message=message)
    if made.card.provider != target.provider:
        message = f"{target}: billed at the rates of {made.card.provider}"
        yield Note(kind=NoteKind.PASSED_THROUGH, message=message)
    for text in made.card.not_represented:
        yield Note(kind=NoteKind.NOT_REPRESENTED, message=f"{target}: not represented: {text}")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
