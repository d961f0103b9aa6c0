r"""Places a text inside the file that quotes, indents or folds it.

A literal text keeps its lines but for their indentation, so each line is a segment with an exact
place.  Whatever else a container does to blanks, the words stay the same and in the same order.
Quoted texts write line ends as ``\n`` and quotes as ``\"``; where words still differ, the whole
value is one coarse segment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.templates.textmap import Segment, TextMap, normalise, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from promptcost.templates.written import Written

_LINE = re.compile(r"(?P<word>[^ \t\r\n](?:[^\r\n]*[^ \t\r\n])?)")
_LINE = re.compile(r"(?P<word>[^ \t\r\n](?:[^\r\n]*[^ \t\r\n])?)")
_WORD = re.compile(r"(?P<word>[^ \t\r\n]+)")
# In a quoted text an escaped blank parts words like any other; a pair of backslashes does not.
_QUOTED_WORD = re.compile(r"(?:\\[nrt \r\n]|[ \t\r\n])+|(?P<word>(?:\\[^nrt \r\n]|[^\\ \t\r\n])+)")
_PART = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)|[^\\]+", re.DOTALL)


def align(text: str, container: str, start: int, end: int) -> TextMap:
    """Return the map of a text that stands at characters ``[start, end)`` of its container."""
    shown = normalise(text)
    for unit, pattern, parts in _WAYS:
        ours = list(unit.finditer(shown))
        found = pattern.finditer(container, start, end)
        theirs = [word for word in found if word["word"]][: len(ours)]
        written = [list(parts(word)) for word in theirs]
        if [word[0] for word in ours] == ["".join(part for part, _ in word) for word in written]:
            return TextMap(text, _segments(ours, written, container, start))
    at = size(container[:start])
    whole = Segment(char=0, start=at, end=at + size(container[start:end]))
    return TextMap(text, [whole], exact=False)


def aligned(
    text: str, container: str, start: int, end: int, written: Callable[[], Written | None]
) -> TextMap:
    """Return the map of a text; where words differ, as at a continued line, by how it is written.

    `written` says how the file writes the text, and is asked only then.
    """
    where = align(text, container, start, end)
    runs = None if where.exact else written()
    if not runs:
        return where
    at, last, char = 0, 0, 0
    segments: list[Segment] = []
    for run in runs:
        begin = at + size(container[last : run.start])
        at, last = begin + size(container[run.start : run.end]), run.end
        if run.text:
            segments.append(Segment(char=char, start=begin, end=at))
            char += len(run.text)
    return TextMap(text, segments)


Part = tuple[str, tuple[int, int]]


def _whole(word: re.Match[str]) -> Iterator[Part]:
    yield word[0], word.span()


def _unquoted(word: re.Match[str]) -> Iterator[Part]:
    """Yield the parts of a quoted word as they read, and where each is written."""
    for part in _PART.finditer(word[0]):
        shown = part[0]
        if shown.startswith("\\"):
            digits = shown[2:]
            shown = chr(int(digits, 16)) if digits else shown[1:]
        yield shown, (word.start() + part.start(), word.start() + part.end())


_WAYS = ((_LINE, _LINE, _whole), (_WORD, _WORD, _whole), (_WORD, _QUOTED_WORD, _unquoted))


def _segments(
    ours: list[re.Match[str]], written: list[list[Part]], container: str, start: int
) -> list[Segment]:
    at, last = size(container[:start]), start
    plain = container.isascii()
    segments: list[Segment] = []
    for mine, parts in zip(ours, written, strict=True):
        char = mine.start()
        for shown, (begin, stop) in parts:
            at += begin - last if plain else size(container[last:begin])
            width = stop - begin if plain else size(container[begin:stop])
            segments.append(Segment(char=char, start=at, end=at + width))
            char, at, last = char + len(shown), at + width, stop
    return segments or [Segment(char=0, start=at, end=at)]
