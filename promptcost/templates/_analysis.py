"""What a template asks of its context, found in its tree without rendering it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from jinja2 import TemplateError, TemplateNotFound, nodes

from promptcost.errors import Level, Problem
from promptcost.templates._expressions import ExpressionWalker
from promptcost.templates._paths import Binding, Scope, bind_targets, path_of
from promptcost.templates._records import Gathered
from promptcost.templates.uses import ExpressionUse, StandIn, StandInKind, Use, VariableUse

if TYPE_CHECKING:
    from promptcost.templates._environment import GuardedEnvironment
    from promptcost.templates._places import Places

MAX_INCLUDES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The result of walking a template and what it includes by fixed name."""

    variables: tuple[VariableUse, ...]
    expressions: tuple[ExpressionUse, ...]
    stand_ins: tuple[StandIn, ...]
    problems: tuple[Problem, ...]


def analyse(tree: nodes.Template, env: GuardedEnvironment, places: Places) -> Analysis:
    """Walk a parsed template.  Raises RecursionError for one nested too deeply."""
    walker = _Walker(env, places)
    walker.enter(places.main)
    walker.body(tree.body)
    return walker.result()


@dataclass(frozen=True, slots=True)
class _Printed:
    offset: int
    gathered: Gathered
    loops: tuple[str, ...]
    conditions: tuple[str, ...]
    in_macro: bool


class _Walker(ExpressionWalker):
    """Walks statements, keeping scopes as Jinja does."""

    def __init__(self, env: GuardedEnvironment, places: Places) -> None:
        super().__init__(env.globals)
        self._env = env
        self._places = places
        self._name = places.main
        self._printed: list[_Printed] = []
        self._literals: list[tuple[int, int]] = []
        self._loops: list[str] = []
        self._conditions: list[str] = []
        self._macros = 0
        self._defaulted: set[str] = set()
        self._included: list[str] = []
        self._problems: list[Problem] = []

    def enter(self, name: str) -> None:
        """Walk on in the template of a name."""
        self._name = name
        self.source = self._env.tags[name].source
        self.spans = lambda start, end: self._places.span(name, start, end)

    def body(self, statements: list[nodes.Node]) -> None:
        """Walk statements in order."""
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                self._output(node)
            case nodes.For():
                self._for(node)
            case nodes.If():
                self._if(node)
            case nodes.Assign():
                self._assign(node)
            case nodes.AssignBlock():
                self._assign_block(node)
            case nodes.Macro():
                self.scope[node.name] = Binding()
                self._macro(node)
            case nodes.CallBlock():
                self._expression(node.call, node.lineno)
                self._macro(node)
            case nodes.With():
                self._with(node)
            case nodes.Include() | nodes.Extends():
                self._include(node)
            case nodes.Import():
                self._import(node)
                self.scope[node.target] = Binding()
            case nodes.FromImport():
                self._import(node)
                for name in node.names:
                    self.scope[name if isinstance(name, str) else name[1]] = Binding()
            case nodes.ExprStmt():
                self.walk(node.node, Use.PASSED)
            case nodes.FilterBlock():
                self._scoped(node.body)
            case nodes.Scope() | nodes.Block() | nodes.ScopedEvalContextModifier():
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
                if self._name == self._places.main:
                    self._literals.append((child.lineno, len(child.data)))
            else:
                self._expression(child, child.lineno)

    def _expression(self, node: nodes.Expr, offset: int) -> None:
        outer, self.gathered = self.gathered, Gathered()
        self.walk(node, Use.PRINTED)
        if self._name == self._places.main:
            loops, conditions = tuple(self._loops), tuple(self._conditions)
            found = _Printed(offset, self.gathered, loops, conditions, self._macros > 0)
            self._printed.append(found)
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
        return self._env.tags[self._name].text(node.lineno)

    def _if(self, node: nodes.If) -> None:
        before, arms = self.scope, []
        for arm in (node, *node.elif_):
            self.walk(arm.test, Use.TESTED)
            arms.append(self._arm(self._tag(arm), arm.body, before))
        last = self._arm("else", node.else_, before)
        if not _raises(node.else_):
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
        """Return the names that some arm binds; those not bound by all may come from the context."""
        joined: Scope = {}
        for name in dict.fromkeys(name for arm in arms for name in arm if name not in before):
            bound = [arm[name] for arm in arms if name in arm]
            depends = tuple(dict.fromkeys(path for b in bound for path in b.depends))
            paths = {b.path for b in bound}
            path = paths.pop() if len(paths) == 1 else None
            if len(bound) < len(arms) and not self._loops and not self._macros:
                path = name
                self._defaulted.add(name)
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
            self._defaulted.add(name)
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

    def _macro(self, node: nodes.Macro | nodes.CallBlock) -> None:
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
            return self._env.join_path(node.template.value, self._name)
        self.walk(node.template, Use.PASSED)
        if not isinstance(node.template, nodes.Const | nodes.List | nodes.Tuple):
            self._problem(node, "includes a template by a computed name", "use a fixed name")
        return None

    def _load(self, name: str, node: nodes.Node) -> nodes.Template | None:
        assert self._env.loader is not None
        optional = isinstance(node, nodes.Include) and node.ignore_missing
        try:
            text = self._env.loader.get_source(self._env, name)[0]
            return self._env.parse(text, name)
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
        path, line, column = self._places.position(self._name, node.lineno)
        self._problems.append(
            Problem(
                path=path,
                message=f"{message}; the analysis is partial",
                repair=repair,
                line=line,
                column=column,
                level=Level.WARNING,
            )
        )

    # The result

    def result(self) -> Analysis:
        """Return what was found."""
        self.enter(self._places.main)
        for name in self._defaulted & self.records.keys():
            self.records[name].defaulted = True
            self.records[name].uses.add(Use.ASSIGNED)
        variables = tuple(record.use(path) for path, record in self.records.items())
        called = [v for v in variables if v.name == v.root and Use.CALLED in v.uses]
        stand_ins = tuple(
            StandIn(kind=StandInKind.GLOBAL, name=v.name, assumption="is given by the context")
            for v in called
        )
        self._literals.sort()
        starts = [start for start, _ in self._literals]
        sums = [0, *accumulate(length for _, length in self._literals)]
        expressions = tuple(self._use(found, starts, sums) for found in self._printed)
        return Analysis(
            variables=variables,
            expressions=expressions,
            stand_ins=stand_ins,
            problems=tuple(self._problems),
        )

    def _use(self, found: _Printed, starts: list[int], sums: list[int]) -> ExpressionUse:
        tags = self._env.tags[self._places.main]
        before = sums[bisect_right(starts, found.offset)]
        return ExpressionUse(
            span=self.spans(*tags.around(found.offset)),
            text=tags.text(found.offset),
            names=tuple(found.gathered.names),
            filters=tuple(found.gathered.filters),
            calls=tuple(found.gathered.calls),
            loops=found.loops,
            conditions=found.conditions,
            in_macro=found.in_macro,
            static_before=before,
            static_after=sums[-1] - before,
        )


def _names(target: nodes.Node) -> list[nodes.Name]:
    return [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))


def _raises(body: list[nodes.Node]) -> bool:
    """Say whether a body ends the render, so that nothing it leaves unset is read later."""
    names = (call.node for output in body for call in output.find_all(nodes.Call))
    return any(isinstance(name, nodes.Name) and name.name == "raise_exception" for name in names)
