"""Cuts a file into records without holding more than one of them.

Two shapes: one record per line, where a broken line costs only itself, and objects that follow each
other or stand in an array, where brackets are counted outside strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHUNK = 1 << 16
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_OUTSIDE = re.compile(rb'["{}\[\]]')


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one record, empty when it is oversized, and where they stand."""

    data: bytes
    line: int
    start: int
    size: int
    oversized: bool = False


def lines(stream: BinaryIO, limit: int, start: int = 0) -> Iterator[Piece]:
    """Yield the lines that are not blank; a line longer than `limit` bytes is skipped, not held.

    `start` is the offset at which the stream stands.
    """
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        size = len(data)
        oversized = size > limit
        while oversized and not data.endswith(b"\n"):
            data = stream.readline(_CHUNK)
            if not data:
                break
            size += len(data)
        if oversized:
            yield Piece(b"", number, start, size, oversized=True)
        elif data.strip():
            yield Piece(data, number, start, size)
        start += size


def objects(stream: BinaryIO, limit: int, start: int = 0) -> Iterator[Piece]:
    """Yield the outermost objects of a text, whether they stand in an array or follow each other.

    `start` is the offset at which the stream stands.
    """
    scanner = _Scanner(limit, start)
    while chunk := stream.read(_CHUNK):
        yield from scanner.feed(chunk)
    yield from scanner.rest()


class _Scanner:
    """Finds outermost objects in chunks; keeps the bytes of the one that is open."""

    def __init__(self, limit: int, offset: int) -> None:
        self._limit = limit
        self._held = bytearray()
        self._size = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._offset = self._start = offset
        self._line = self._start_line = 1

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        position = kept = counted = 0
        while (found := self._next(chunk, position)) is not None:
            position, mark = found + 1, chunk[found]
            if mark in b"{[" and (self._depth or mark in b"{"):
                if not self._depth:
                    self._line += chunk.count(b"\n", counted, found)
                    self._start, self._start_line = self._offset + found, self._line
                    kept = counted = found
                self._depth += 1
            elif mark in b"}]" and self._depth:
                self._depth -= 1
                if not self._depth:
                    self._keep(chunk[kept:position])
                    yield self._cut()
        if self._depth:
            self._keep(chunk[kept:])
        self._line += chunk.count(b"\n", counted)
        self._offset += len(chunk)

    def rest(self) -> Iterator[Piece]:
        if self._depth:
            yield self._cut()

    def _next(self, chunk: bytes, position: int) -> int | None:
        """Return the place of the next bracket outside strings; strings may span chunks."""
        while position < len(chunk):
            if self._in_string:
                position = self._after_string(chunk, position)
                continue
            found = _OUTSIDE.search(chunk, position)
            if found is None:
                return None
            if found.group() != b'"':
                return found.start()
            self._in_string, position = True, found.end()
        return None

    def _after_string(self, chunk: bytes, position: int) -> int:
        """Return the place after the open string, or the end of a chunk that does not close it."""
        end = next(_IN_STRING.finditer(chunk, position + self._escaped)).end()
        self._in_string = chunk[end : end + 1] != b'"'
        self._escaped = chunk[end : end + 1] == b"\\"
        return end + 1

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self._limit:
            self._held += data
        else:
            self._held.clear()

    def _cut(self) -> Piece:
        oversized = self._size > self._limit
        piece = Piece(bytes(self._held), self._start_line, self._start, self._size, oversized)
        self._held.clear()
        self._size = 0
        return piece
