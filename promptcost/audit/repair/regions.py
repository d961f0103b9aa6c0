"""Runs of lines that only make sense whole: blocks, elements, fences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.audit.repair.tokens import SILENT, VALUE, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Lines = tuple[int, int]  # first and last line

_FENCE = re.compile(r"\s*(?P<sign>```+|~~~+)")
DELIMITER = re.compile(r"\s*(?P<line>(?P<sign>[-=*_~#'\"])(?P=sign){2,})\s*")
ELEMENT = re.compile(
    rf"<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*)(?:[ \t{VALUE}{SILENT}][^<>\n]*)?(?<!/)>"
)


def blocks(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the first and the last tag of every block; a tag without an end is none."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind is not TokenKind.TAG:
            continue
        if not token.word.startswith("end"):
            opened.append(token)
            continue
        names = [other.word for other in opened]
        if token.word[3:] in names:
            at = len(names) - 1 - names[::-1].index(token.word[3:])
            yield opened[at], token
            del opened[at:]


def elements(lines: Sequence[str], code: frozenset[int]) -> Iterator[Lines]:
    """Yield elements whose tags are both there; `code` are lines in which tags are none."""
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(lines):
        for tag in ELEMENT.finditer(line) if number not in code else ():
            if not tag["end"]:
                opened.append((tag["name"], number))
                continue
            names = [name for name, _ in opened]
            if tag["name"] in names:
                at = len(names) - 1 - names[::-1].index(tag["name"])
                yield opened[at][1], number
                del opened[at:]


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
