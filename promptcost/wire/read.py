"""Reads recorded requests: one JSON object, an array, objects in a row, or one record per line."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.model.span import Span
from promptcost.wire import _split
from promptcost.wire._json import Decoded, Decoder
from promptcost.wire._payload import request_of
from promptcost.wire.block import Api
from promptcost.wire.envelope import is_message, unwrap
from promptcost.wire.stored import PACKED_SUFFIX, open_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from promptcost.wire._json import Fault
    from promptcost.wire._split import Piece
    from promptcost.wire.block import WireRequest

_MEGABYTE = 1 << 20
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_SUFFIXES = (".jsonl", ".ndjson", ".log")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """How much one record may ask for: bytes, nesting, values; and how many faults are spelled out.

    The default size is what the largest request bodies that providers accept need.
    """

    record_bytes: int = 32 * _MEGABYTE
    depth: int = 128
    values: int = 4_000_000
    reported: int = 20


DEFAULT_LIMITS = ReadLimits()


def read_requests(
    path: Path, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[WireRequest | Problem]:
    """Yield the requests of a file in the order of the file, and the faults met on the way.

    Holds one record at a time.  A file that cannot be read, holds no request, or is out of time
    order is a fault; never raises for what a file contains.
    """
    source = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            yield Problem(path=source, message="not a regular file", repair="name a JSON file")
            return
        stream = open_log(path)
    except (OSError, ValueError) as error:
        yield _unreadable(source, error)
        return
    with stream:
        try:
            yield from read_stream(stream, source, limits)
        except OSError as error:
            yield _unreadable(source, error)


def _unreadable(source: str, error: OSError | ValueError) -> Problem:
    reason = getattr(error, "strerror", None) or "not a usable path"
    return Problem(path=source, message=f"cannot be read: {reason}", repair="check the path")


def read_stream(
    stream: BinaryIO, source: str, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[WireRequest | Problem]:
    """Yield the requests of an open, seekable file; see `read_requests`."""
    if stream.read(len(_UTF16[0])) in _UTF16:
        repair = "convert the file to UTF-8"
        yield Problem(path=source, message="the file is UTF-16", repair=repair)
        return
    stream.seek(0)
    series = _Series(source, limits)
    for piece in _pieces(stream, source, limits):
        yield from series.read(piece)
    yield from series.close()


def _pieces(stream: BinaryIO, source: str, limits: ReadLimits) -> Iterator[Piece]:
    """Choose how to cut the file by its first bytes, and by its name where those leave it open."""
    start = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
    stream.seek(start)
    first = b""
    while not first.strip() and (line := stream.readline(limits.record_bytes + 1)):
        first = line
    stream.seek(start)
    opening = first.lstrip()[:1]
    if opening == b"[" or (opening == b"{" and not _is_by_line(first, source, limits)):
        return _split.objects(stream, limits.record_bytes, start)
    return _split.lines(stream, limits.record_bytes, start)


def _is_by_line(first: bytes, source: str, limits: ReadLimits) -> bool:
    name = source.lower().removesuffix(PACKED_SUFFIX)
    if name.endswith(_LINE_SUFFIXES) or not first.endswith(b"\n"):
        return True
    return isinstance(Decoder(limits.depth, limits.values).decode(first), Decoded)


class _Series:
    """Turns the records of one file into requests and bounds what is said about bad ones."""

    def __init__(self, source: str, limits: ReadLimits) -> None:
        self._source = source
        self._limits = limits
        self._decoder = Decoder(limits.depth, limits.values)
        self._requests = self._faults = 0
        self._others = self._messages = 0
        self._first_other: int | None = None
        self._latest: datetime | None = None
        self._ordered = True

    def read(self, piece: Piece) -> Iterator[WireRequest | Problem]:
        if piece.oversized:
            yield from self._say(self._too_large(piece))
            return
        decoded = self._decoder.decode(piece.data)
        if not isinstance(decoded, Decoded):
            yield from self._say(self._broken(piece, decoded))
            return
        yield from self._notes(piece, decoded)
        found = False
        for envelope in unwrap(decoded.value):
            found = True
            span = Span(source=self._source, start=piece.start, end=piece.start + len(piece.data))
            request = request_of(envelope, span, piece.line)
            self._requests += 1
            yield from self._check_order(request)
            yield request
        if not found:
            self._others += 1
            self._messages += is_message(decoded.value)
            self._first_other = self._first_other or piece.line

    def close(self) -> Iterator[Problem]:
        """Say how many faults were not spelled out, and what was found that is no request."""
        hidden = self._faults - self._limits.reported
        if hidden > 0:
            message = f"{hidden} more records have faults"
            yield Problem(path=self._source, message=message, level=Level.WARNING)
        if not self._requests and not self._faults:
            yield Problem(
                path=self._source,
                message=self._nothing(),
                repair="record request bodies as JSON, one a line",
                line=self._first_other,
            )
        elif self._others:
            message = f"{self._others} records hold no request"
            yield Problem(
                path=self._source,
                message=message,
                line=self._first_other,
                level=Level.WARNING,
            )

    def _nothing(self) -> str:
        if not self._others:
            return "holds no JSON object"
        if self._messages == self._others:
            return "holds the messages of a conversation, but not the requests that sent them"
        return f"no record is a request of a known API ({', '.join(Api)})"

    def _say(self, problem: Problem) -> Iterator[Problem]:
        self._faults += 1
        if self._faults <= self._limits.reported:
            yield problem

    def _problem(self, piece: Piece, message: str, repair: str = "") -> Problem:
        return Problem(
            path=self._source,
            message=message,
            repair=repair,
            line=piece.line,
            level=Level.WARNING,
        )

    def _too_large(self, piece: Piece) -> Problem:
        limit = self._limits.record_bytes / _MEGABYTE
        message = f"a record of {piece.size / _MEGABYTE:.1f} MB is above the limit of {limit:g} MB"
        repair = "split it, or raise the limit for one record"
        return Problem(path=self._source, message=message, repair=repair, line=piece.line)

    def _broken(self, piece: Piece, fault: Fault) -> Problem:
        return Problem(
            path=self._source,
            message=fault.message,
            repair=fault.repair,
            line=piece.line + fault.line - 1,
            column=fault.column,
        )

    def _notes(self, piece: Piece, decoded: Decoded) -> Iterator[Problem]:
        if decoded.duplicates:
            count = decoded.duplicates
            keys = "a key is" if count == 1 else f"{count} keys are"
            message = f"{keys} given twice; the last value counts"
            yield from self._say(self._problem(piece, message, "write each key once"))
        if decoded.replaced:
            message = "not valid UTF-8; the bytes in question are read as U+FFFD"
            yield from self._say(self._problem(piece, message, "convert the file to UTF-8"))

    def _check_order(self, request: WireRequest) -> Iterator[Problem]:
        """Complain once when time goes backwards: pairs of neighbours would be misread."""
        if request.time is None:
            return
        late = self._latest is not None and request.time < self._latest
        self._latest = request.time if self._latest is None else max(self._latest, request.time)
        if late and self._ordered:
            self._ordered = False
            yield Problem(
                path=self._source,
                message="records are not in the order of their times",
                repair="sort the file by time",
                line=request.line,
                level=Level.WARNING,
            )
