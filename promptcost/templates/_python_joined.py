"""Python expressions that put one text together from several: sums, joins and choices.

Only the shape of the source is read: ``a + "text"``, ``" ".join([...])``, ``"yes" if x else "no"``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 40  # sums in joins in arms of conditions
MOST_PIECES = 2_000  # of one text
_SAME_TEXT = frozenset({"strip", "lstrip", "rstrip"})
_SAME_TEXT_CALLS = frozenset({"dedent", "cleandoc"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A text of the source, with fields when it is an f-string."""

    node: ast.JoinedStr | ast.Constant


@dataclass(frozen=True, slots=True)
class Value:
    """An expression whose text is put between the literals."""

    node: ast.expr


@dataclass(frozen=True, slots=True)
class Glue:
    """What a join puts between two texts."""

    text: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Where the arm of a condition begins: ``if`` or ``elif`` with a test, ``else`` without."""

    word: str
    test: ast.expr | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Where a loop begins."""

    target: ast.expr
    over: ast.expr


@dataclass(frozen=True, slots=True)
class End:
    """Where a condition or a loop ends: ``endif`` or ``endfor``."""

    word: str


Piece = Literal | Value | Glue | Branch | Loop | End


def pieces_of(node: ast.expr, depth: int = 0) -> list[Piece] | None:
    """Return the pieces of an expression that puts a text together; None for any other."""
    match node:
        case _ if depth > DEEPEST:
            return None
        case ast.JoinedStr() | ast.Constant(value=str()):
            return [Literal(node)]
        case ast.BinOp(op=ast.Add()):
            return _of_sum(node, depth)
        case ast.IfExp():
            return _of_choice(node, depth)
        case ast.Call():
            return _of_call(node, depth)
        case _:
            return None


def _of_call(node: ast.Call, depth: int) -> list[Piece] | None:
    match node:
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Constant(value=str(glue)))):
            return _of_join(node, glue, depth)
        case ast.Call(func=ast.Attribute(attr=name, value=inner)) if name in _SAME_TEXT:
            return pieces_of(inner, depth + 1)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[inner]):
            return pieces_of(inner, depth + 1) if name in _SAME_TEXT_CALLS else None
        case _:
            return None


def _of_sum(node: ast.BinOp, depth: int) -> list[Piece] | None:
    terms: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        terms.append(left.right)
        left = left.left
    terms.append(left)
    return together(terms[::-1], None, depth)


def _of_choice(node: ast.IfExp, depth: int) -> list[Piece] | None:
    body, other = pieces_of(node.body, depth + 1), pieces_of(node.orelse, depth + 1)
    if body is None or other is None:
        return None
    return [Branch("if", node.test), *body, Branch("else"), *other, End("endif")]


def _of_join(node: ast.Call, glue: str, depth: int) -> list[Piece] | None:
    match node.args:
        case [ast.List(elts=elements) | ast.Tuple(elts=elements)] if not node.keywords:
            return together(elements, glue, depth)
    return None


def together(terms: Sequence[ast.expr], glue: str | None, depth: int) -> list[Piece] | None:
    """Return the pieces of terms in a row; None when no text is among them."""
    found = [pieces_of(term, depth + 1) for term in terms]
    if all(pieces is None for pieces in found):
        return None
    made: list[Piece] = []
    for term, pieces in zip(terms, found, strict=True):
        if made and glue:
            made.append(Glue(glue))
        inner = term.value if isinstance(term, ast.Starred) else term
        made += [Value(inner)] if pieces is None else pieces
    return made
