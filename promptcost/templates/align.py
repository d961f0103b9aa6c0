"""Places a text inside the file that quotes, indents or folds it.

Whatever a container does to blanks, the words stay the same and in the same order; so each word is
a segment with an exact place.  Where words differ (escapes), the whole value is one coarse segment.
"""

from __future__ import annotations

import re

from promptcost.templates.textmap import Segment, TextMap, normalise, size

_WORD = re.compile(r"[^ \t\r\n]+")


def align(text: str, container: str, start: int, end: int) -> TextMap:
    """Return the map of a text that stands at characters ``[start, end)`` of its container."""
    ours = list(_WORD.finditer(normalise(text)))
    theirs = list(_WORD.finditer(container, start, end))[: len(ours)]
    at = size(container[:start])
    if [word[0] for word in ours] != [word[0] for word in theirs]:
        whole = Segment(char=0, start=at, end=at + size(container[start:end]))
        return TextMap(text, [whole], exact=False)
    segments, last = [], start
    for mine, written in zip(ours, theirs, strict=True):
        at += size(container[last : written.start()])
        width = size(written[0])
        segments.append(Segment(char=mine.start(), start=at, end=at + width))
        at += width
        last = written.end()
    return TextMap(text, segments or [Segment(char=0, start=at, end=at)])
