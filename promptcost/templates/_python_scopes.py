"""What the names of Python source are set to, scope by scope, and which calls fill texts.

Only the shape of the source is read.  A name that is set in a way this reader does not follow has
None among its values.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.templates._kinds import Assigned
from promptcost.templates._words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_VALUES = 4  # of one name; those with more are anything
SCOPED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_IDLE = (ast.expr_context, ast.operator, ast.cmpop, ast.Constant)  # set nothing
_FILLING = words(
    "format format_map substitute safe_substitute render partial invoke ainvoke stream astream"
    " run arun predict format_messages format_prompt replace from_template from_messages"
    " from_string"
)
Values = list[ast.expr | None]


@dataclass(slots=True)
class Scope:
    """The names of a function, a class or a module.

    `own` are the attributes that the methods of a class set on themselves, `returned` what a
    function returns, `inner` the functions that are defined here, `readings` what is known of the
    names so far.
    """

    outer: Scope | None = None
    is_class: bool = False
    values: dict[str, Values] = field(default_factory=dict)
    own: dict[str, Values] = field(default_factory=dict)
    returned: Values = field(default_factory=list)
    inner: dict[str, Scope] = field(default_factory=dict)
    readings: dict[str, Assigned | None] = field(default_factory=dict)

    def find(self, name: str) -> tuple[Values, Scope] | None:
        """Return the values of a name and where it is set; None for a name set nowhere."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values and not (scope.is_class and scope is not self):
                return scope.values[name], scope
            scope = scope.outer
        return None

    @property
    def object(self) -> Scope:
        """The class whose method this is; the module in any other function."""
        scope = self
        while scope.outer is not None and not scope.is_class:
            scope = scope.outer
        return scope

    def find_own(self, name: str) -> tuple[Values, Scope] | None:
        """Return the values of an attribute of the object whose method this is."""
        scope = self.object
        if not scope.is_class:
            return None
        found = scope.own.get(name, scope.values.get(name))
        return None if found is None else (found, scope)

    def function(self, name: str) -> Scope | None:
        """Return a function that is defined here or around."""
        scope: Scope | None = self
        while scope is not None and name not in scope.inner:
            scope = scope.outer
        return None if scope is None else scope.inner[name]


class Scopes:
    """The scopes of one syntax tree; `filling` are the calls that may fill a text, in order."""

    def __init__(self, tree: ast.Module) -> None:
        self.top = Scope()
        self.filling: list[tuple[ast.Call | ast.BinOp, Scope]] = []
        self.assigned: list[tuple[str, ast.expr]] = []
        self._of: dict[ast.AST, Scope] = {tree: self.top}
        waiting: list[tuple[ast.AST, Scope]] = [(tree, self.top)]
        while waiting:
            node, scope = waiting.pop()
            inside = self._enter(node, scope) if isinstance(node, SCOPED) else scope
            waiting += [(child, inside) for child in self._children(node, inside)][::-1]

    def of(self, node: ast.AST | None) -> Scope:
        """Return the scope of a function or a class."""
        return self.top if node is None else self._of.get(node, self.top)

    def _enter(self, node: ast.AST, scope: Scope) -> Scope:
        """Return the scope of what a node holds."""
        made = Scope(outer=scope, is_class=isinstance(node, ast.ClassDef))
        self._of[node] = made
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope.inner[node.name] = made
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _set(scope.values, node.name, None)
        return made

    def _children(self, node: ast.AST, scope: Scope) -> Iterable[ast.AST]:
        """Note what a node sets, and return what else is to be looked at inside of it."""
        match node:
            case (
                ast.Assign(targets=[target], value=ast.expr() as value)
                | ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                self._assign(target, value, scope)
                return [value]
            case ast.For(target=target, iter=over) | ast.AsyncFor(target=target, iter=over):
                _loop(target, over, scope)
                return [over, *node.body, *node.orelse]
            case ast.comprehension(target=target, iter=over):
                _loop(target, over, scope)
                return [over, *node.ifs]
            case ast.Return(value=value):
                scope.returned.append(value)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if _fills(name):
                self.filling.append((node, scope))
            case ast.BinOp(op=ast.Mod() | ast.BitOr()):
                self.filling.append((node, scope))
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                for name in names:
                    _set(scope.values, name, None)
                    _set(self.top.values, name, None)
            case _:
                _bind(node, scope)
        return _inner(node)

    def _assign(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        match target, value:
            case ast.Name(id=name), _:
                _set(scope.values, name, value)
                self.assigned.append((name, value))
            case ast.Attribute(value=ast.Name(id="self"), attr=name), _:
                _set(scope.object.own, name, value)
                self.assigned.append((name, value))
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                for one, its in zip(names, values, strict=True):
                    self._assign(one, its, scope)
            case _:
                _unknown(target, scope)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that may set a name or fill a text, or hold what does."""
    for name in node._fields:
        value = getattr(node, name)
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, ast.AST) and not isinstance(part, _IDLE) and not _is_read(part):
                yield part


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _fills(name: str) -> bool:
    return name in _FILLING or name.endswith("Template")


def _loop(target: ast.expr, over: ast.expr, scope: Scope) -> None:
    """Note a name that stands for one after the other; a star tells it from the whole."""
    match target, over:
        case ast.Name(id=name), _:
            _set(scope.values, name, ast.Starred(over, ast.Load()))
        case (
            ast.Tuple(elts=[ast.Name(id=number), ast.Name(id=name)]),
            ast.Call(func=ast.Name(id="enumerate"), args=[of, *_]),
        ):
            _set(scope.values, number, None)
            _set(scope.values, name, ast.Starred(of, ast.Load()))
        case _:
            _unknown(target, scope)


def _bind(node: ast.AST, scope: Scope) -> None:
    """Note a name that is set in a way that is not followed."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            _set(scope.values, name, None)
        case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store() | ast.Del()):
            _set(scope.object.own, name, None)
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
            _set(scope.values, name, None)
        case ast.alias(name=name, asname=known):
            _set(scope.values, known or name.split(".", 1)[0], None)


def _unknown(target: ast.expr, scope: Scope) -> None:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            _set(scope.values, node.id, None)


def _set(values: dict[str, Values], name: str, value: ast.expr | None) -> None:
    known = values.setdefault(name, [])
    if len(known) < MOST_VALUES:
        known.append(value)
    elif None not in known:
        known.append(None)
