"""A text exactly as its file writes it, so that it can be edited there and read back.

The runs of a text tile the characters of the file between its first and its last: indentation and
continued lines are runs without text, escapes and line ends are runs of one character.  Where a
file folds or joins a text there are no such runs, and `None` stands for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.templates.textmap import NEWLINE, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text, and the half-open range of characters of the file that write it."""

    text: str
    start: int
    end: int


Written = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a text without its end; characters of the file.

    `start` is before its indentation, `stop` before the line end, `end` behind it; the last line of
    a text has none, so `stop` is `end`.  `runs` are its own.
    """

    text: str
    start: int
    stop: int
    end: int
    runs: Written

    def place(self, column: int) -> int:
        """Return the character of the file that writes a character of the line, or ends it."""
        at = 0
        for run in self.runs:
            if at <= column < at + len(run.text):
                return run.start + column - at
            at += len(run.text)
        return self.stop


def plainly(text: str, start: int = 0) -> Written:
    """Return the runs of a text that stands in its file as it is, from a character on."""
    runs: list[Run] = []
    at = 0
    for found in NEWLINE.finditer(text) if "\r" in text else ():
        runs.append(Run(text[at : found.start()], start + at, start + found.start()))
        runs.append(Run("\n", start + found.start(), start + found.end()))
        at = found.end()
    runs.append(Run(text[at:], start + at, start + len(text)))
    return tuple(runs)


def indented(value: str, container: str, start: int, end: int) -> Written | None:
    """Return the runs of a text each of whose lines is indented (YAML's literal style)."""
    runs: list[Run] = []
    at = start
    lines = value.split("\n")
    for number, line in enumerate(lines):
        found = NEWLINE.search(container, at, end)
        stop = end if found is None else found.start()
        blanks = container[at : stop - len(line)] if line else container[at:stop]
        is_last = number == len(lines) - 1
        if is_last and not line:
            break
        if stop - at < len(line) or not container.endswith(line, at, stop) or blanks.strip(" "):
            return None
        runs += [Run("", at, at + len(blanks)), Run(line, at + len(blanks), stop)]
        if is_last:
            break
        if found is None:
            return None
        runs.append(Run("\n", stop, found.end()))
        at = found.end()
    return tuple(runs)


def escaped(
    container: str, start: int, end: int, escape: re.Pattern[str], read: Callable[[str], str]
) -> Written:
    """Return the runs of a text with escapes; `read` says what the text of an escape stands for."""
    runs: list[Run] = []
    at = start
    for found in escape.finditer(container, start, end):
        runs += plainly(container[at : found.start()], at)
        runs.append(Run(read(found[0]), found.start(), found.end()))
        at = found.end()
    return inside((*runs, *plainly(container[at:end], at)))


def inside(runs: Sequence[Run]) -> Written:
    """Return runs without a line that is continued before the text begins, or behind its end."""
    held = [number for number, run in enumerate(runs) if run.text]
    return tuple(runs[held[0] : held[-1] + 1]) if held else ()


def checked(runs: Sequence[Run] | None, text: str) -> Written | None:
    """Return runs that read as a text; else None, as for a text that is empty."""
    if not runs or "".join(run.text for run in runs) != normalise(text):
        return None
    return tuple(runs)


def lines_of(written: Written) -> tuple[Line, ...]:
    """Return the lines of a text."""
    lines: list[Line] = []
    runs: list[Run] = []
    start = written[0].start
    for part in _parts(written):
        if part.text == "\n":
            lines.append(_line(runs, start, part.start, part.end))
            runs, start = [], part.end
        else:
            runs.append(part)
    end = written[-1].end
    return (*lines, _line(runs, start, end, end))


def _line(runs: Sequence[Run], start: int, stop: int, end: int) -> Line:
    text = "".join(run.text for run in runs)
    return Line(text=text, start=start, stop=stop, end=end, runs=tuple(runs))


def _parts(written: Written) -> Iterator[Run]:
    """Yield runs with line ends by themselves; an escape stands for nothing else besides one."""
    for run in written:
        if "\n" not in run.text or run.text == "\n":
            yield run
            continue
        at = run.start
        for piece in re.split("(\n)", run.text):
            yield Run(piece, at, at + len(piece))
            at += len(piece)
