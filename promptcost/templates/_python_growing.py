"""Variables of Python source that text is added to, and lists that are appended to and joined.

Straight lines count, and the arms of conditions, loops and ``with`` inside of them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.templates._python_joined import (
    DEEPEST,
    MOST_PIECES,
    Branch,
    End,
    Glue,
    Loop,
    Piece,
    Value,
    pieces_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_JOINED = re.compile(r"(\"[^\"\n]{0,40}\"|'[^'\n]{0,40}')\.join\(\s*([^\W\d]\w*)\s*\)")
_ADDS_NOTHING = (ast.Return, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Raise)
_MOST_GROWING = 8  # variables of a block at once; those that began first are let go


@dataclass(slots=True)
class Growing:
    """A variable that text is added to; `glue` is what a join puts behind each text of a list."""

    pieces: list[Piece]
    glue: str | None = None
    added: int = 0


def growing(block: Sequence[ast.stmt], joined: dict[str, str]) -> Iterator[list[Piece]]:
    """Yield the pieces of every variable of a block that text is added to.

    `joined` are the lists that the source joins, with what is put between their texts.
    """
    held: dict[str, Growing] = {}  # the one that began last is last
    for statement in block:
        begun = _begun(statement, joined)
        if begun is not None:
            name, grows = begun
            if grows is not None or not _continues(statement, held.get(name)):
                yield from _grown(held.pop(name, None))
            if grows is not None:
                held[name] = grows
            if len(held) > _MOST_GROWING:
                yield from _grown(held.pop(next(iter(held))))
            continue
        if not isinstance(statement, _ADDS_NOTHING):
            yield from _grow(held, statement)
    for grows in held.values():
        yield from _grown(grows)


def _grow(held: dict[str, Growing], statement: ast.stmt) -> Iterator[list[Piece]]:
    """Add what a statement adds to each variable; yield those that it sets to something else."""
    for name, grows in list(held.items()):
        more = _added(statement, name, grows.glue, 0)
        if more is None:
            yield from _grown(held.pop(name))
        elif more:
            grows.pieces += more
            grows.added += 1


def _grown(grows: Growing | None) -> Iterator[list[Piece]]:
    if grows is None or len(grows.pieces) > MOST_PIECES:
        return
    if grows.added or grows.glue is not None:
        yield grows.pieces


def _target(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return name, value
    return None


def _begun(statement: ast.stmt, joined: dict[str, str]) -> tuple[str, Growing | None] | None:
    """Return the variable that a statement sets, and the text it begins with, if it is one."""
    target = _target(statement)
    if target is None:
        return None
    name, value = target
    if isinstance(value, ast.List):
        glue = joined.get(name)
        return name, None if glue is None else Growing(_listed(value.elts, glue), glue)
    pieces = pieces_of(value)
    if pieces is None or (isinstance(pieces[0], Value) and _is_name(pieces[0].node, name)):
        return name, None
    return name, Growing(pieces)


def _continues(statement: ast.stmt, grows: Growing | None) -> bool:
    """Add ``text = text + "more"`` to the text; say whether the statement is that."""
    target = _target(statement)
    if grows is None or target is None:
        return False
    pieces = pieces_of(target[1])
    if pieces is None or not isinstance(pieces[0], Value):
        return False
    grows.pieces += pieces[1:]
    grows.added += 1
    return True


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _listed(elements: Sequence[ast.expr], glue: str) -> list[Piece]:
    made: list[Piece] = []
    for element in elements:
        inner = element.value if isinstance(element, ast.Starred) else element
        made += pieces_of(inner) or [Value(inner)]
        made.append(Glue(glue))
    return made


def _added(statement: ast.stmt, name: str, glue: str | None, depth: int) -> list[Piece] | None:
    """Return what a statement adds to a variable; None when it sets it to something else."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=found)) if found == name:
            return _summand(statement, glue)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method, args=values)):
            is_list = glue is not None and _is_name(method.value, name)
            return _appended(method.attr, values, glue or "") if is_list else []
        case ast.If() | ast.For() | ast.With() if depth < DEEPEST:
            return _of_block(statement, name, glue, depth)
        case _:
            target = _target(statement)
            return None if target is not None and target[0] == name else []


def _of_block(
    statement: ast.If | ast.For | ast.With, name: str, glue: str | None, depth: int
) -> list[Piece] | None:
    if isinstance(statement, ast.If):
        return _of_arms(statement, name, glue, depth)
    inner = _inside(statement.body, name, glue, depth)
    if isinstance(statement, ast.With) or not inner:
        return inner
    return [Loop(statement.target, statement.iter), *inner, End("endfor")]


def _summand(statement: ast.AugAssign, glue: str | None) -> list[Piece] | None:
    if not isinstance(statement.op, ast.Add):
        return None
    value = statement.value
    if glue is None:
        return pieces_of(value) or [Value(value)]
    return _listed(value.elts, glue) if isinstance(value, ast.List) else _listed([value], glue)


def _appended(method: str, values: Sequence[ast.expr], glue: str) -> list[Piece] | None:
    match method, values:
        case "append", [value]:
            return _listed([value], glue)
        case "extend", [ast.List(elts=values)]:
            return _listed(values, glue)
        case "extend", [value]:
            return _listed([value], glue)
        case _:
            return None


def _inside(
    block: Sequence[ast.stmt], name: str, glue: str | None, depth: int
) -> list[Piece] | None:
    made: list[Piece] = []
    for statement in block:
        more = _added(statement, name, glue, depth + 1)
        if more is None:
            return None
        made += more
    return made


def _of_arms(statement: ast.If, name: str, glue: str | None, depth: int) -> list[Piece] | None:
    body = _inside(statement.body, name, glue, depth)
    other = _inside(statement.orelse, name, glue, depth)
    if body is None or other is None:
        return None
    if not body and not other:
        return []
    arms: list[Piece] = [Branch("if", statement.test), *body]
    if other:
        arms += [Branch("else"), *other]
    return [*arms, End("endif")]


def joined_lists(source: str) -> dict[str, str]:
    """Return the names of lists that are joined, with what is put between their texts."""
    if ".join(" not in source:
        return {}
    return {name: _unquoted(glue) for glue, name in _JOINED.findall(source)}


def _unquoted(literal: str) -> str:
    try:
        return str(ast.literal_eval(literal))
    except (SyntaxError, ValueError):
        return " "
