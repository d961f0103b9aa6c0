"""Which path of the context an expression stands for, and how names are bound in a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

ELEMENT, VALUE, KEY = "[]", "{}", "{key}"

PICKS = frozenset({"first", "last", "random", "min", "max"})
KEEPS = frozenset(
    [
        "list",
        "sort",
        "reverse",
        "unique",
        "select",
        "reject",
        "selectattr",
        "rejectattr",
        "default",
        "d",
        "trim",
        "batch",
        "slice",
        "upper",
        "lower",
        "title",
        "capitalize",
        "string",
        "safe",
        "e",
        "escape",
        "forceescape",
        "indent",
        "wordwrap",
        "truncate",
        "replace",
        "striptags",
        "tojson",
    ]
)
TEXT_METHODS = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "rsplit",
        "splitlines",
        "startswith",
        "endswith",
        "replace",
        "upper",
        "lower",
        "title",
        "capitalize",
        "join",
        "format",
        "find",
        "rfind",
        "index",
        "count",
        "removeprefix",
        "removesuffix",
        "isdigit",
        "isspace",
        "strftime",
        "isoformat",
        "date",
        "time",
        "append",
    ]
)
MAPPING_METHODS = frozenset({"items", "keys", "values", "get"})


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name of the template stands for: one path, or anything made from some paths."""

    path: str | None = None
    depends: tuple[str, ...] = ()


Scope = dict[str, Binding]


def path_of(node: nodes.Node | None, scope: Mapping[str, Binding]) -> str | None:
    """Return the path an expression stands for, None when it is not one."""
    if isinstance(node, nodes.Name):
        bound = scope.get(node.name)
        return node.name if bound is None else bound.path
    inner, step = _last_step(node)
    base = None if inner is None else path_of(inner, scope)
    return None if base is None else base + step


def _last_step(node: nodes.Node | None) -> tuple[nodes.Node | None, str]:
    """Return the expression one step before and the step; None where there is no path."""
    match node:
        case nodes.Getattr():
            return node.node, f".{node.attr}"
        case nodes.Getitem():
            return node.node, _item(node.arg)
        case nodes.Filter() if node.name in PICKS | KEEPS:
            return node.node, ELEMENT if node.name in PICKS else ""
        case nodes.Call(node=nodes.Getattr() as callee) if callee.attr == "get":
            key = _constant_key(node)
            return (callee.node if key else None), f".{key}"
        case nodes.Call(node=nodes.Getattr() as callee) if callee.attr in TEXT_METHODS:
            return callee.node, ""
        case _:
            return None, ""


def _item(index: nodes.Node) -> str:
    match index:
        case nodes.Slice():
            return ""
        case nodes.Const(value=str() as key):
            return f".{key}"
        case nodes.Const(value=int()) | nodes.Neg() | nodes.Add() | nodes.Sub():
            return ELEMENT
        case _:
            return ELEMENT if _is_loop_counter(index) else VALUE


def _is_loop_counter(index: nodes.Node) -> bool:
    owner = index.node if isinstance(index, nodes.Getattr) else None
    return isinstance(owner, nodes.Name) and owner.name == "loop"


def _constant_key(node: nodes.Call) -> str:
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, nodes.Const) and isinstance(first.value, str) else ""


def bind_targets(target: nodes.Node, iterable: nodes.Node, scope: Scope) -> Scope:
    """Return what the targets of a for-loop stand for."""
    names = [part.name for part in target.find_all(nodes.Name)]
    if isinstance(target, nodes.Name):
        names = [target.name]
    base, steps = _elements(iterable, scope)
    if base is None:
        return dict.fromkeys(names, Binding())
    if len(names) == 1:
        return {names[0]: Binding(base + steps[-1])}
    if len(steps) == 1:
        return {name: Binding(f"{base}{steps[0]}[{at}]") for at, name in enumerate(names)}
    both = [base + step for step in steps]
    return {name: Binding(path) for name, path in zip(names, both, strict=False)}


def _elements(iterable: nodes.Node, scope: Scope) -> tuple[str | None, tuple[str, ...]]:
    match iterable:
        case nodes.Call(node=nodes.Getattr() as callee) if callee.attr in MAPPING_METHODS:
            base = path_of(callee.node, scope)
            steps = {"items": (KEY, VALUE), "keys": (KEY,), "values": (VALUE,)}
            return base, steps.get(callee.attr, (ELEMENT,))
        case nodes.Filter(name="items" | "dictsort"):
            return path_of(iterable.node, scope), (KEY, VALUE)
        case nodes.Filter(name="sort" | "list" | "reverse") if iterable.node is not None:
            return _elements(iterable.node, scope)
        case _:
            return path_of(iterable, scope), (ELEMENT,)


def ends(body: list[nodes.Node]) -> bool:
    """Say whether a body ends the render on purpose, with ``raise_exception``."""
    outputs = (output for output in body if isinstance(output, nodes.Output))
    names = (c.node for output in outputs for c in output.nodes if isinstance(c, nodes.Call))
    return any(isinstance(name, nodes.Name) and name.name == "raise_exception" for name in names)
