"""Price cards and cache semantics as tables and labelled sentences."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from promptcost.catalogue import Knob, NoCacheSpec, family_of
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
    format_ttl,
)
from promptcost.report.numbers import count, unit_cost
from promptcost.report.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.catalogue import Modifier, Offer, PriceCard, RateTable, Source

_PRICES = (
    Column(name="target"),
    Column(name="input", figures=True),
    Column(name="cache\nread", figures=True),
    Column(name="cache\nwrite", figures=True),
    Column(name="storage\nper hour", figures=True),
    Column(name="output", figures=True),
    Column(name="minimum\ntokens", figures=True),
    Column(name="checked"),
)
_KNOBS = (
    Column(name="knob"),
    Column(name="value"),
    Column(name="evidence"),
    Column(name="note"),
)
_UNIT = "dollars per million tokens"


def price_table(offers: Sequence[Offer]) -> Table:
    """Return one row per offer with its standard rates; what does not exist stays empty."""
    rows = tuple(_price_cells(offer) for offer in offers)
    return Table(title=f"Prices in {_UNIT}", columns=_PRICES, rows=rows)


def _price_cells(offer: Offer) -> tuple[str, ...]:
    table = offer.tables[0][0]
    return (
        str(offer.target),
        _rate(table, INPUT),
        _rate(table, CACHE_READ),
        _write(offer, table),
        _rate(table, CACHE_STORAGE),
        _rate(table, OUTPUT),
        _minimum(offer),
        offer.card.checked.isoformat(),
    )


def _rate(table: RateTable, meter: Meter) -> str:
    rate = table.rate(meter)
    return "" if rate is None else unit_cost(rate.amount)


def _write(offer: Offer, table: RateTable) -> str:
    """Return the write rate of the lifetime the target asks for, else of every lifetime."""
    knob = getattr(offer.policy, "ttl", None)
    own = table.rate(Meter(MeterKind.CACHE_WRITE, knob.value)) if isinstance(knob, Knob) else None
    every = [rate for meter, rate in table.rates if meter.kind is MeterKind.CACHE_WRITE]
    writes = every if own is None else [own]
    return " / ".join(dict.fromkeys(unit_cost(rate.amount) for rate in writes))


def _minimum(offer: Offer) -> str:
    knob = getattr(offer.policy, "min_tokens", None)
    return count(knob.value) if isinstance(knob, Knob) else ""


def rate_tables(offer: Offer) -> list[Table]:
    """Return every rate of an offer, a table per hour window, a row per meter."""
    tables = []
    for row in offer.tables:
        meters = dict.fromkeys(meter for table in row for meter, _ in table.rates)
        columns = (Column(name="meter"), *(Column(name=t.name, figures=True) for t in row))
        cells = tuple((str(meter), *(_rate(table, meter) for table in row)) for meter in meters)
        tables.append(Table(title=_UNIT, columns=columns, rows=cells))
    return tables


def knob_table(offer: Offer) -> tuple[Table, list[str]]:
    """Return how the cache behaves, knob by knob, and the notes that its last column counts."""
    spec = offer.policy
    knobs = {field.name: getattr(spec, field.name) for field in fields(spec)}
    notes = list(dict.fromkeys(knob.note for knob in knobs.values() if knob.note))
    rows = tuple(
        (
            name.replace("_", " "),
            setting(knob.value),
            str(knob.evidence),
            str(notes.index(knob.note) + 1) if knob.note else "",
        )
        for name, knob in knobs.items()
    )
    title = f"Cache semantics: {family_of(spec)}"
    if isinstance(spec, NoCacheSpec):
        title = "No caching: every prompt token is input"
    return Table(title=title, columns=_KNOBS, rows=rows), notes


def setting(value: object) -> str:
    """Return the value of a knob in words."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case timedelta():
            return format_ttl(value)
        case int():
            return count(value)
        case _:
            return str(value)


def offer_details(
    offer: Offer, history: Sequence[PriceCard], modifiers: Sequence[Modifier]
) -> list[tuple[str, str]]:
    """Return label and sentence of everything else the catalogue knows about a target."""
    card = offer.card
    details = [("priced at", _instant(offer.at)), ("checked", _checked(card))]
    if card.context_window is not None:
        details.append(("context", f"{count(card.context_window)} tokens"))
    if card.tokenizer:
        details.append(("tokenizer", card.tokenizer))
    if card.retires is not None:
        details.append(("retires", card.retires.isoformat()))
    details += [("billed", _modifier(modifier)) for modifier in modifiers]
    details += [("change", _change(other)) for other in history if _later(other, offer.at)]
    details += [("warning", str(note)) for note in offer.notes]
    details += [("note", note) for note in (card.note,) if note]
    details += [("missing", text) for text in card.not_represented]
    return details + [("source", _source(source)) for source in card.sources]


def _checked(card: PriceCard) -> str:
    return f"{card.checked.isoformat()}, {card.trust} trust"


def _modifier(modifier: Modifier) -> str:
    factors = ", ".join(
        f"{kind} at the input rate" if factor is None else f"{kind} x{factor.normalize():f}"
        for kind, factor in modifier.factors
    )
    caching = "; no caching" if modifier.disables_caching else ""
    note = f" ({modifier.note})" if modifier.note else ""
    return f"+{modifier.name}: {factors or 'standard rates'}{caching}{note}"


def _later(card: PriceCard, at: datetime) -> bool:
    return card.valid_from is not None and card.valid_from > at


def _change(card: PriceCard) -> str:
    rates = ", ".join(f"{meter} {unit_cost(rate.amount)}" for meter, rate in card.rates)
    start = "" if card.valid_from is None else _instant(card.valid_from)
    return f"from {start}: {rates}"


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M %Z")


def _source(source: Source) -> str:
    return f"{source.text} {source.url}".strip()
