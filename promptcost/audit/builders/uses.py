"""What a builder does with its parameters, read from its source without running it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from promptcost.templates.names import Kind, classify
from promptcost.templates.uses import Use, VariableUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from promptcost.model.span import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef

_MAPPING_METHODS = frozenset({"items", "keys", "values"})
_LISTS = re.compile(
    r"\b(?:list|tuple|set|frozenset|Sequence|Iterable|Collection|List)\b", re.IGNORECASE
)
_MAPPINGS = re.compile(r"\b(?:dict|Mapping|Dict|TypedDict)\b")
_NUMBERS = re.compile(r"\b(?:int|float|Decimal)\b")


def parameter_uses(
    names: Mapping[str, str],
    function: Function | None,
    span: Span,
    whole: str = "",
    fields: Mapping[str, str] = MappingProxyType({}),
) -> tuple[VariableUse, ...]:
    """Return what is known about parameters (name to written annotation).

    `fields` are those of the objects that parameters are, by dotted path.  `whole` is a parameter
    that stands for a whole context: its keys count as parameters.
    """
    paths = _Paths(names, whole)
    if function is not None:
        paths.walk(function)
    for path, annotation in fields.items():
        paths.add_annotated(path, annotation)
    for name, annotation in names.items():
        if name != whole:
            paths.add_annotated(name, annotation)
    return tuple(
        VariableUse(
            name=path,
            root=path.split(".", 1)[0].split("[", 1)[0].split("{", 1)[0],
            span=span,
            uses=frozenset(paths.uses[path] or {Use.PRINTED}),
            methods=tuple(sorted(paths.methods[path])),
            tests=tuple(sorted(paths.tests[path])),
        )
        for path in list(paths.uses)
    )


class _Paths:
    """Collects the paths below parameters; loop variables stand for elements."""

    def __init__(self, names: Mapping[str, str], whole: str) -> None:
        self.uses: dict[str, set[Use]] = defaultdict(set)
        self.methods: dict[str, set[str]] = defaultdict(set)
        self.tests: dict[str, set[str]] = defaultdict(set)
        self._bound = {name: name for name in names}
        self._called: set[ast.expr] = set()
        if whole:
            self._bound[whole] = ""

    def walk(self, function: Function) -> None:
        """Record what a function does with what is bound."""
        nodes = list(ast.walk(function))
        self._called = {node.func for node in nodes if isinstance(node, ast.Call)}
        for node in nodes:
            if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                self._loop(node.target, node.iter)
        for node in nodes:
            if isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
                path = self._path(node)
                if path:
                    self.uses[path].add(Use.PRINTED)

    def _loop(self, target: ast.expr, iterated: ast.expr) -> None:
        if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name):
            is_numbered = iterated.func.id == "enumerate" and isinstance(target, ast.Tuple)
            if is_numbered or iterated.func.id in {"sorted", "list", "reversed", "set"}:
                inner = target.elts[-1] if isinstance(target, ast.Tuple) and is_numbered else target
                for argument in iterated.args[:1]:
                    self._loop(inner, argument)
            return
        path, method = self._path(iterated), ""
        if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Attribute):
            path, method = self._path(iterated.func.value), iterated.func.attr
        if not path:
            return
        if method in _MAPPING_METHODS:
            self.methods[path].add(method)
            self.uses[path].add(Use.ITERATED)
            if method == "items" and isinstance(target, ast.Tuple):
                self._bind(target.elts[-1], f"{path}{{}}")
        elif not method:
            self.uses[path].add(Use.ITERATED)
            self._bind(target, f"{path}[]")

    def _bind(self, target: ast.expr, path: str) -> None:
        if isinstance(target, ast.Name):
            self._bound[target.id] = path

    def _path(self, node: ast.expr) -> str | None:
        """Return the path an expression reads; None where it is no plain path of a parameter."""
        match node:
            case ast.Name(id=name):
                return self._bound.get(name)
            case ast.Call(
                func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(str(key)), *_]
            ):
                return self._inner(owner, key)
            case ast.Attribute(value=owner, attr=name) if node not in self._called:
                return self._inner(owner, name)
            case ast.Subscript(value=owner, slice=ast.Constant(str(key))):
                return self._inner(owner, key)
            case _:
                return None

    def _inner(self, owner: ast.expr, key: str) -> str | None:
        path = self._path(owner)
        if path is None or not key.isidentifier():
            return None
        return f"{path}.{key}" if path else key

    def add_annotated(self, name: str, annotation: str) -> None:
        """Record a parameter and what its annotation says."""
        self.uses[name].add(Use.PRINTED)
        if any(path != name and path.startswith(name) for path in self.uses):
            return
        if _LISTS.search(annotation):
            self.uses[name].add(Use.ITERATED)
            if classify(name).kind is Kind.HISTORY or "message" in annotation.lower():
                for field in ("role", "content"):
                    self.uses[f"{name}[].{field}"].add(Use.PRINTED)
        elif _MAPPINGS.search(annotation):
            self.methods[name].add("items")
        elif _NUMBERS.search(annotation):
            self.tests[name].add("number")


def find_function(tree: ast.AST, line: int) -> Function | None:
    """Return the function whose code starts at a line, that of its first decorator included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first == line:
                return node
    return None


def find_assignment(tree: ast.Module, name: str) -> ast.stmt | None:
    """Return the statement of a module that gives a name its value, the last one if several."""
    found = [node for node in _statements(tree) if name in _assigned(node)]
    return found[-1] if found else None


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign))


def _assigned(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}
