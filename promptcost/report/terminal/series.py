"""What recorded requests share, for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.series import (
    program_details,
    program_headline,
    series_headline,
    sharing_tables,
)
from promptcost.report.terminal.layout import fitting

if TYPE_CHECKING:
    from promptcost.model.series_report import ProgramReport, SeriesReport
    from promptcost.report.terminal.layout import Style
    from promptcost.report.terminal.screen import Sheet

_INDENT = 2


def write_series(sheet: Sheet, series: SeriesReport, style: Style) -> None:
    """Write every program of a log: what its requests share, and what they cost."""
    sheet.line((series_headline(series), "bold"))
    for program in series.programs:
        sheet.paragraph((program_headline(program), "cyan"), indent=_INDENT)
        _program(sheet, program, style)
        sheet.blank()
    more = series.program_count - len(series.programs)
    if more > 0:
        sheet.paragraph((f"{more} more not shown", "dim"), indent=_INDENT)


def _program(sheet: Sheet, program: ProgramReport, style: Style) -> None:
    for table in fitting(lambda number: sharing_tables(program, number), sheet.width - _INDENT):
        sheet.table(table, style, indent=_INDENT)
    for label, text in program_details(program):
        sheet.labelled((label, "dim"), text, indent=_INDENT, gutter=8)
