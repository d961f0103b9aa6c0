"""Code generation with origins, on top of that with bounds.

Node numbers are character offsets (see `_positions`), so a node names its exact place.
"""

# ruff: noqa: ANN401, N802 - Jinja's own names and loose types
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from promptcost.templates._guarded_codegen import GuardedCodeGenerator
from promptcost.templates._paths import ends
from promptcost.templates._traced import Site
from promptcost.templates.uses import ConditionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.compiler import Frame

    from promptcost.templates._positions import Tags

_OUTSIDE_OUTPUT = (nodes.CallBlock, nodes.FilterBlock, nodes.For)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCondition:
    """A condition met while generating code; places are characters of its template."""

    number: int
    kind: ConditionKind
    template: str
    range: tuple[int, int]
    text: str
    earlier: tuple[int, ...]
    within: tuple[tuple[int, bool], ...]
    refuses: tuple[bool, ...]


class OriginCodeGenerator(GuardedCodeGenerator):
    """Emits output that carries its place, and conditions that can be forced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._env: Any = self.environment
        self._tags: Tags = vars(self.environment)["tags"][self.name]
        self._loops: list[tuple[int, int]] = []
        self._else_bodies: list[Any] = []
        self._within: list[tuple[tuple[int, bool], ...]] = []
        self._closing: list[int | None] = []
        self._include: int | None = None

    def write_commons(self) -> None:
        """Add the names that generated code uses to each function."""
        super().write_commons()
        self.writeline("pc_mark = environment.mark")
        self.writeline("pc_print = environment.printed")
        self.writeline("pc_literals = environment.literals")
        self.writeline("pc_arm = environment.arm")

    def _site(self, node: nodes.Node) -> int:
        start, end = self._tags.around(node.lineno)
        text = self._tags.text(node.lineno)
        loops = tuple(self._loops)
        site = Site(self.name or "", start, end, text, loops)
        number: int = self._env.origins.add(site)
        return number

    # Output

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Write each child on its own, with its place."""
        if frame.require_output_check:
            if self.has_known_extends:
                return
            self.writeline("if parent_template is None:")
            self.indent()
            self.writeline("pass")
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self._write_literal(child, frame)
            else:
                self._write_expression(child, frame)
        if frame.require_output_check:
            self.outdent()

    def _write_literal(self, node: nodes.TemplateData, frame: Frame) -> None:
        end = node.lineno + len(node.data)
        site = Site(self.name or "", node.lineno, end, None, tuple(self._loops))
        number = self._env.literal(site, node.data)
        self.simple_write(f"pc_literals[{number}]", frame, node)

    def _write_expression(self, node: nodes.Expr, frame: Frame) -> None:
        site = self._site(node)
        self.start_write(frame, node)
        if frame.eval_ctx.volatile:
            escape = "(escape if context.eval_ctx.autoescape else str)"
        else:
            escape = "escape" if frame.eval_ctx.autoescape else ""
        if escape:
            self.write(f"pc_mark({escape}(environment.weighed(")
            self.visit(node, frame)
            self.write(f")), {site})")
        else:
            self.write("pc_print(")
            self.visit(node, frame)
            self.write(f", {site})")
        self.end_write(frame)

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """Begin a write; output that statements make gets the place of the statement."""
        super().start_write(frame, node)
        site = self._site(node) if isinstance(node, _OUTSIDE_OUTPUT) else self._include
        self._closing.append(site)
        if site is not None:
            self.write("pc_mark(")

    def end_write(self, frame: Frame) -> None:
        """End a write."""
        site = self._closing.pop()
        if site is not None:
            self.write(f", {site})")
        super().end_write(frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        """Pass included output through the place of the include."""
        self._include = self._site(node)
        super().visit_Include(node, frame)
        self._include = None

    # Structure

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """Note the loop around the output of its body."""
        self._loops.append(self._tags.around(node.lineno))
        self._else_bodies.append(node.else_)
        super().visit_For(node, frame)
        self._else_bodies.pop()
        self._loops.pop()

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Visit a body; the else of a loop is not in the loop."""
        if not self._else_bodies or nodes is not self._else_bodies[-1]:
            super().blockvisit(nodes, frame)
            return
        loop = self._loops.pop()
        super().blockvisit(nodes, frame)
        self._loops.append(loop)

    # Conditions

    def visit_If(self, node: nodes.If, frame: Frame) -> None:
        """Write a chain of conditions that a render can force."""
        branch = frame.soft()
        earlier: list[int] = []
        arms: list[tuple[str, nodes.If]] = [("if ", node)]
        arms += [("elif ", other) for other in node.elif_]
        for word, arm in arms:
            kind = ConditionKind.IF if arm is node else ConditionKind.ELIF
            self.writeline(word, arm)
            last = arm is (node.elif_[-1] if node.elif_ else node)
            refuses = (ends(arm.body), last and ends(node.else_))
            number = self._condition(arm, kind, tuple(earlier), refuses)
            self._write_test(number, arm.test, branch)
            self.write(":")
            self._write_arm(arm.body, branch, (*((n, False) for n in earlier), (number, True)))
            earlier.append(number)
        if node.else_:
            self.writeline("else:")
            self._write_arm(node.else_, branch, tuple((n, False) for n in earlier))

    def _write_arm(
        self, body: list[nodes.Node], frame: Frame, arms: tuple[tuple[int, bool], ...]
    ) -> None:
        self._within.append(arms)
        self.indent()
        self.blockvisit(body, frame)
        self.outdent()
        self._within.pop()

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:
        """Write an inline condition that a render can force."""
        branch = frame.soft()
        number = self._condition(node, ConditionKind.INLINE, (), (False, False))
        self.write("(")
        self.visit(node.expr1, branch)
        self.write(" if ")
        self._write_test(number, node.test, branch)
        self.write(" else ")
        if node.expr2 is None:
            self.write("cond_expr_undefined('the condition is false and has no else')")
        else:
            self.visit(node.expr2, branch)
        self.write(")")

    def _write_test(self, number: int, test: nodes.Node, frame: Frame) -> None:
        self.write(f"pc_arm({number}, ")
        self.visit(test, frame)
        self.write(")")

    def _condition(
        self,
        node: nodes.Node,
        kind: ConditionKind,
        earlier: tuple[int, ...],
        refuses: tuple[bool, bool],
    ) -> int:
        found = FoundCondition(
            number=len(self._env.conditions),
            kind=kind,
            template=self.name or "",
            range=self._tags.around(node.lineno),
            text=self._tags.text(node.lineno),
            earlier=earlier,
            within=tuple(arm for arms in self._within for arm in arms),
            refuses=tuple(outcome for outcome in (True, False) if refuses[not outcome]),
        )
        self._env.conditions.append(found)
        return found.number
