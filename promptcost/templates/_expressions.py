"""Walks expressions and records which context paths they use, and how."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from promptcost.templates._paths import MAPPING_METHODS, TEXT_METHODS, Binding, Scope, path_of
from promptcost.templates._records import Gathered, Record, root_of
from promptcost.templates.uses import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from promptcost.model.span import Span

_CHAIN = re.compile(r"\w+(?:\s*\.\s*\w+|\[\s*(?:'[^'\n]*'|\"[^\"\n]*\"|-?\d+)\s*\])*")
_SPECIAL = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs", "true", "false"})


class ExpressionWalker:
    """Records uses; `spans` turns a range of characters into a span of the file."""

    def __init__(self, known: Iterable[str]) -> None:
        self.records: dict[str, Record] = {}
        self.scope: Scope = dict.fromkeys((*known, *_SPECIAL), Binding())
        self.source = ""
        self.spans: Callable[[int, int], Span]
        self.gathered = Gathered()

    def walk(self, node: nodes.Node | None, use: Use) -> None:
        """Record everything an expression uses; its own value is used for `use`."""
        match node:
            case None | nodes.Const() | nodes.TemplateData():
                return
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                self._chain(node, use)
            case nodes.Filter():
                self._filter(node, use)
            case nodes.Test():
                self._test(node)
            case nodes.Call():
                self._call(node, use)
            case nodes.Compare():
                self._compare(node)
            case nodes.CondExpr():
                self.walk(node.test, Use.TESTED)
                self.walk(node.expr1, use)
                self.walk(node.expr2, use)
            case nodes.Not():
                self.walk(node.node, Use.TESTED)
            case _:
                for child in node.iter_child_nodes():
                    self.walk(child, use)

    def record(self, path: str | None, node: nodes.Node, use: Use) -> Record | None:
        """Note one use of a path; None for names of the template itself."""
        if path is None or root_of(path) in _SPECIAL:
            return None
        self.gathered.names[path] = None
        if path not in self.records:
            self.records[path] = Record(span=self._span(node))
        found = self.records[path]
        found.uses.add(use)
        return found

    def _span(self, node: nodes.Node) -> Span:
        first = next(node.find_all(nodes.Name), None) if not isinstance(node, nodes.Name) else node
        start = node.lineno if first is None else first.lineno
        chain = _CHAIN.match(self.source, start)
        return self.spans(start, start + 1 if chain is None else chain.end())

    def _chain(self, node: nodes.Expr, use: Use) -> None:
        self._depend(node)
        self.record(path_of(node, self.scope), node, use)
        step: nodes.Node = node
        while isinstance(step, nodes.Getattr | nodes.Getitem):
            if isinstance(step, nodes.Getitem):
                self.walk(step.arg, Use.PASSED)
            step = step.node
        if not isinstance(step, nodes.Name):
            self.walk(step, Use.PASSED)

    def _depend(self, node: nodes.Node) -> None:
        """Note the paths behind a name that was set from an expression."""
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            node = node.node
        if isinstance(node, nodes.Name) and node.name in self.scope:
            self.gathered.names.update(dict.fromkeys(self.scope[node.name].depends))

    def _filter(self, node: nodes.Filter, use: Use) -> None:
        inner: nodes.Node | None = node
        names: list[str] = []
        defaulted = False
        while isinstance(inner, nodes.Filter):
            names.append(inner.name)
            defaulted = defaulted or inner.name in {"default", "d"}
            for argument in (*inner.args, *inner.kwargs):
                self.walk(argument, Use.PASSED)
            inner = inner.node
        names.reverse()
        self.walk(inner, use)
        self.gathered.filters.update(dict.fromkeys(names))
        found = self._record_of(inner)
        if found is not None:
            found.filters.update(dict.fromkeys(names))
            found.defaulted = found.defaulted or defaulted

    def _record_of(self, node: nodes.Node | None) -> Record | None:
        path = path_of(node, self.scope)
        return None if path is None else self.records.get(path)

    def _test(self, node: nodes.Test) -> None:
        self.walk(node.node, Use.TESTED)
        for argument in node.args:
            self.walk(argument, Use.PASSED)
        found = self._record_of(node.node)
        if found is not None:
            found.tests[node.name] = None

    def _compare(self, node: nodes.Compare) -> None:
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        constants = [value for side in sides for value in _constants(side)]
        for side in sides:
            self.walk(side, Use.TESTED)
            found = self._record_of(side)
            if found is not None:
                found.compared.update(dict.fromkeys(constants))

    def _call(self, node: nodes.Call, use: Use) -> None:
        for argument in (*node.args, *node.kwargs):
            self.walk(argument, Use.PASSED)
        callee = node.node
        path = path_of(callee, self.scope)
        self.gathered.calls[path or _name(callee)] = None
        if isinstance(callee, nodes.Getattr) and callee.attr in TEXT_METHODS | MAPPING_METHODS:
            self._method(node, callee, callee.attr, use)
        elif path is not None:
            self._depend(callee)
            found = self.record(path, callee, Use.CALLED)
            if found is not None and use is not Use.CALLED:
                found.uses.add(use)
                found.arguments = found.arguments or self._arguments(node)
        else:
            self.walk(callee, Use.CALLED)

    def _method(self, node: nodes.Call, callee: nodes.Getattr, method: str, use: Use) -> None:
        self.walk(callee.node, use if method in TEXT_METHODS else Use.TESTED)
        found = self._record_of(callee.node)
        if found is not None:
            found.methods[method] = None
        if method in {"startswith", "endswith"} and found is not None:
            found.compared.update(dict.fromkeys(v for a in node.args for v in _constants(a)))
        if method == "get" and (path := path_of(node, self.scope)) is not None:
            self.record(path, node, use)

    def _arguments(self, node: nodes.Call) -> str:
        """Return the source between the parentheses of a call, as far as it is one simple pair."""
        match = re.compile(r"\(([^()]*)\)").match(self.source, node.lineno)
        return match[1].strip() if match else ""


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f".{node.attr}" if isinstance(node, nodes.Getattr) else "()"


def _constants(node: nodes.Node) -> list[str | int | float | bool | None]:
    match node:
        case nodes.Const():
            return [node.value]
        case nodes.List() | nodes.Tuple():
            return [item.value for item in node.items if isinstance(item, nodes.Const)]
        case _:
            return []
