"""Price lists and the page of one target, for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.prices import knob_table, offer_details, price_table, rate_tables
from promptcost.report.terminal.screen import Screen, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.catalogue import Modifier, Offer, PriceCard


def render_price_list(offers: Sequence[Offer], screen: Screen) -> str:
    """Return one line per target with its standard rates."""
    sheet = Sheet(screen)
    table = price_table(offers)
    sheet.line((table.title, "bold"))
    sheet.table(table, _plain, indent=0)
    return sheet.text


def render_offer(
    offer: Offer, history: Sequence[PriceCard], modifiers: Sequence[Modifier], screen: Screen
) -> str:
    """Return everything the catalogue knows about a target on a day."""
    sheet = Sheet(screen)
    sheet.line((str(offer.target), "bold"), f" {offer.card.name}".rstrip())
    sheet.blank()
    for table in rate_tables(offer):
        sheet.line((table.title, "bold"))
        sheet.table(table, _plain)
        sheet.blank()
    knobs, notes = knob_table(offer)
    sheet.line((knobs.title, "bold"))
    if knobs.rows:
        sheet.table(knobs, _evidence)
    sheet.blank()
    for number, note in enumerate(notes, 1):
        sheet.labelled((f"note {number}", "dim"), note, indent=0, gutter=11)
    for label, text in offer_details(offer, history, modifiers):
        style = "yellow" if label == "warning" else "dim"
        sheet.labelled((label, style), text, indent=0, gutter=11)
    return sheet.text


def _plain(_column: str, _cell: str) -> str:
    return ""


def _evidence(column: str, cell: str) -> str:
    if column == "evidence" and cell != "documented":
        return "yellow"
    return "dim" if column == "note" else ""
