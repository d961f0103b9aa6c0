"""The places of Python source where something is put into a text, and the text around each.

A slot is found again in a prompt by its neighbours: the fixed text in front of it and behind it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.templates.python_literals import literal_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from promptcost.templates.python_literals import LiteralPart

_FIELD = re.compile(r"\{[^{}\n]*\}|%\([^)\n]*\)[sdr]|%[sdr]|\$\{?\w+\}?")
_LONGEST = 80  # characters of neighbouring text that are compared
_SHORTEST = 3  # characters that tell one place from another
_FURTHEST = 400  # characters between a neighbour and what differs: the rest of the value
_ENOUGH = 20  # characters of neighbours that make it sure
_OF_CHARACTER, _OF_LINE, _ONE_SIDED, _AT_HOME, _WORST = 5, 120, 20, 10, -40


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place where a value enters a text: bytes of the file, and the fixed text around it."""

    start: int
    end: int
    expression: str
    before: str
    after: str


def slots_of(text: str, tree: ast.Module) -> Iterator[Slot]:
    """Yield the slots of a file: fields of f-strings, placeholders, and what is added to texts."""
    for parts in literal_parts(text, tree):
        yield from _of_literal(parts)
    yield from _of_sums(text, tree)


def _of_literal(parts: tuple[LiteralPart, ...]) -> Iterator[Slot]:
    """Yield the fields of an f-string; of any other text the placeholders that it may hold."""
    pieces = [piece for part in parts for piece in _pieces(part, is_plain=not _has_field(parts))]
    for at, (written, start, end, is_field) in enumerate(pieces):
        if is_field:
            yield Slot(
                start=start,
                end=end,
                expression=written,
                before=_run(pieces[:at], backwards=True),
                after=_run(pieces[at + 1 :]),
            )


_Piece = tuple[str, int, int, bool]


def _has_field(parts: tuple[LiteralPart, ...]) -> bool:
    return any(part.is_field for part in parts)


def _pieces(part: LiteralPart, *, is_plain: bool) -> Iterator[_Piece]:
    if part.is_field or not is_plain or not part.text.isascii():
        yield part.text, part.start, part.end, part.is_field
        return
    last = 0
    for match in _FIELD.finditer(part.text):
        yield part.text[last : match.start()], part.start + last, part.start + match.start(), False
        yield match[0], part.start + match.start(), part.start + match.end(), True
        last = match.end()
    yield part.text[last:], part.start + last, part.end, False


def _run(pieces: Sequence[_Piece], *, backwards: bool = False) -> str:
    """Return the fixed text from here to the next field, or back to the one before."""
    found = ""
    for written, _, _, is_field in reversed(pieces) if backwards else pieces:
        if is_field or len(found) >= _LONGEST:
            break
        found = written + found if backwards else found + written
    return found


def _of_sums(text: str, tree: ast.Module) -> Iterator[Slot]:
    """Yield what is added to a text with ``+``."""
    lines = [len(line.encode("utf-8", "surrogatepass")) for line in text.splitlines(keepends=True)]
    for node in ast.walk(tree):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
            continue
        before, after = _edge(node.left, last=True), _edge(node.right, last=False)
        for neighbour, added in ((before, node.right), (after, node.left)):
            if neighbour and not isinstance(added, ast.Constant | ast.JoinedStr | ast.BinOp):
                start, end = _bytes(lines, added)
                yield Slot(
                    start=start,
                    end=end,
                    expression=ast.unparse(added),
                    before=neighbour if neighbour is before else "",
                    after=neighbour if neighbour is after else "",
                )


def _edge(node: ast.expr, *, last: bool) -> str:
    """Return the fixed text at one edge of a sum."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.right if last else node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[-1 if last else 0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _bytes(lines: list[int], node: ast.expr) -> tuple[int, int]:
    first, last = node.lineno, node.end_lineno or node.lineno
    return (
        sum(lines[: first - 1]) + node.col_offset,
        sum(lines[: last - 1]) + (node.end_col_offset or 0),
    )


def best_slot(
    slots: Iterable[Slot], text: str, start: int, end: int, home: range = range(0)
) -> tuple[int, Slot] | None:
    """Return the slot whose neighbours stand nearest around characters, with how well they fit.

    `home` are the bytes of the builder itself, which comes before others that read the same.
    """
    rated = ((_fit(slot, text, start, end), slot) for slot in slots)
    good = [
        (fit + _AT_HOME * (slot.start in home), slot)
        for fit, slot in rated
        if fit is not None and fit > _WORST
    ]
    return max(good, key=lambda pair: (pair[0], -pair[1].start), default=None)


def _fit(slot: Slot, text: str, start: int, end: int) -> int | None:
    """Return how well a slot fits characters of a prompt; None where a neighbour is missing.

    Long neighbours speak for a slot, text between them and the characters against it, and lines
    most of all: that is the rest of the value, which is seldom long.
    """
    before, after = _last_line(slot.before), _first_line(slot.after)
    if len(f"{before}{after}".strip()) < _SHORTEST:
        before, after = slot.before[-_LONGEST:], slot.after[:_LONGEST]
    known = len(f"{before}{after}".strip())
    if known < _SHORTEST:
        return None
    fit = _OF_CHARACTER * min(known, _ENOUGH)
    if before:
        found = text.rfind(before, max(start - _FURTHEST - len(before), 0), start)
        if found < 0:
            return None
        fit -= _distance(text[found + len(before) : start])
    if after:
        found = text.find(after, end, end + _FURTHEST + len(after))
        if found < 0:
            return None
        fit -= _distance(text[end:found])
    return fit if before and after else fit - _ONE_SIDED


def _distance(between: str) -> int:
    return len(between) + _OF_LINE * between.count("\n")


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2].lstrip()[-_LONGEST:]


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip()[:_LONGEST]
