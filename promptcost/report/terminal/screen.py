"""The sheet that terminal reports are written on: width, colour, and only harmless text."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from promptcost.report.safe import visible
from promptcost.report.terminal.layout import lay_out

if TYPE_CHECKING:
    from promptcost.report.tables import Table
    from promptcost.report.terminal.layout import Style

Part = str | tuple[str, str]  # text, or text with a style

_NARROWEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the output goes to: columns, and whether colour is wanted."""

    width: int = 100
    colour: bool = False


class Sheet:
    """Collects lines of text; everything written on it passes `visible` first."""

    def __init__(self, screen: Screen) -> None:
        self.width = max(screen.width, _NARROWEST)
        self._buffer = StringIO()
        self._console = Console(
            file=self._buffer,
            width=self.width,
            force_terminal=screen.colour,
            color_system="standard" if screen.colour else None,
            no_color=not screen.colour,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
            _environ={},  # the environment is the caller's to read
        )

    @property
    def text(self) -> str:
        """Everything written so far, without blanks at the ends of lines."""
        lines = self._buffer.getvalue().split("\n")
        return "\n".join(line.rstrip() for line in lines)

    def line(self, *parts: Part) -> None:
        """Write one line as it is, however long: places must stay in one piece."""
        self._console.print(_assembled(parts), soft_wrap=True)

    def paragraph(self, *parts: Part, indent: int = 0) -> None:
        """Write text wrapped to the width."""
        self.labelled("", _assembled(parts), indent=indent, gutter=0)

    def labelled(self, label: Part, text: str | Text, *, indent: int, gutter: int) -> None:
        """Write a label and, from `gutter` cells on, text wrapped beside it."""
        body = _assembled((text,)) if isinstance(text, str) else text
        lines = body.wrap(self._console, max(self.width - indent - gutter, _NARROWEST // 2))
        for number, line in enumerate(lines or [Text()]):
            head = _assembled((label,)) if number == 0 else Text()
            head.pad_right(gutter - head.cell_len)
            self._console.print(Text.assemble(" " * indent, head, line), soft_wrap=True)

    def blank(self) -> None:
        """Write an empty line."""
        self._console.print()

    def table(self, table: Table, style: Style, indent: int = 2) -> None:
        """Write a table; `style` gives the style of a cell from its column's name and text.

        Figures never break.  Where a row does not fit, its first cell gets a line of its own.
        """
        for line in lay_out(table, self.width - indent, style):
            self._console.print(Text.assemble(" " * indent, line), soft_wrap=True)


def _assembled(parts: tuple[Part, ...]) -> Text:
    text = Text(overflow="fold")
    for part in parts:
        content, style = (part, "") if isinstance(part, str) else part
        text.append(visible(content), style=style)
    return text
