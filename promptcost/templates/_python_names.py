"""Chains of names in Python source, as a template writes them."""

from __future__ import annotations

import ast


def path_of(node: ast.expr) -> str:
    """Return a chain of names as a template writes it; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return "" if name in {"self", "cls"} else name
        case (
            ast.Attribute(value=value, attr=name)
            | ast.Subscript(value=value, slice=ast.Constant(value=str(name)))
            | ast.Call(
                func=ast.Attribute(value=value, attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            )
        ):
            return _joined(value, name)
        case ast.Subscript(value=value):
            inner = path_of(value)
            return f"{inner}[]" if inner else ""
    return ""


def _joined(value: ast.expr, name: str) -> str:
    inner = path_of(value)
    if inner:
        return f"{inner}.{name}"
    return name if isinstance(value, ast.Name) else ""
