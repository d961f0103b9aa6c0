"""Sets in the source of a builder: where an order that differs between processes can come from."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKERS = frozenset({"set", "frozenset"})
_READERS = frozenset({"list", "tuple", "enumerate", "join", "map", "iter", "next", "dumps", "str"})


def makes_sets(module: ast.Module) -> bool:
    """Say whether any set is made in a module."""
    return any(_is_set(node, set()) for node in ast.walk(module) if isinstance(node, ast.expr))


def read_sets(function: ast.AST, module: ast.Module) -> list[ast.expr]:
    """Return the sets that a function goes through without sorting, in the order of the source."""
    names = {
        target.id
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and _is_set(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = [node for node in _read(function) if _is_set(node, names)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _read(function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.iter
        elif isinstance(node, ast.FormattedValue | ast.Starred):
            yield node.value
        elif isinstance(node, ast.Call) and _name(node.func) in _READERS:
            yield from node.args


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_set(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=func):
            return isinstance(func, ast.Name) and func.id in _MAKERS
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub(), right=right):
            return _is_set(left, names) or _is_set(right, names)
        case _:
            return False
