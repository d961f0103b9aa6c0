"""Runs of lines that only make sense whole: blocks, elements, fences."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from promptcost.audit.repair.tokens import SILENT, VALUE, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_T = TypeVar("_T")
Lines = tuple[int, int]  # first and last line

_FENCE = re.compile(r"\s*(?P<sign>```+|~~~+)")
DELIMITER = re.compile(r"\s*(?P<line>(?P<sign>[-=*_~#'\"])(?P=sign){2,})\s*")
ELEMENT = re.compile(
    rf"<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*)(?:[ \t{VALUE}{SILENT}][^<>\n]*)?(?<!/)>"
)


class _Opened(Generic[_T]):
    """What was opened and not closed yet, by name."""

    def __init__(self) -> None:
        self._held: list[tuple[str, _T]] = []
        self._count: Counter[str] = Counter()

    def put(self, name: str, what: _T) -> None:
        self._held.append((name, what))
        self._count[name] += 1

    def take(self, name: str) -> _T | None:
        """Return what was opened last by a name, and forget what was opened after it."""
        while self._count[name]:
            last, what = self._held.pop()
            self._count[last] -= 1
            if last == name:
                return what
        return None


def blocks(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the first and the last tag of every block; a tag without an end is none."""
    opened = _Opened[Token]()
    for token in tokens:
        if token.kind is not TokenKind.TAG:
            continue
        if not token.word.startswith("end"):
            opened.put(token.word, token)
            continue
        first = opened.take(token.word[3:])
        if first is not None:
            yield first, token


def elements(lines: Sequence[str], code: frozenset[int]) -> Iterator[Lines]:
    """Yield elements whose tags are both there; `code` are lines in which tags are none."""
    opened = _Opened[int]()
    for number, line in enumerate(lines):
        for tag in ELEMENT.finditer(line) if number not in code else ():
            if not tag["end"]:
                opened.put(tag["name"], number)
                continue
            first = opened.take(tag["name"])
            if first is not None:
                yield first, number


def fenced_code(lines: Sequence[str]) -> Iterator[Lines]:
    """Yield fenced code with its fences."""
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if opened is None:
            opened = number, fence["sign"]
        elif fence["sign"].startswith(opened[1]):
            yield opened[0], number
            opened = None


def delimited(lines: Sequence[str]) -> Iterator[Lines]:
    """Yield what stands between two lines of the same signs, where these pair up."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        found = DELIMITER.fullmatch(line)
        if found is not None:
            places.setdefault(found["line"], []).append(number)
    for numbers in places.values():
        if len(numbers) % 2 == 0:
            yield from zip(numbers[::2], numbers[1::2], strict=True)


def within(one: Lines, other: Lines) -> bool:
    """Say whether lines are among others."""
    return other[0] <= one[0] and one[1] <= other[1]


def overlap(one: Lines, other: Lines) -> bool:
    """Say whether two runs of lines share a line."""
    return one[0] <= other[1] and other[0] <= one[1]


def joined(runs: Sequence[Lines]) -> Lines:
    """Return the lines from the first of some runs to the last."""
    return min(first for first, _ in runs), max(last for _, last in runs)
