"""Columns of text for a screen of a given width; nothing is cut off, figures stay in one piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.text import Text

from promptcost.report.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.report.tables import Column, Table

Style = Callable[[str, str], str]
"""The style of a cell from the name of its column and its text."""

_GAP = "  "
_SIDE_BY_SIDE = 8  # target columns that are tried at most
_NARROWEST = 12  # cells that a folding column gets at least


def lay_out(table: Table, width: int, style: Style) -> Iterator[Text]:
    """Yield the lines of a table, the headings first."""
    rows = [tuple(visible(cell) for cell in row) for row in table.rows]
    widths = _widths(table, rows, width)
    stacked = _total(widths) > width
    for line in _headings(table):
        cells = [_Cell([text], "dim") for text in line]
        yield from _lines(table.columns, cells, widths, stacked=stacked)
    for row in rows:
        cells = [
            _Cell(_folded(cell, size) if column.folds else [cell], style(column.name, cell))
            for column, cell, size in zip(table.columns, row, widths, strict=True)
        ]
        yield from _lines(table.columns, cells, widths, stacked=stacked)


def _headings(table: Table) -> list[tuple[str, ...]]:
    """Return the lines of the headings; short ones stand at the bottom, next to their figures."""
    names = [[visible(line) for line in column.name.split("\n")] for column in table.columns]
    height = max(map(len, names))
    return list(zip(*([""] * (height - len(name)) + name for name in names), strict=True))


def fits(table: Table, width: int) -> bool:
    """Say whether the rows of a table fit a width without being stacked."""
    rows = [tuple(visible(cell) for cell in row) for row in table.rows]
    return _total(_widths(table, rows, width)) <= width


def fitting(make: Callable[[int], list[Table]], width: int) -> list[Table]:
    """Return the tables that `make` gives for the most columns side by side that still fit."""
    made = make(_SIDE_BY_SIDE)
    for number in range(_SIDE_BY_SIDE - 1, 0, -1):
        if all(fits(table, width) for table in made):
            break
        made = make(number)
    return made


def _total(widths: list[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _folded(text: str, width: int) -> list[str]:
    """Return text broken between words, and inside words that are wider than a line."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines += chop_cells(word, width)
    return lines if lines[0] else lines[1:]


class _Cell:
    """The lines of one cell and their style."""

    __slots__ = ("lines", "style")

    def __init__(self, lines: list[str] | tuple[str, ...], style: str) -> None:
        self.lines = lines
        self.style = style

    def line(self, number: int, width: int, *, right: bool) -> Text:
        text = self.lines[number] if number < len(self.lines) else ""
        blank = " " * (width - cell_len(text))
        return Text.assemble(blank if right else "", (text, self.style), "" if right else blank)


def _widths(table: Table, rows: list[tuple[str, ...]], width: int) -> list[int]:
    headings = _headings(table)
    least = [max(map(cell_len, lines)) for lines in zip(*headings, strict=True)]
    natural = [max(map(cell_len, lines)) for lines in zip(*headings, *rows, strict=True)]
    excess = _total(natural) - width
    for index in reversed(range(len(natural))):
        if table.columns[index].folds and excess > 0:
            taken = min(excess, max(natural[index] - max(_NARROWEST, least[index]), 0))
            natural[index] -= taken
            excess -= taken
    return natural


def _lines(
    columns: tuple[Column, ...], cells: list[_Cell], widths: list[int], *, stacked: bool
) -> Iterator[Text]:
    if stacked:  # the first cell on a line of its own, the others below it
        yield from (Text(line, style=cells[0].style) for line in cells[0].lines if line)
        columns, cells, widths = columns[1:], cells[1:], widths[1:]
    for number in range(max((len(cell.lines) for cell in cells), default=0)):
        pieces = [
            cell.line(number, width, right=column.figures)
            for column, cell, width in zip(columns, cells, widths, strict=True)
        ]
        yield Text.assemble(_GAP if stacked else "", Text(_GAP).join(pieces))
