"""Strict YAML: exact decimals, no surprising types, no duplicate keys, a line for every value.

Plain PyYAML reads ``16:30`` as 990, ``no`` as False and ``1e6`` as text, and keeps the last of two
equal keys.  Here only the YAML 1.2 core words are special: ``null``, ``true``, ``false``, numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from promptcost.errors import Problem
from promptcost.files.text import DEFAULT_LIMIT, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from yaml import Mark

Path_ = tuple[str | int, ...]

MAX_DEPTH = 64  # levels; also keeps libyaml clear of its own recursion
MAX_VALUES = 500_000
MAX_PROBLEMS = 200  # more do not help anybody

_INTEGER = re.compile(r"[-+]?\d{1,30}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?", re.ASCII)
# JSON writes characters beyond 16 bits as two escapes, which YAML does not know.
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML document as plain values, with the 1-based (line, column) of each key and item.

    `places` is keyed by the path of keys and indices from the top; the top itself is ``()``.
    """

    path: str
    value: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path_) -> tuple[int, int]:
        """Return the place of the longest part of `path` that the document has."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (1, 1)

    def problem(self, path: Path_, message: str, repair: str = "") -> Problem:
        """Return a problem at the place of a path."""
        line, column = self.place(path)
        return Problem(path=self.path, message=message, repair=repair, line=line, column=column)


def read_yaml(path: Path, limit: int = DEFAULT_LIMIT) -> tuple[Document | None, list[Problem]]:
    """Read one strict YAML document from a file."""
    data = read_bytes(path, limit)
    text = data if isinstance(data, Problem) else decode(data, str(path))
    if isinstance(text, Problem):
        return None, [text]
    document, problems = parse_yaml(text.text, str(path))
    return document, [*text.problems, *problems]


def parse_yaml(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    """Parse one strict YAML document; JSON is YAML too.  No document where the syntax is wrong."""
    import yaml  # noqa: PLC0415 - heavy, and not every command reads YAML

    builder = _Builder(path)
    try:
        for event in _events(text):
            if not builder.take(event):
                return None, builder.problems
    except yaml.MarkedYAMLError as error:
        joined = _PAIR.sub(_join, text)
        if joined != text:
            return parse_yaml(joined, path)
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {error.problem or error.context}"
        return None, [_at(path, mark, message, "check indentation, colons and quotes there")]
    except (yaml.YAMLError, UnicodeEncodeError):  # the latter for lone surrogates
        message = "holds characters that YAML forbids"
        return None, [Problem(path=path, message=message, repair="remove control characters")]
    return Document(path=path, value=builder.value, places=builder.places), builder.problems


def _join(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _events(text: str) -> Iterator[Any]:
    import yaml  # noqa: PLC0415 - heavy

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _at(path: str, mark: Mark | None, message: str, repair: str) -> Problem:
    line, column = (None, None) if mark is None else (mark.line + 1, mark.column + 1)
    return Problem(path=path, message=message, repair=repair, line=line, column=column)


class _Open:
    """A mapping or sequence whose end has not been read yet."""

    __slots__ = ("anchor", "at", "height", "key", "keyed", "size", "value")

    def __init__(self, at: Path_, anchor: str | None, *, keyed: bool) -> None:
        self.at = at
        self.anchor = anchor
        self.keyed = keyed
        self.value: Any = {} if keyed else []
        self.key: str | None = None
        self.size = 1
        self.height = 1

    @property
    def wants_key(self) -> bool:
        """Whether what comes next is a key."""
        return self.keyed and self.key is None

    def grow(self, size: int, height: int) -> None:
        """Count a value inside."""
        self.size += size
        self.height = max(self.height, height + 1)


class _Builder:
    """Builds plain values from parser events, without recursion and bounded in depth and number.

    An alias shares the value it names; its expanded size and depth count towards the bounds.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.value: Any = None
        self.problems: list[Problem] = []
        self.places: dict[Path_, tuple[int, int]] = {}
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._size = 0
        self._depth = 0
        self._documents = 0

    def take(self, event: Any) -> bool:
        """Take one event; False when the document is beyond the bounds and reading must stop."""
        self._depth = len(self._open)
        match type(event).__name__:
            case "ScalarEvent":
                self._scalar(event)
            case "MappingStartEvent" | "SequenceStartEvent":
                self._start(event)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "AliasEvent":
                self._alias(event)
            case "DocumentStartEvent":
                self._documents += 1
        return self._within_bounds(event)

    def _within_bounds(self, event: Any) -> bool:
        if self._documents > 1:
            self._problem(event, "holds a second document", "split the file at the line ---")
        elif self._depth > MAX_DEPTH or self._size > MAX_VALUES:
            message = f"has more than {MAX_DEPTH} levels or {MAX_VALUES} values"
            self._problem(event, message, "write it flatter, without aliases")
        else:
            return len(self.problems) < MAX_PROBLEMS
        return False

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        if self._open and self._open[-1].wants_key:
            self._key(event, event.value)
            return
        value = event.value if event.style else _plain(event.value)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1, 0)
        self._add(event, value, 1, 0)

    def _start(self, event: Any) -> None:
        self._check_tag(event)
        keyed = type(event).__name__ == "MappingStartEvent"
        if self._open and self._open[-1].wants_key:
            self._problem(event, "has a key that is not a word", "use a plain key")
        self._open.append(_Open(self._path(event), event.anchor, keyed=keyed))
        self._depth = len(self._open)
        self._size += 1

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor is not None:
            self._anchors[done.anchor] = (done.value, done.size, done.height)
        if self._open:
            self._open[-1].grow(done.size, done.height)
        if self._open and self._open[-1].wants_key:
            self._open[-1].key = str(done.at[-1])
        else:
            self._store(done.value)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            self._problem(event, f"uses *{event.anchor[:40]} before it is complete", "define it")
        value, size, height = self._anchors.get(event.anchor, (None, 1, 0))
        if self._open and self._open[-1].wants_key:
            self._problem(event, "has an alias as a key", "write the key out")
            self._open[-1].key = f"*{event.anchor[:40]}"
            return
        self._depth += height
        self._add(event, value, size, height)

    def _add(self, event: Any, value: Any, size: int, height: int) -> None:
        self._size += size
        if self._open:
            self._open[-1].grow(size, height)
        self._path(event)
        self._store(value)

    def _key(self, event: Any, key: str) -> None:
        self._size += 1
        parent = self._open[-1]
        if key == "<<" and not event.style:
            self._problem(event, "merges another mapping with <<", "write the keys out")
        elif key in parent.value:
            first = self.places[(*parent.at, key)][0]
            self._problem(event, f"key {key[:60]!r} is already set on line {first}", "keep one")
        parent.key = key
        self._note((*parent.at, key), event)

    def _path(self, event: Any) -> Path_:
        """Return the path of the value that begins with this event and note its place."""
        at: Path_ = ()
        if self._open:
            parent = self._open[-1]
            within = parent.key if parent.keyed else len(parent.value)
            at = (*parent.at, f"?{len(parent.value)}" if within is None else within)
        self._note(at, event)
        return at

    def _note(self, at: Path_, event: Any) -> None:
        self.places.setdefault(at, (event.start_mark.line + 1, event.start_mark.column + 1))

    def _store(self, value: Any) -> None:
        if not self._open:
            self.value = value
            return
        parent = self._open[-1]
        if parent.keyed:
            parent.value.setdefault(parent.key, value)
            parent.key = None
        else:
            parent.value.append(value)

    def _check_tag(self, event: Any) -> None:
        if event.tag not in {None, "!"}:
            self._problem(event, f"has the tag {event.tag[:60]}", "remove the tag")

    def _problem(self, event: Any, message: str, repair: str) -> None:
        self.problems.append(_at(self.path, event.start_mark, message, repair))


def _plain(text: str) -> str | int | Decimal | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    return text
