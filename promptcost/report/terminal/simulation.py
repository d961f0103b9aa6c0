"""A simulation at a glance: what each target costs, the cheapest, and what the figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.details import headline, shared_details, verdict
from promptcost.report.tables import cost_table, usage_table
from promptcost.report.terminal.screen import Screen, Sheet

if TYPE_CHECKING:
    from promptcost.model.simulation_report import SimulationReport

_LABEL_STYLE = {"too short": "yellow", "budget": "yellow", "warning": "yellow"}


def render_simulation(report: SimulationReport, screen: Screen) -> str:
    """Return a simulation for a terminal."""
    sheet = Sheet(screen)
    first, *rest = headline(report)
    sheet.paragraph((first, "bold"))
    for line in rest:
        sheet.paragraph((line, "dim"))
    sheet.blank()
    _tables(sheet, report)
    _details(sheet, report)
    return sheet.text


def _details(sheet: Sheet, report: SimulationReport) -> None:
    sheet.line(("What the figures rest on", "bold"))
    for label, text, targets in shared_details(report):
        holders = f"  [{', '.join(targets)}]" if targets else ""
        style = _LABEL_STYLE.get(label, "dim")
        sheet.labelled((label, style), text + holders, indent=2, gutter=12)


def _tables(sheet: Sheet, report: SimulationReport) -> None:
    best = "" if report.cheapest is None else report.cheapest.target

    def style(column: str, cell: str) -> str:
        if column == "target" and cell == best:
            return "bold green"
        return _saving_style(cell) if column.startswith("against") else ""

    sheet.table(cost_table(report), style, indent=0)
    sheet.blank()
    if verdict(report):
        sheet.labelled(("Cheapest", "bold green"), verdict(report), indent=0, gutter=10)
        sheet.blank()
    sheet.table(usage_table(report), style, indent=0)
    sheet.blank()


def _saving_style(cell: str) -> str:
    return "red" if cell.startswith("+") else "green"
