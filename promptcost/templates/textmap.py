"""From characters of a template, as Jinja sees them, back to bytes of the file that holds it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

NEWLINE = re.compile(r"\r\n|\r|\n")


def size(text: str) -> int:
    """Return the length in UTF-8 bytes; lone surrogates count three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def normalise(text: str) -> str:
    r"""Return the text with every line end as ``\n``, the form in which Jinja counts characters."""
    return NEWLINE.sub("\n", text) if "\r" in text else text


class Segment(NamedTuple):
    """A run of a template that stands in its file as it is, from byte `start` to byte `end`.

    `char` is its first character in the normalised text.
    """

    char: int
    start: int
    end: int


class TextMap:
    """Maps character ranges of one template's normalised text to byte ranges of its file.

    `segments` place the runs of the text, in order, when the template is part of a larger file;
    without them the text stands there line by line from byte `start` on.  When `exact` is false the
    segments are coarser than the text.
    """

    def __init__(
        self,
        text: str,
        segments: list[Segment] | None = None,
        *,
        exact: bool = True,
        start: int = 0,
    ) -> None:
        self.exact = exact
        self._start = start
        # Where a character is a byte, no line needs looking up.
        self._same = segments is None and text.isascii() and "\r" not in text
        self._source = text
        self._text = ""
        self._chars = [segment.char for segment in segments or []]
        self._begins = [segment.start for segment in segments or []]
        self._ends = [segment.end for segment in segments or []]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the byte range of a half-open character range."""
        if self._same:
            return self._start + start, self._start + end
        if not self._text:
            self._index()
        first, last = self._at(start), self._at(max(end - 1, start))
        if not self.exact:
            return self._begins[first], self._ends[last]
        begin = self._byte(first, start)
        if end <= start:
            return begin, begin
        # The end of a line is one character here and may be two bytes there.
        whole = last + 1 < len(self._chars) and end >= self._chars[last + 1]
        return begin, self._ends[last] if whole else self._byte(last, end)

    def _at(self, char: int) -> int:
        return max(bisect_right(self._chars, char) - 1, 0)

    def _byte(self, at: int, char: int) -> int:
        width = size(self._text[self._chars[at] : char])
        return min(self._begins[at] + width, self._ends[at])

    def _index(self) -> None:
        self._text = normalise(self._source)
        if self._chars:
            return
        char, at, last = 0, self._start, 0
        for match in NEWLINE.finditer(self._source):
            self._add_line(char, at, self._source[last : match.end()])
            char += match.start() - last + 1
            at = self._ends[-1]
            last = match.end()
        self._add_line(char, at, self._source[last:])

    def _add_line(self, char: int, start: int, line: str) -> None:
        self._chars.append(char)
        self._begins.append(start)
        self._ends.append(start + size(line))
