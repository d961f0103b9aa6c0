"""A line of source with a caret under the expression, cut to the width around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from promptcost.report.safe import visible

if TYPE_CHECKING:
    from promptcost.model.span import Place

_CUT = "…"
_LOOK = 400  # characters of a long line that can matter for one screen


def marked_line(text: str, place: Place, width: int) -> tuple[str, str]:
    """Return the visible part of a line and the carets below it, each at most `width` cells."""
    start = place.start_column - 1
    end = place.end_column - 1 if place.start_line == place.end_line else len(text)
    before = visible(text[max(start - _LOOK, 0) : start])
    marked = visible(text[start : min(end, start + _LOOK)])
    after = visible(text[max(end, start) : end + _LOOK])
    before = _last_cells(before, max(width // 3, width - cell_len(marked) - cell_len(after)))
    marked = _first_cells(marked, width - cell_len(before))
    after = _first_cells(after, width - cell_len(before) - cell_len(marked))
    carets = " " * cell_len(before) + "^" * max(cell_len(marked), 1)
    return before + marked + after, carets


def _first_cells(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    kept = text
    while kept and cell_len(kept) > width - 1:
        kept = kept[:-1]
    return kept + _CUT if width > 0 else ""


def _last_cells(text: str, width: int) -> str:
    return _first_cells(text[::-1], width)[::-1]


def shortened(text: str, width: int) -> str:
    """Return text made visible and cut to `width` cells."""
    return _first_cells(visible(text[:_LOOK]), width)
