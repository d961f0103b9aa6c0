"""Jinja templates: compile once with origins, render many times."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from jinja2 import TemplateError, nodes

from promptcost.errors import Level, Problem
from promptcost.model.span import Span  # noqa: TC001 - fields of a TypedDict
from promptcost.templates._analysis import Analysis, analyse
from promptcost.templates._budget import LimitReached
from promptcost.templates._chat import add_chat_functions
from promptcost.templates._environment import GuardedEnvironment
from promptcost.templates._faults import compile_fault, render_fault
from promptcost.templates._loader import RootLoader
from promptcost.templates._origin_environment import OriginEnvironment
from promptcost.templates._places import Places
from promptcost.templates._traced import Ref, Run, Traced, join
from promptcost.templates.pieces import Piece, PieceKind, Rendered, RenderFailure
from promptcost.templates.settings import Limits, SourceKind
from promptcost.templates.textmap import size
from promptcost.templates.uses import ConditionUse, ExpressionUse, StandIn, VariableUse
from promptcost.templates.variants import plan_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jinja2 import Template

    from promptcost.templates.source import TemplateSource

CHUNK = 65_536  # of output between two looks at the budget
RUN_CHARS = 256  # what one run of output costs of the budget, for the memory it takes

UNMAPPED = "some text came from a statement that does not tell its place"

# Everything a hostile template can make Python raise while it is compiled or rendered.
FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError,
          ValueError, SyntaxError, MemoryError, AssertionError, LimitReached)  # fmt: skip


def prepare_jinja(source: TemplateSource, root: Path, limits: Limits) -> JinjaTemplate | Problem:
    """Compile a Jinja template within the limits, or say what is wrong with it and where."""
    loader = RootLoader(root, limits.source_bytes)
    compiling = replace(limits, seconds=limits.compile_seconds)
    env = OriginEnvironment(source.settings, compiling, loader)
    if source.kind is SourceKind.CHAT_TEMPLATE:
        add_chat_functions(env)
    places = Places(source, root, loader)
    try:
        with env.budget.alarm():
            tree = env.parse(source.text, places.main)
            analysis = analyse(tree, env, places)
            compiled = _compile(env, tree, places.main)
    except FAULTS as error:
        return compile_fault(error, places)
    return JinjaTemplate(source, env, compiled, places, analysis)


def _compile(env: GuardedEnvironment, tree: nodes.Template, name: str) -> Template:
    code = env.compile(tree, name, name)
    return env.template_class.from_code(env, code, env.make_globals(None))


class _Origin(TypedDict):
    """The fields of a piece that do not depend on where it is printed."""

    kind: PieceKind
    span: Span
    expression: str
    loops: tuple[Span, ...]
    stack: tuple[Span, ...]


class JinjaTemplate:
    """A compiled Jinja template; see `promptcost.templates.template.Template`."""

    def __init__(
        self,
        source: TemplateSource,
        env: OriginEnvironment,
        compiled: Template,
        places: Places,
        analysis: Analysis,
    ) -> None:
        self.source = source
        self._env = env
        self._compiled = compiled
        self._places = places
        self._analysis = analysis
        self._known: dict[Ref, tuple[int, _Origin]] = {}
        self._made: dict[tuple[int, int, Run], Piece] = {}

    @property
    def variables(self) -> tuple[VariableUse, ...]:
        """Paths of the context in order of first use."""
        return self._analysis.variables

    @property
    def expressions(self) -> tuple[ExpressionUse, ...]:
        """Printed expressions in order."""
        return self._analysis.expressions

    @property
    def conditions(self) -> tuple[ConditionUse, ...]:
        """Conditions by number."""
        return tuple(
            ConditionUse(
                number=found.number,
                kind=found.kind,
                span=self._places.span(found.template, *found.range),
                text=found.text,
                earlier=found.earlier,
                within=found.within,
                refuses=found.refuses,
            )
            for found in self._env.conditions
        )

    @property
    def unknown(self) -> tuple[StandIn, ...]:
        """Stand-ins used so far."""
        return tuple(sorted({*self._env.stand_ins, *self._analysis.stand_ins}))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults that make the analysis partial."""
        return self._analysis.problems

    def variants(
        self, limit: int, taken: frozenset[tuple[int, bool]] = frozenset()
    ) -> tuple[dict[int, bool], ...]:
        """Return forced conditions that reach arms not yet taken."""
        return plan_variants(self.conditions, limit, taken)

    def render(
        self,
        context: Mapping[str, object],
        limits: Limits,
        *,
        forced: Mapping[int, bool] | None = None,
        seed: int = 0,
    ) -> Rendered | RenderFailure:
        """Render with the origin of every byte."""
        env = self._env
        budget = env.begin(limits, forced or {}, seed)
        parts: list[str] = []
        try:
            with budget.alarm():
                variables = self._compiled.new_context(dict(context))
                pending = 0
                for part in self._compiled.root_render_func(variables):
                    parts.append(part)
                    runs = len(part.runs) if type(part) is Traced else 1
                    pending += len(part) + RUN_CHARS * runs
                    if pending > CHUNK:
                        budget.spend(pending)
                        pending = 0
                budget.spend(pending)
        except FAULTS as error:
            return RenderFailure(problem=render_fault(error, self._places, self._last(parts)))
        return self._rendered(parts)

    def render_plain(
        self, context: Mapping[str, object], limits: Limits, *, seed: int = 0
    ) -> str | RenderFailure:
        """Render through Jinja's own code generator."""
        try:
            env, compiled = self._plain
            budget = env.begin(limits, {}, seed)
            with budget.alarm():
                variables = compiled.new_context(dict(context))
                return env.concat(compiled.root_render_func(variables))
        except FAULTS as error:
            return RenderFailure(problem=render_fault(error, self._places))

    @cached_property
    def _plain(self) -> tuple[GuardedEnvironment, Template]:
        loader = RootLoader(self._places.root, self._env.limits.source_bytes)
        env = GuardedEnvironment(self.source.settings, self._env.limits, loader)
        if self.source.kind is SourceKind.CHAT_TEMPLATE:
            add_chat_functions(env)
        tree = env.parse(self.source.text, self._places.main)
        return env, _compile(env, tree, self._places.main)

    def _last(self, parts: list[str]) -> tuple[str, int] | None:
        runs = parts[-1].runs if parts and isinstance(parts[-1], Traced) else ()
        if not runs or runs[-1][2] is None:
            return None
        site = self._env.origins.resolve(runs[-1][2])[0]
        return site.template, site.start

    def _rendered(self, parts: list[str]) -> Rendered:
        text = join(parts)
        exact = all(ref is not None for _, _, ref in text.runs)
        return Rendered(
            text=str.__str__(text),
            pieces=tuple(self._pieces(text)) if exact else self._whole(text),
            exact=exact,
            reason="" if exact else UNMAPPED,
            undefined=tuple(self._env.absent),
            arms=frozenset(self._env.arms),
            problems=self._partial(),
        )

    def _pieces(self, text: Traced) -> Iterator[Piece]:
        """Yield the pieces of a text; renders of one template have most pieces in common."""
        ascii_only = text.isascii()
        at = 0
        for run in text.runs:
            start, end, reference = run
            width = end - start if ascii_only else size(text[start:end])
            key = (at, width, run)
            piece = self._made.get(key)
            if piece is None and reference is not None:
                origin = self._origin(reference, end - start)
                piece = self._made[key] = Piece(start=at, end=at + width, **origin)
            if piece is not None:
                yield piece
            at += width

    def _whole(self, text: str) -> tuple[Piece, ...]:
        span = self._places.span(self._places.main, 0, len(self.source.text))
        return (Piece(start=0, end=size(text), kind=PieceKind.EXPRESSION, span=span),)

    def _origin(self, reference: Ref, length: int) -> _Origin:
        """Return where a run came from; a literal that lost its end maps to what is left."""
        if reference not in self._known:
            self._known[reference] = self._described(reference)
        full, origin = self._known[reference]
        if full in {0, length}:
            return origin
        site, skipped, _ = self._env.origins.resolve(reference)
        start = site.start + skipped
        return {**origin, "span": self._places.span(site.template, start, start + length)}

    def _described(self, reference: Ref) -> tuple[int, _Origin]:
        """Return the length of a literal, 0 for an expression, and the origin of its whole."""
        site, skipped, stack = self._env.origins.resolve(reference)
        literal = site.expression is None
        span = self._places.span
        start = site.start + skipped if literal else site.start
        return site.end - start if literal else 0, {
            "kind": PieceKind.LITERAL if literal else PieceKind.EXPRESSION,
            "span": span(site.template, start, site.end),
            "expression": site.expression or "",
            "loops": tuple(span(site.template, *loop) for loop in site.loops),
            "stack": tuple(span(outer.template, outer.start, outer.end) for outer in stack),
        }

    def _partial(self) -> tuple[Problem, ...]:
        if not self._env.missing and not self._env.unsafe:
            return ()
        path = self.source.path
        return (
            *(
                Problem(
                    path=path,
                    message=f"includes {name[:80]!r}, which {reason or 'cannot be read'}",
                    repair="audit from the directory that holds it",
                    level=Level.WARNING,
                )
                for name, reason in self._env.missing.items()
            ),
            *(
                Problem(
                    path=path,
                    message=f"reaches for the internal attribute {name[:80]!r}",
                    repair="remove it; it prints nothing here",
                    level=Level.WARNING,
                )
                for name in sorted(self._env.unsafe)
            ),
        )
