"""Chains of names in Python source, as a template writes them."""

from __future__ import annotations

import ast

_MOST_STEPS = 30


def path_of(node: ast.expr) -> str:
    """Return a chain of names as a template writes it; empty for anything else, or a long one."""
    steps: list[str] = []
    while len(steps) <= _MOST_STEPS:
        match node:
            case ast.Name(id=name):
                own = name in {"self", "cls"}
                return "".join([*([] if own else [name]), *reversed(steps)]).lstrip(".")
            case (
                ast.Attribute(value=value, attr=name)
                | ast.Subscript(value=value, slice=ast.Constant(value=str(name)))
                | ast.Call(
                    func=ast.Attribute(value=value, attr="get"),
                    args=[ast.Constant(value=str(name)), *_],
                )
            ):
                steps.append(f".{name}")
                node = value
            case ast.Subscript(value=value):
                steps.append("[]")
                node = value
            case _:
                return ""
    return ""
