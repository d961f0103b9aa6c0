"""What a figure that rests on an offer must say beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from promptcost.catalogue._names import folded, without_snapshot
from promptcost.catalogue.card import Trust
from promptcost.catalogue.offer import Note, NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.catalogue.card import PriceCard
    from promptcost.catalogue.offer import Offer
    from promptcost.catalogue.target import Target

STALE_AFTER = timedelta(days=60)


def notes_on(
    offer: Offer, asked: Target, history: tuple[PriceCard, ...], until: datetime | None
) -> Iterator[Note]:
    """Yield the notes on an offer; dated ones only where they matter before `until`."""
    yield from _name_notes(offer, asked)
    for note in (*_stale(offer, until or offer.at), *_dated(offer, history)):
        if until is None or note.at is None or note.at < until:
            yield note
    yield from _lasting(offer)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC)


def moment(at: datetime) -> str:
    """Return an instant as a date where it is a UTC midnight, else to the minute."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if utc.time() == time() else f"{utc:%Y-%m-%d %H:%M} UTC"


def _name_notes(offer: Offer, asked: Target) -> Iterator[Note]:
    base = without_snapshot(asked.model)
    if base != asked.model and folded(base).endswith(folded(offer.target.model)):
        message = f"{asked.model} is priced as {offer.target.model}"
        yield Note(kind=NoteKind.SNAPSHOT, message=message)


def _stale(offer: Offer, end: datetime) -> Iterator[Note]:
    checked = midnight(offer.card.checked)
    if end - checked > STALE_AFTER:
        age, day = (end - checked).days, offer.card.checked
        message = f"{offer.target}: the price was last checked on {day}, {age} days before"
        yield Note(kind=NoteKind.STALE, message=message, at=checked + STALE_AFTER)


def _dated(offer: Offer, history: tuple[PriceCard, ...]) -> Iterator[Note]:
    target, card = offer.target, offer.card
    for later in history[history.index(card) + 1 :]:
        message = f"{target}: the price changes on {moment(later.valid_from or offer.at)}"
        yield Note(kind=NoteKind.PRICE_CHANGE, message=message, at=later.valid_from)
    if card.assured_until is not None:
        message = f"{target}: the price is promised only until {moment(card.assured_until)}"
        yield Note(kind=NoteKind.NOT_ASSURED, message=message, at=card.assured_until)
    if card.retires is not None:
        at = midnight(card.retires)
        gone = offer.at >= at
        message = f"{target}: the model {'was retired' if gone else 'retires'} on {card.retires}"
        yield Note(kind=NoteKind.RETIRED if gone else NoteKind.RETIRES, message=message, at=at)


def _lasting(offer: Offer) -> Iterator[Note]:
    target, card = offer.target, offer.card
    if card.trust is Trust.LOW:
        message = f"{target}: the price is uncertain (sources conflict or it is inferred)"
        yield Note(kind=NoteKind.LOW_TRUST, message=message)
    for modifier in offer.modifiers:
        if modifier.disables_caching:
            message = f"{target}: caching is not available with {modifier.name}"
            yield Note(kind=NoteKind.NO_CACHING, message=message)
    if card.provider != target.provider:
        message = f"{target}: billed at the rates of {card.provider}"
        yield Note(kind=NoteKind.PASSED_THROUGH, message=message)
    for text in card.not_represented:
        yield Note(kind=NoteKind.NOT_REPRESENTED, message=f"{target}: not represented: {text}")
