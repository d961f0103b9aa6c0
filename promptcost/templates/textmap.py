"""From characters of a template, as Jinja sees them, back to bytes of the file that holds it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

NEWLINE = re.compile(r"\r\n|\r|\n")


def size(text: str) -> int:
    """Return the length in UTF-8 bytes; lone surrogates count three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def normalise(text: str) -> str:
    r"""Return the text with every line end as ``\n``, the form in which Jinja counts characters."""
    return NEWLINE.sub("\n", text) if "\r" in text else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of a template that stands in its file as it is, from byte `start` to byte `end`.

    `char` is its first character in the normalised text.
    """

    char: int
    start: int
    end: int


class TextMap:
    """Maps character ranges of one template's normalised text to byte ranges of its file.

    `segments` place the runs of the text, in order, when the template is part of a larger file;
    without them the text is the file.  When `exact` is false they are coarser than the text.
    """

    def __init__(
        self, text: str, segments: list[Segment] | None = None, *, exact: bool = True
    ) -> None:
        self.exact = exact
        self._same = segments is None and text.isascii() and "\r" not in text
        self._text = "" if self._same else normalise(text)
        self._segments = segments or ([] if self._same else line_segments(text))
        self._chars = [segment.char for segment in self._segments]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the byte range of a half-open character range."""
        if self._same:
            return start, end
        first, last = self._at(start), self._at(max(end - 1, start))
        if not self.exact:
            return self._segments[first].start, self._segments[last].end
        begin = self._byte(first, start)
        if end <= start:
            return begin, begin
        # The end of a line is one character here and may be two bytes there.
        whole = last + 1 < len(self._chars) and end >= self._chars[last + 1]
        return begin, self._segments[last].end if whole else self._byte(last, end)

    def _at(self, char: int) -> int:
        return max(bisect_right(self._chars, char) - 1, 0)

    def _byte(self, at: int, char: int) -> int:
        segment = self._segments[at]
        return min(segment.start + size(self._text[segment.char : char]), segment.end)


def line_segments(text: str, start: int = 0) -> list[Segment]:
    """Return the lines of a text that begins at a byte of a file; each holds its line end."""
    segments, char, at, last = [], 0, start, 0
    for match in NEWLINE.finditer(text):
        width = size(text[last : match.end()])
        segments.append(Segment(char=char, start=at, end=at + width))
        char += match.start() - last + 1
        at += width
        last = match.end()
    segments.append(Segment(char=char, start=at, end=at + size(text[last:])))
    return segments
