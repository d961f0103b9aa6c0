"""Finds lines and columns of JSON values in the file a request was read from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.model.span import Place, Span
from promptcost.wire import span_of

if TYPE_CHECKING:
    from typing import BinaryIO

    from promptcost.wire import WireRequest

_LAST_STEP = re.compile(r"(?:^|\.)[^.\[\]]*$|\[[^\]]*\]$")
_LOOK_BACK = 1 << 20  # bytes before a place in which the start of its line is looked for


class Locator:
    """Turns JSON paths into places of open files, by name of the file."""

    def __init__(self) -> None:
        """Start without any file."""
        self._streams: dict[str, BinaryIO] = {}

    def opened(self, source: str, stream: BinaryIO) -> None:
        """Make a file known, open for reading; the caller closes it."""
        self._streams = {source: stream}

    def place(self, request: WireRequest, json_path: str) -> Place:
        """Return the place of a value; the start of the record where it cannot be told."""
        stream = self._streams.get(request.source)
        span = None if stream is None else _span(stream, request, json_path)
        if stream is None or span is None:
            return _place(request.source, request.line, 1, 2)
        stream.seek(request.span.start)
        before = stream.read(span.start - request.span.start)
        line = request.line + before.count(b"\n")
        start = _column(stream, span.start)
        value = stream.read(span.end - span.start).partition(b"\n")[0]
        width = max(len(value.decode("utf-8", "replace")), 1)
        return _place(request.source, line, start, start + width)


def _span(stream: BinaryIO, request: WireRequest, json_path: str) -> Span | None:
    """Return the range of a value, or of what held it in the earlier request."""
    while json_path:
        span = span_of(stream, request, json_path)
        if span is not None:
            return span
        json_path = _LAST_STEP.sub("", json_path, count=1)
    return None


def _place(path: str, line: int, start: int, end: int) -> Place:
    return Place(path=path, start_line=line, start_column=start, end_line=line, end_column=end)


def _column(stream: BinaryIO, offset: int) -> int:
    """Return the 1-based column of a byte offset and leave the stream there."""
    low = max(offset - _LOOK_BACK, 0)
    stream.seek(low)
    data = stream.read(offset - low)
    head = data[data.rfind(b"\n") + 1 :]
    return len(head.decode("utf-8", "replace").lstrip("\ufeff")) + 1
