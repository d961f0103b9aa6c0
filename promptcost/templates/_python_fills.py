"""Which calls of Python source fill which texts, and with what.

``PROMPT.format(day=date.today())`` fills the text that ``PROMPT`` names, and so does
``chain.invoke({"day": ...})`` where ``chain = PromptTemplate.from_template(PROMPT) | llm``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from promptcost.templates._python_scopes import Scope, Scopes

Key = str | ast.AST  # a name, or a literal
Filling = list[tuple[ast.expr, "Scope"]]
MAKING = frozenset({"from_template", "from_messages", "from_string"})
_DEEPEST = 8
_MOST_FILLINGS = 20  # of one placeholder; the first ones tell
_MOST_LOCALS = 100
_MOST_KEYS = 20  # of one call
_METHODS = {"substitute": "substitute", "safe_substitute": "substitute", "format": "format"}


@dataclass(slots=True)
class Filled:
    """How a text is filled: values by placeholder, the methods, the markers that are replaced."""

    values: dict[str, Filling] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    markers: dict[str, None] = field(default_factory=dict)


class Fills:
    """What fills the placeholders of each text of a file; `names` are all placeholders filled."""

    def __init__(self, scopes: Scopes) -> None:
        self.names: set[str] = set()
        self._aliases: dict[str, dict[Key, None]] = {}
        for name, value in scopes.assigned:
            if isinstance(value, ast.Call | ast.BinOp | ast.Name):
                self._aliases.setdefault(name, {}).update(dict.fromkeys(_keys(value, 0)))
        self._by_key: dict[Key, Filled] = {}
        for call, scope in scopes.filling:
            method, target, values = _filled(call, scope)
            self.names.update(values)
            for key in self._texts(_keys(target, 0)):
                self._add(key, method, values, scope)

    def of(self, literal: ast.AST, owner: str) -> Filled | None:
        """Return how a literal is filled, itself or by the variable that names it."""
        found = self._by_key.get(literal)
        return self._by_key.get(owner) if found is None else found

    def _add(self, key: Key, method: str, values: Mapping[str, ast.expr], scope: Scope) -> None:
        known = self._by_key.setdefault(key, Filled())
        known.methods.add(method)
        for name, value in values.items():
            values_of = known.values.setdefault(name, [])
            if len(values_of) < _MOST_FILLINGS:
                values_of.append((value, scope))
            if method == "replace":
                known.markers[name] = None

    def _texts(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Yield what names a text directly, and what that was made of."""
        seen: dict[str | ast.AST, None] = {}
        waiting = list(keys)
        while waiting and len(seen) < _MOST_KEYS:
            key = waiting.pop()
            if key not in seen:
                seen[key] = None
                waiting += self._aliases.get(key, {}) if isinstance(key, str) else ()
        yield from seen


def _keys(node: ast.AST, depth: int) -> Iterator[Key]:
    """Yield the names and literals that a text is made of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.JoinedStr() | ast.Constant(value=str()):
            yield node
        case _ if depth < _DEEPEST:
            for part in _made_of(node):
                yield from _keys(part, depth + 1)


def _made_of(node: ast.AST) -> Iterable[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return left, right
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
        case ast.Call(func=func, args=args, keywords=keywords):
            made_by = func.value if isinstance(func, ast.Attribute) else func
            return made_by, *args, *(keyword.value for keyword in keywords)
    return ()


def _filled(node: ast.Call | ast.BinOp, scope: Scope) -> tuple[str, ast.expr, dict[str, ast.expr]]:
    """Return how a call fills a text, that text, and the values by their placeholders."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if _is_maker(name):
            return "substitute" if name == "Template" else "make", node, _partial(node, scope)
        case ast.Call(func=ast.Attribute(value=target, attr="replace"), args=args):
            return "replace", target, _replaced(args)
        case ast.Call(func=ast.Attribute(value=target, attr=name)):
            return _METHODS.get(name, "call"), target, _passed(node, scope)
        case ast.BinOp(op=ast.Mod(), left=target, right=value):
            return "%", target, _entries(value, scope) or _numbered(value)
        case ast.BinOp(left=ast.Dict() as values, right=target):
            return "call", target, _entries(values, scope)
    return "", node, {}


def _partial(call: ast.Call, scope: Scope) -> dict[str, ast.expr]:
    given = (each.value for each in call.keywords if each.arg == "partial_variables")
    return next((_entries(each, scope) for each in given), {})


def _replaced(args: Sequence[ast.expr]) -> dict[str, ast.expr]:
    match args:
        case [ast.Constant(value=str(marker)), value]:
            return {marker: value, marker.strip("{} "): value}
    return {}


def _passed(call: ast.Call, scope: Scope) -> dict[str, ast.expr]:
    made: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        made |= (
            _entries(keyword.value, scope) if keyword.arg is None else {keyword.arg: keyword.value}
        )
    for number, argument in enumerate(call.args):
        made |= _entries(argument, scope) or {str(number): argument}
    return made


def _numbered(node: ast.expr) -> dict[str, ast.expr]:
    values = node.elts if isinstance(node, ast.Tuple) else [node]
    return {str(number): value for number, value in enumerate(values)}


def _is_maker(name: str) -> bool:
    """Say whether a call makes a template of a text."""
    return name in MAKING or name.endswith("Template")


def _entries(node: ast.expr, scope: Scope) -> dict[str, ast.expr]:
    """Return the entries of a mapping, also of one with a name of its own, or of the locals."""
    match node:
        case ast.Name(id=name):
            found = scope.find(name)
            match found:
                case ([ast.Dict() | ast.Call(func=ast.Name(id="dict")) as value], _):
                    return _entries(value, scope)
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return {each.arg: each.value for each in keywords if each.arg}
        case ast.Call(func=ast.Name(id="locals" | "vars"), args=[]):
            names = islice(scope.values, _MOST_LOCALS)
            return {name: ast.Name(name, ast.Load()) for name in names}
        case ast.Dict(keys=keys, values=values):
            return {
                key.value: value
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return {}
