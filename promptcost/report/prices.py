"""Price cards and cache semantics as tables and labelled sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue import Knob, NoteKind
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
)
from promptcost.report.numbers import count, share, unit_cost
from promptcost.report.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from promptcost.catalogue import (
        Comparison,
        ExplainPage,
        Modifier,
        Offer,
        PriceCard,
        RateTable,
        Source,
    )

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
_BREAKERS = (
    Column(name="change"),
    Column(name="what is lost"),
    Column(name="note", folds=True),
)
_DIFFERENCES = (
    Column(name="target"),
    Column(name="rate"),
    Column(name="ours", figures=True),
    Column(name="theirs", figures=True),
    Column(name="checked"),
    Column(name="why ours differs", folds=True),
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


def knob_table(page: ExplainPage) -> tuple[Table, list[str]]:
    """Return how the cache behaves, knob by knob, and the notes that its last column counts."""
    notes = list(dict.fromkeys(knob.note for knob in page.knobs if knob.note))
    rows = tuple(
        (
            knob.name.replace("_", " "),
            knob.value,
            str(knob.evidence),
            str(notes.index(knob.note) + 1) if knob.note else "",
        )
        for knob in page.knobs
    )
    return Table(title=f"Cache semantics: {page.family}", columns=_KNOBS, rows=rows), notes


def breaker_table(page: ExplainPage) -> Table:
    """Return which changes of a request make what unreadable."""
    rows = tuple(
        (one.change.replace("_", " "), one.loss.replace("_", " "), one.note)
        for one in page.breakers
    )
    return Table(title="What breaks it", columns=_BREAKERS, rows=rows)


def paying(page: ExplainPage) -> list[str]:
    """Return when caching pays, in sentences; none where nothing can be said."""
    said = []
    for rate in page.hit_rates:
        if rate.write is None:
            said.append("Writing costs no more than input, so every read pays.")
        else:
            limit = share(float(rate.share))
            said.append(f"With {rate.write} it pays when more than {limit} of the requests read.")
    if page.rent is not None:
        hour, day = page.rent.reads_in_first_hour, page.rent.reads_in_first_day
        said.append(
            f"Rent pays from {page.rent.reads_per_hour:.2f} reads an hour, whatever the size; with "
            f"its creation from {hour:.2f} reads in the first hour, or {day:.2f} in the first day."
        )
    return said


def page_details(page: ExplainPage) -> list[tuple[str, str]]:
    """Return label and sentence of everything else the catalogue knows about a target."""
    offer, card = page.offer, page.offer.card
    details = [("priced at", _instant(offer.at)), ("checked", _checked(card))]
    if card.context_window is not None:
        details.append(("context", f"{count(card.context_window)} tokens"))
    if card.tokenizer:
        details.append(("tokenizer", card.tokenizer))
    if card.retires is not None:
        details.append(("retires", card.retires.isoformat()))
    details += [("billed", _modifier(modifier)) for modifier in page.modifiers]
    details += [("change", _change(other)) for other in page.history if _later(other, offer.at)]
    own = f"{offer.target}: "  # the page is about nothing else
    details += [
        ("warning", str(note).removeprefix(own))
        for note in offer.notes
        if note.kind is not NoteKind.NOT_REPRESENTED  # told as left out
    ]
    details += [("note", note) for note in (card.note,) if note]
    details += [("left out", text) for text in page.not_represented]
    return details + [("source", _source(source)) for source in card.sources]


def _checked(card: PriceCard) -> str:
    return f"{card.checked.isoformat()}, {card.trust} trust"


def _modifier(modifier: Modifier) -> str:
    factors = ", ".join(
        f"{kind} at the input rate" if factor is None else f"{kind} x{factor.normalize():f}"
        for kind, factor in modifier.factors
    )
    rates = "".join(f", {meter} {unit_cost(amount)}" for meter, amount in modifier.rates)
    caching = "; no caching" if modifier.disables_caching else ""
    until = "" if modifier.until is None else f"; until {modifier.until.isoformat()}"
    note = f" ({modifier.note})" if modifier.note else ""
    return f"+{modifier.name}: {factors or 'standard rates'}{rates}{caching}{until}{note}"


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


def difference_table(comparison: Comparison) -> Table:
    """Return every rate that two price tables give differently, unexplained ones first."""
    rows = tuple(
        (
            str(one.target),
            str(one.rate),
            f"${one.ours.normalize():f}",  # exact: a small difference must be seen
            f"${one.theirs.normalize():f}",
            one.checked.isoformat(),
            one.reason,
        )
        for one in sorted(comparison.differences, key=lambda one: bool(one.reason))
    )
    return Table(title=_UNIT, columns=_DIFFERENCES, rows=rows)
