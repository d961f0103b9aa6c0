"""Places in sources: byte ranges for machines, lines and columns for people."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open byte range ``[start, end)`` in a source.  Raises ValueError when reversed."""

    source: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            message = f"span [{self.start}, {self.end}) is not a range"
            raise ValueError(message)

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A range in a file for people: 1-based lines and code-point columns, end column exclusive."""

    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.start_line}:{self.start_column}"


# The bytes of a UTF-8 character after its first look like 10xxxxxx.
_TOP_BITS, _CONTINUATION = 0b1100_0000, 0b1000_0000


class LineIndex:
    r"""Turns byte offsets of one UTF-8 source into lines and columns.

    Lines end at ``\n`` only, as Jinja and editors count them.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        if text.isascii():
            widths = [len(line) + 1 for line in self._lines]
        else:
            widths = [len(line.encode("utf-8", "surrogatepass")) + 1 for line in self._lines]
        self._starts = [0, *accumulate(widths)]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based (line, column) of a byte offset.

        Offsets outside are clamped; an offset inside a character is at that character.
        """
        offset = max(offset, 0)
        row = min(bisect_right(self._starts, offset), len(self._lines)) - 1
        line, within = self._lines[row], offset - self._starts[row]
        if line.isascii():
            return row + 1, min(within, len(line)) + 1
        raw = line.encode("utf-8", "surrogatepass")
        while within < len(raw) and raw[within] & _TOP_BITS == _CONTINUATION:
            within -= 1
        return row + 1, len(raw[:within].decode("utf-8", "surrogatepass")) + 1

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of a 1-based (line, column)."""
        head = self._lines[line - 1][: column - 1]
        return self._starts[line - 1] + len(head.encode("utf-8", "surrogatepass"))

    def line(self, number: int) -> str:
        """Return the text of a 1-based line without its end."""
        return self._lines[number - 1]

    def place(self, span: Span) -> Place:
        """Return a span of this source as a place."""
        start_line, start_column = self.position(span.start)
        end_line, end_column = self.position(span.end)
        return Place(
            path=span.source,
            start_line=start_line,
            start_column=start_column,
            end_line=end_line,
            end_column=end_column,
        )


@lru_cache(maxsize=2)
def line_index(text: str) -> LineIndex:
    """Return the index of a text; the one made last is kept, as a file may hold many templates."""
    return LineIndex(text)
