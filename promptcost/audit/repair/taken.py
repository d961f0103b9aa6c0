"""Text taken from its place in a prompt: what is cut, what is left, and how it is written then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.repair.units import sentence
from promptcost.model.finding import Edit
from promptcost.templates.textmap import size

if TYPE_CHECKING:
    from promptcost.audit.repair.outline import Outline
    from promptcost.audit.repair.regions import Lines
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.written import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What moves: the cut, what is left of its lines (None: nothing), and how it is written then.

    `written` ends in `line_end`.
    """

    cut: Edit
    left: Mapping[int, str | None]
    lines: Sequence[str]
    written: str
    line_end: str
    is_part: bool = False


class Taker:
    """Takes text out of one template."""

    def __init__(self, source: TemplateSource, outline: Outline, lines: Sequence[Line]) -> None:
        self._source = source
        self._outline = outline
        self._lines = lines

    def take(self, lines: Lines, blanks: int) -> Taken:
        """Take lines, or those sentences of a line that move; `blanks` are lines put in front."""
        columns = sentence(self._outline, lines)
        if columns is None:
            return self._whole(lines, blanks)
        return self._part(lines[0], columns, blanks)

    def _whole(self, lines: Lines, blanks: int) -> Taken:
        """Take whole lines, with the blank ones behind them or else with some before."""
        container, texts = self._source.container, self._outline.lines
        first, last = (self._lines[number] for number in lines)
        end = self.gap_end(*lines)
        line_end = container[last.stop : last.end]
        gap = container[last.end : self._lines[end].end] or line_end * blanks
        return Taken(
            cut=self.edit(first.start, self._lines[end].end),
            left=dict.fromkeys(range(lines[0], end + 1)),
            lines=[*[""] * (end - lines[1] or blanks), *texts[lines[0] : lines[1] + 1]],
            written=gap + container[first.start : last.end],
            line_end=line_end,
        )

    def _part(self, number: int, columns: tuple[int, int], blanks: int) -> Taken:
        """Take sentences out of a line, with the blanks that part them from the one before."""
        container, line = self._source.container, self._lines[number]
        text = self._outline.lines[number]
        start, end = columns
        before, after = text[:start].rstrip(), text[end:].lstrip()
        cut = (len(before), end) if before else (start, len(text) - len(after))
        line_end = container[line.stop : line.end]
        indent = container[line.start : line.place(0)]
        shown = container[line.place(start) : line.place(end)]
        return Taken(
            cut=self.edit(line.place(cut[0]), line.place(cut[1])),
            left={number: text[: cut[0]] + text[cut[1] :]},
            lines=[*[""] * blanks, text[start:end]],
            written=f"{line_end * blanks}{indent}{shown}{line_end}",
            line_end=line_end,
            is_part=True,
        )

    def gap_end(self, first: int, last: int) -> int:
        """Return the last of the blank lines that go with a unit: those behind it.

        They stay where no blank line in front would part what is then left.
        """
        outline = self._outline
        if first and not outline.is_blank(first - 1):
            return last
        after = outline.next_filled(last)
        return last if after is None else after - 1

    def edit(self, start: int, end: int, replacement: str = "") -> Edit:
        """Return an edit of characters of the file as one of its bytes."""
        container = self._source.container
        first = size(container[:start])
        last = first + size(container[start:end])
        return Edit(path=self._source.path, start=first, end=last, replacement=replacement)
