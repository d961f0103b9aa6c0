"""Walks statements: scopes as Jinja keeps them, and templates included by a fixed name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateNotFound, nodes

from promptcost.errors import Level, Problem
from promptcost.templates._expressions import ExpressionWalker
from promptcost.templates._paths import Binding, Scope, bind_targets, ends, path_of
from promptcost.templates._records import Gathered
from promptcost.templates.uses import Use

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptcost.templates._environment import GuardedEnvironment
    from promptcost.templates._places import Places

MAX_INCLUDES = 64


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed expression of the main template and what stands around it."""

    offset: int
    gathered: Gathered
    loops: tuple[str, ...]
    conditions: tuple[str, ...]
    in_macro: bool


class StatementWalker(ExpressionWalker):
    """Walks statements, keeping scopes as Jinja does."""

    def __init__(self, env: GuardedEnvironment, places: Places) -> None:
        super().__init__(env.globals)
        self.env = env
        self.places = places
        self._name = places.main
        self.printed: list[Printed] = []
        self.literals: list[tuple[int, int]] = []
        self._loops: list[str] = []
        self._conditions: list[str] = []
        self._macros = 0
        self.defaulted: set[str] = set()
        self._included: list[str] = []
        self.problems: list[Problem] = []

    def enter(self, name: str) -> None:
        """Walk on in the template of a name."""
        self._name = name
        self.source = self.env.tags[name].source
        self.spans = lambda start, end: self.places.span(name, start, end)

    def body(self, statements: list[nodes.Node]) -> None:
        """Walk statements in order."""
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: nodes.Node) -> None:
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)

    def _import_as(self, node: nodes.Import) -> None:
        self._import(node)
        self.scope[node.target] = Binding()

    def _import_from(self, node: nodes.FromImport) -> None:
        self._import(node)
        for name in node.names:
            self.scope[name if isinstance(name, str) else name[1]] = Binding()

    def _call_block(self, node: nodes.CallBlock) -> None:
        self._expression(node.call, node.lineno)
        self._macro_body(node)

    def _run(self, node: nodes.ExprStmt) -> None:
        self.walk(node.node, Use.PASSED)

    def _block(self, node: nodes.Block | nodes.Scope | nodes.FilterBlock) -> None:
        self._scoped(node.body)

    def _scoped(
        self, statements: list[nodes.Node], names: dict[str, Binding] | None = None
    ) -> None:
        outer = self.scope
        self.scope = {**outer, **(names or {})}
        self.body(statements)
        self.scope = outer

    def _output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                if self._name == self.places.main:
                    self.literals.append((child.lineno, len(child.data)))
            else:
                self._expression(child, child.lineno)

    def _expression(self, node: nodes.Expr, offset: int) -> None:
        outer, self.gathered = self.gathered, Gathered()
        self.walk(node, Use.PRINTED)
        if self._name == self.places.main:
            loops, conditions = tuple(self._loops), tuple(self._conditions)
            found = Printed(offset, self.gathered, loops, conditions, self._macros > 0)
            self.printed.append(found)
        outer.names.update(self.gathered.names)
        self.gathered = outer

    def _for(self, node: nodes.For) -> None:
        self.walk(node.iter, Use.ITERATED)
        path = path_of(node.iter, self.scope)
        names = bind_targets(node.target, node.iter, self.scope)
        outer = self.scope
        self.scope = {**outer, **names, "loop": Binding()}
        if node.test is not None:
            self.walk(node.test, Use.TESTED)
        self._loops.append(path or self._tag(node))
        self.body(node.body)
        self._loops.pop()
        self.scope = outer
        self._scoped(node.else_)

    def _tag(self, node: nodes.Node) -> str:
        return self.env.tags[self._name].text(node.lineno)

    def _if(self, node: nodes.If) -> None:
        before, arms = self.scope, []
        for arm in (node, *node.elif_):
            self.walk(arm.test, Use.TESTED)
            arms.append(self._arm(self._tag(arm), arm.body, before))
        last = self._arm("else", node.else_, before)
        if not ends(node.else_):
            arms.append(last)
        self.scope = {**before, **self._joined(arms, before)}

    def _arm(self, text: str, body: list[nodes.Node], before: Scope) -> Scope:
        self.scope = dict(before)
        self._conditions.append(text)
        self.body(body)
        self._conditions.pop()
        made, self.scope = self.scope, before
        return made

    def _joined(self, arms: list[Scope], before: Scope) -> Scope:
        """Return the names that some arm binds; one not bound by all may be the context's."""
        joined: Scope = {}
        for name in dict.fromkeys(name for arm in arms for name in arm if name not in before):
            bound = [arm[name] for arm in arms if name in arm]
            depends = tuple(dict.fromkeys(path for b in bound for path in b.depends))
            paths = {b.path for b in bound}
            path = paths.pop() if len(paths) == 1 else None
            if len(bound) < len(arms) and not self._loops and not self._macros:
                path = name
                self.defaulted.add(name)
            joined[name] = Binding(path, depends)
        return joined

    def _assign(self, node: nodes.Assign) -> None:
        outer, self.gathered = self.gathered, Gathered()
        self.walk(node.node, Use.ASSIGNED)
        binding = Binding(path_of(node.node, self.scope), tuple(self.gathered.names))
        outer.names.update(self.gathered.names)
        self.gathered = outer
        targets = [node.target] if isinstance(node.target, nodes.Name) else []
        for target in targets or node.target.find_all(nodes.Name):
            self._bind(target.name, binding if targets else Binding(None, binding.depends))

    def _bind(self, name: str, binding: Binding) -> None:
        """Bind a name; one that was read before keeps its path, as the context may give it."""
        if name in self.records and name not in self.scope:
            self.defaulted.add(name)
            binding = Binding(name, binding.depends)
        self.scope[name] = binding

    def _assign_block(self, node: nodes.AssignBlock) -> None:
        outer, self.gathered = self.gathered, Gathered()
        self._scoped(node.body)
        depends = tuple(self.gathered.names)
        outer.names.update(self.gathered.names)
        self.gathered = outer
        for target in [node.target] if isinstance(node.target, nodes.Name) else []:
            self._bind(target.name, Binding(None, depends))

    def _macro(self, node: nodes.Macro) -> None:
        self.scope[node.name] = Binding()
        self._macro_body(node)

    def _macro_body(self, node: nodes.Macro | nodes.CallBlock) -> None:
        for default in node.defaults:
            self.walk(default, Use.PASSED)
        self._macros += 1
        self._scoped(node.body, {argument.name: Binding() for argument in node.args})
        self._macros -= 1

    def _with(self, node: nodes.With) -> None:
        names: dict[str, Binding] = {}
        for target, value in zip(node.targets, node.values, strict=True):
            self.walk(value, Use.ASSIGNED)
            path = path_of(value, self.scope)
            names |= {name.name: Binding(path) for name in _names(target)}
        self._scoped(node.body, names)

    # Other templates

    def _include(self, node: nodes.Include | nodes.Extends) -> None:
        found = self._fixed_name(node)
        if found is None or found in self._included or len(self._included) >= MAX_INCLUDES:
            return
        tree = self._load(found, node)
        if tree is None:
            return
        self._included.append(found)
        before, loops = self._name, self._loops
        self.enter(found)
        self._scoped(tree.body)
        self.enter(before)
        self._loops = loops

    def _import(self, node: nodes.Import | nodes.FromImport) -> None:
        found = self._fixed_name(node)
        if found is not None:
            self._load(found, node)

    def _fixed_name(
        self, node: nodes.Include | nodes.Extends | nodes.Import | nodes.FromImport
    ) -> str | None:
        if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
            return self.env.join_path(node.template.value, self._name)
        self.walk(node.template, Use.PASSED)
        if not isinstance(node.template, nodes.Const | nodes.List | nodes.Tuple):
            self._problem(node, "includes a template by a computed name", "use a fixed name")
        return None

    def _load(self, name: str, node: nodes.Node) -> nodes.Template | None:
        optional = isinstance(node, nodes.Include) and node.ignore_missing
        try:
            text = self.places.loader.get_source(self.env, name)[0]
            return self.env.parse(text, name)
        except TemplateNotFound as error:
            if not optional:
                message = f"includes {name[:80]!r}, which {error.message or 'cannot be read'}"
                self._problem(node, message, "audit from the directory that holds it")
        except TemplateError as error:
            self._problem(
                node, f"includes {name[:80]!r}, which has a fault", str(error.message)[:80]
            )
        return None

    def _problem(self, node: nodes.Node, message: str, repair: str) -> None:
        path, line, column = self.places.position(self._name, node.lineno)
        self.problems.append(
            Problem(
                path=path,
                message=f"{message}; the analysis is partial",
                repair=repair,
                line=line,
                column=column,
                level=Level.WARNING,
            )
        )


# ruff: noqa: SLF001 - the table of the class above
_HANDLERS: dict[type[nodes.Node], Callable[[StatementWalker, Any], None]] = {
    nodes.Output: StatementWalker._output,
    nodes.For: StatementWalker._for,
    nodes.If: StatementWalker._if,
    nodes.Assign: StatementWalker._assign,
    nodes.AssignBlock: StatementWalker._assign_block,
    nodes.Macro: StatementWalker._macro,
    nodes.CallBlock: StatementWalker._call_block,
    nodes.With: StatementWalker._with,
    nodes.Include: StatementWalker._include,
    nodes.Extends: StatementWalker._include,
    nodes.Import: StatementWalker._import_as,
    nodes.FromImport: StatementWalker._import_from,
    nodes.ExprStmt: StatementWalker._run,
    nodes.FilterBlock: StatementWalker._block,
    nodes.Scope: StatementWalker._block,
    nodes.Block: StatementWalker._block,
    nodes.ScopedEvalContextModifier: StatementWalker._block,
}


def _names(target: nodes.Node) -> list[nodes.Name]:
    return [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))
