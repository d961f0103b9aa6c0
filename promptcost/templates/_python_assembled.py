"""Which texts of Python source are parts of one prompt, and that prompt as a Jinja template.

Conditions and loops around added text become those of Jinja, between signs that no text holds.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from promptcost.templates._python_expressions import as_jinja
from promptcost.templates._python_growing import growing, joined_lists
from promptcost.templates._python_joined import (
    MOST_PIECES,
    Branch,
    End,
    Glue,
    Literal,
    Loop,
    Value,
    pieces_of,
)
from promptcost.templates._python_strings import NotReadable, Part, read_literals
from promptcost.templates._runs import BLOCK
from promptcost.templates.detect import kind_of
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from promptcost.templates._python_joined import Piece
    from promptcost.templates._python_places import Places

SHORTEST = 160  # characters of fixed text; shorter ones are messages and log lines

_HOLDS_BLOCKS = (ast.stmt, ast.mod, ast.excepthandler)
_PUTS_TOGETHER = (ast.BinOp, ast.Call)
_NONE = re.compile(r"\b(is(?: not)?) None\b")


@dataclass(frozen=True, slots=True)
class Assembled:
    """A prompt put together: its parts, and whether it is Jinja."""

    parts: tuple[Part, ...]
    is_jinja: bool


class Joined:
    """The texts of a syntax tree that are put together; each literal belongs to one at most."""

    def __init__(
        self, source: str, places: Places, constant: Callable[[ast.AST | None, str], str | None]
    ) -> None:
        self._source, self._places, self._constant = source, places, constant
        self._lists = joined_lists(source)
        self._held: dict[ast.AST, Assembled | None] = {}
        self._seen: set[ast.AST] = set()

    def holds(self, node: ast.AST) -> bool:
        """Say whether a literal is part of a text that is put together."""
        return node in self._held

    def beginning(self, node: ast.AST) -> Assembled | None:
        """Return the text that begins with a literal; None for its other literals."""
        return self._held.get(node)

    def look(self, node: ast.AST, scope: ast.AST | None) -> None:
        """Find what a node puts together, before its parts are looked at by themselves."""
        if isinstance(node, _HOLDS_BLOCKS):
            for block in _blocks(node):
                for grown in growing(block, self._lists):
                    self._hold(grown, scope)
        elif isinstance(node, _PUTS_TOGETHER) and node not in self._seen:
            pieces = pieces_of(node)
            if pieces is not None:
                self._seen.update(_spine(node))
                self._hold(pieces, scope)

    def _hold(self, pieces: list[Piece], scope: ast.AST | None) -> None:
        """Take pieces as one text where that is long enough, and readable."""
        nodes = [piece.node for piece in pieces if isinstance(piece, Literal)]
        summands = len(nodes) + sum(isinstance(piece, Value) for piece in pieces)
        if not nodes or not 1 < summands <= MOST_PIECES or any(map(self._held.__contains__, nodes)):
            return
        if sum(map(_length, nodes)) < SHORTEST and not self._prints_constant(pieces, scope):
            return
        assembled = self._assembled(pieces)
        if assembled is not None:
            self._held |= dict.fromkeys(nodes)
            self._held[nodes[0]] = assembled

    def _prints_constant(self, pieces: list[Piece], scope: ast.AST | None) -> bool:
        names = (piece.node.id for piece in pieces
                 if isinstance(piece, Value) and isinstance(piece.node, ast.Name))  # fmt: skip
        return any(self._constant(scope, name) is not None for name in names)

    def _assembled(self, pieces: list[Piece]) -> Assembled | None:
        is_jinja = any(_is_computed(piece) for piece in pieces)
        plain: list[str] = []
        made: list[Part] = []
        try:
            for piece in pieces:
                parts = self._parts(piece, made[-1].end if made else 0)
                if isinstance(piece, Literal | Glue):
                    plain += [part.text for part in parts if not part.is_field]
                made += parts
        except NotReadable:
            return None
        fixed = "".join(plain)
        if is_jinja and kind_of(fixed) is SourceKind.STR_FORMAT:
            return None  # it is filled in twice, and nothing says with what
        return Assembled(tuple(made), is_jinja)

    def _parts(self, piece: Piece, at: int) -> list[Part]:
        match piece:
            case Literal(node):
                return list(read_literals(self._source, *self._places.range(node)))
            case Value(node):
                start, end = self._places.range(node)
                return [Part(self._source[start:end], start, end, is_field=True)]
            case Glue(text):
                return [Part(text, at, at)]
            case End(word):
                return [Part(_tag(word), at, at)]
            case Branch(word, test):
                return [Part(_tag(word), at, at) if test is None else self._branch(word, test)]
            case Loop(target, over):
                return [self._loop(target, over)]
            case _:
                assert_never(piece)

    def _branch(self, word: str, test: ast.expr) -> Part:
        start, end = self._places.range(test)
        condition = _NONE.sub(r"\1 none", as_jinja(self._source[start:end]))
        return Part(_tag(f"{word} {condition}"), start, end)

    def _loop(self, target: ast.expr, over: ast.expr) -> Part:
        start, end = self._places.range(over)
        match target, over:
            case ast.Tuple(elts=[_, inner]), ast.Call(func=ast.Name(id="enumerate"), args=[of, *_]):
                target, over = inner, of
        first, last = self._places.range(over)
        text = f"for {_names(target)} in {as_jinja(self._source[first:last])}"
        return Part(_tag(text), start, end)


def _tag(text: str) -> str:
    return f"{BLOCK[0]} {text} {BLOCK[1]}"


def _names(target: ast.expr) -> str:
    """Return the names a loop sets, as Jinja writes them."""
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return ", ".join(name.id if isinstance(name, ast.Name) else "_" for name in names)


def _is_computed(piece: Piece) -> bool:
    return not isinstance(piece, Literal | Glue) or (
        isinstance(piece, Literal) and isinstance(piece.node, ast.JoinedStr)
    )


def _length(node: ast.JoinedStr | ast.Constant) -> int:
    values: Iterable[ast.expr] = node.values if isinstance(node, ast.JoinedStr) else [node]
    return sum(len(str(value.value)) for value in values if isinstance(value, ast.Constant))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and len(block) > 1:
            yield block


def _spine(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the sums that a sum begins with; they are no texts of their own."""
    while isinstance(node, ast.BinOp):
        yield node
        node = node.left
