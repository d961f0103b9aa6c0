"""Price lists, the pages of one target, and comparisons, for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.numbers import count
from promptcost.report.prices import (
    breaker_table,
    difference_table,
    knob_table,
    page_details,
    paying,
    price_table,
    rate_tables,
)
from promptcost.report.terminal.screen import Screen, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.catalogue import Comparison, ExplainPage, Offer, PriceTable

_GUTTER = 11


def render_price_list(offers: Sequence[Offer], screen: Screen) -> str:
    """Return one line per target with its standard rates."""
    sheet = Sheet(screen)
    table = price_table(offers)
    sheet.line((table.title, "bold"))
    sheet.table(table, _plain, indent=0)
    return sheet.text


def render_card(page: ExplainPage, screen: Screen) -> str:
    """Return the figures of a target: rates, cache semantics with evidence, sources."""
    sheet = Sheet(screen)
    _title(sheet, page)
    for table in rate_tables(page.offer):
        sheet.line((table.title, "bold"))
        sheet.table(table, _plain)
        sheet.blank()
    knobs, notes = knob_table(page)
    sheet.line((knobs.title, "bold"))
    if knobs.rows:
        sheet.table(knobs, _evidence)
    sheet.blank()
    for number, note in enumerate(notes, 1):
        sheet.labelled((f"note {number}", "dim"), note, indent=0, gutter=_GUTTER)
    _details(sheet, page)
    return sheet.text


def render_explanation(page: ExplainPage, screen: Screen) -> str:
    """Return in prose how a target's cache works, when it pays and what breaks it."""
    sheet = Sheet(screen)
    _title(sheet, page)
    sheet.paragraph(page.how)
    sheet.blank()
    if paying(page):
        sheet.line(("When it pays", "bold"))
        for sentence in paying(page):
            sheet.paragraph(sentence, indent=2)
        sheet.blank()
    breakers = breaker_table(page)
    if breakers.rows:
        sheet.line((breakers.title, "bold"))
        sheet.table(breakers, _loss)
        sheet.blank()
    _details(sheet, page)
    return sheet.text


def render_comparison(comparison: Comparison, table: PriceTable, screen: Screen) -> str:
    """Return where the catalogue and another price table differ, and what only one of them has."""
    sheet = Sheet(screen)
    name = f"{table.kind} {table.version}".rstrip()
    sheet.line((f"Our prices against {name}", "bold"))
    if comparison.differences:
        sheet.table(difference_table(comparison), _plain)
    for label, names in (
        ("only ours", comparison.ours_only),
        ("only theirs", comparison.theirs_only),
        ("unused", tuple(f"{one.target} {one.rate}" for one in comparison.unused)),
    ):
        if names:
            sheet.labelled((label, "dim"), f"{count(len(names))}: {', '.join(names)}", **_LAYOUT)
    sheet.paragraph((_tally(comparison), "red" if comparison.unexplained else "green"))
    return sheet.text


def _tally(comparison: Comparison) -> str:
    unexplained = len(comparison.unexplained)
    explained = len(comparison.differences) - unexplained
    differ = f"{unexplained} differ without a reason, {explained} differ for a reason"
    unmatched = f"{count(comparison.unmatched)} have no rate of ours"
    return f"{count(comparison.agreements)} rates agree, {differ}, {unmatched}"


_LAYOUT = {"indent": 0, "gutter": 13}


def _title(sheet: Sheet, page: ExplainPage) -> None:
    name = page.offer.card.name
    at = f" {name} at {page.provider.title}" if name else f" {page.provider.title}"
    sheet.line((str(page.offer.target), "bold"), at)
    sheet.blank()


def _details(sheet: Sheet, page: ExplainPage) -> None:
    for label, text in page_details(page):
        style = "yellow" if label == "warning" else "dim"
        sheet.labelled((label, style), text, indent=0, gutter=_GUTTER)


def _plain(_column: str, _cell: str) -> str:
    return ""


def _evidence(column: str, cell: str) -> str:
    if column == "evidence" and cell != "documented":
        return "yellow"
    return "dim" if column == "note" else ""


def _loss(column: str, cell: str) -> str:
    if column == "what is lost":
        return "green" if cell == "nothing" else "red" if cell == "everything" else "yellow"
    return "dim" if column == "note" else ""
