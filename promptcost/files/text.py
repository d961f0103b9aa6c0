"""Bounded reading of text files.  Faults are problems; bytes are never silently repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
DEFAULT_LIMIT = 5 * MEGABYTE

_BOM = "\ufeff"
_BINARY_SAMPLE = 8_192
_MANY_REPLACEMENTS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """The text of a file: decoded, without a byte-order mark, line ends untouched.

    `problems` holds warnings about bytes that are not UTF-8 or a mark that was dropped.
    """

    path: str
    text: str
    problems: tuple[Problem, ...] = ()


def read_bytes(path: Path, limit: int = DEFAULT_LIMIT) -> bytes | Problem:
    """Return the bytes of a regular file of at most `limit` bytes, or why not."""
    name = str(path)
    try:
        if not path.is_file():
            return _no_file(path)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Problem(path=name, message=f"cannot be read: {reason}", repair="check the path")
    if len(data) > limit:
        size = f"{limit / MEGABYTE:g} MB"
        return Problem(path=name, message=f"is larger than {size}", repair="split the file")
    return data


def _no_file(path: Path) -> Problem:
    if path.is_dir():
        return Problem(path=str(path), message="is a directory", repair="name a file")
    if not path.exists():
        return Problem(path=str(path), message="no such file", repair="check the path")
    return Problem(path=str(path), message="is not a regular file", repair="name a file")


def decode(data: bytes, path: str) -> TextFile | Problem:
    """Return bytes as text; NUL bytes or mostly undecodable ones mean a binary file."""
    if b"\0" in data[:_BINARY_SAMPLE] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(path=path, message="is a binary file, not text", repair="name a text file")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text, replaced = _decoded(data, encoding)
    if replaced > _MANY_REPLACEMENTS * max(len(text), 1):
        return Problem(path=path, message="is not text", repair="save the file as UTF-8")
    problems = []
    if replaced or encoding != "utf-8":
        message = f"is not UTF-8 ({replaced} characters replaced)"
        repair = "save the file as UTF-8"
        problems.append(Problem(path=path, message=message, repair=repair, level=Level.WARNING))
    if text.startswith(_BOM):
        text = text.removeprefix(_BOM)
        message = "starts with a byte-order mark, which is not counted"
        repair = "save the file without one"
        problems.append(Problem(path=path, message=message, repair=repair, level=Level.WARNING))
    return TextFile(path=path, text=text, problems=tuple(problems))


def _decoded(data: bytes, encoding: str) -> tuple[str, int]:
    """Return the text and how many characters of it stand for undecodable bytes."""
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return text, text.count("\ufffd")


def read_text(path: Path, limit: int = DEFAULT_LIMIT) -> TextFile | Problem:
    """Return the text of a file of at most `limit` bytes, or why not."""
    data = read_bytes(path, limit)
    return data if isinstance(data, Problem) else decode(data, str(path))
