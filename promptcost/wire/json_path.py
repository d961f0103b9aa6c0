"""JSON paths such as ``messages[3].content[0].text``, and where they stand in a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING

from promptcost.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from promptcost.wire.block import WireRequest

_PLAIN = re.compile(r"[A-Za-z_$][\w$-]*", re.ASCII)
_STEP = re.compile(r'\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', re.ASCII)
_SPACE = re.compile(r"[ \t\r\n]*")


def join(path: str, step: str | int) -> str:
    """Return the path of a member or an element."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    if not _PLAIN.fullmatch(step):
        return f"{path}[{json.dumps(step)}]"
    return f"{path}.{step}" if path else step


def steps(path: str) -> tuple[str | int, ...]:
    """Return the keys and indexes of a path."""
    return tuple(_steps(path))


def _steps(path: str) -> Iterator[str | int]:
    for key, index, quoted in _STEP.findall(path):
        yield int(index) if index else key or json.loads(quoted)


def locate(text: str, path: str) -> tuple[int, int] | None:
    """Return the half-open character range of a path's value in valid JSON text, if it is there."""
    position = _skip(text, 0)
    for step in steps(path):
        found = _child(text, position, step)
        if found is None:
            return None
        position = found
    return position, _end(text, position)


def span_of(stream: BinaryIO, request: WireRequest, path: str) -> Span | None:
    """Return the byte range of a body path in the file the request was read from.

    None when the path cannot be found there: the body was encoded in a string, or assembled from
    several fields of its record.
    """
    stream.seek(request.span.start)
    text = stream.read(len(request.span)).decode("utf-8", "replace")
    found = locate(text, join_paths(request.body_path, path))
    if found is None:
        return None
    start = request.span.start + len(text[: found[0]].encode())
    size = len(text[found[0] : found[1]].encode())
    return Span(source=request.source, start=start, end=start + size)


def join_paths(outer: str, inner: str) -> str:
    """Return the path of `inner` seen from where `outer` starts."""
    glue = "." if outer and inner and not inner.startswith("[") else ""
    return f"{outer}{glue}{inner}"


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _end(text: str, position: int) -> int:
    return JSONDecoder(strict=False).raw_decode(text, position)[1]


def _child(text: str, position: int, step: str | int) -> int | None:
    if isinstance(step, int):
        return next((start for start, _ in islice(elements(text, position), step, None)), None)
    # The last of several equal keys counts.
    return {member.key: member.value for member in members(text, position)}.get(step)


class Places:
    """Finds many values of one valid JSON text by path; each container on the way is read once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._inside: dict[int, dict[str | int, tuple[int, int]]] = {}

    def find(self, path: str) -> tuple[int, int] | None:
        """Return the half-open character range of a path's value, if it is there."""
        found = (_skip(self.text, 0), len(self.text))
        for step in steps(path):
            inner = self._parts(found[0]).get(step)
            if inner is None:
                return None
            found = inner
        return found

    def _parts(self, position: int) -> dict[str | int, tuple[int, int]]:
        known = self._inside.get(position)
        if known is None:
            known = dict(enumerate(elements(self.text, position)))
            # The last of several equal keys counts.
            known |= {one.key: (one.value, one.end) for one in members(self.text, position)}
            self._inside[position] = known
        return known


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its key, where it starts, where its value does, and where it ends."""

    key: str
    start: int
    value: int
    end: int


def elements(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Yield the character ranges of the elements of the array that starts at a place, if one does.

    The text is valid JSON.
    """
    if text[position] != "[":
        return
    position = _skip(text, position + 1)
    while text[position] != "]":
        end = _end(text, position)
        yield position, end
        position = _after_comma(text, end)


def members(text: str, position: int) -> Iterator[Member]:
    """Yield the members of the object that starts at a place, if one does.

    The text is valid JSON.
    """
    if text[position] != "{":
        return
    decoder = JSONDecoder(strict=False)
    position = _skip(text, position + 1)
    while text[position] != "}":
        key, after = decoder.raw_decode(text, position)
        value = _skip(text, _skip(text, after) + 1)
        end = _end(text, value)
        yield Member(key, position, value, end)
        position = _after_comma(text, end)


def _after_comma(text: str, position: int) -> int:
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position
