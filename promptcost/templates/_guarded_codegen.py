"""Code generation with bounds, on the two hooks that Jinja's compiler offers."""

# ruff: noqa: ANN401, N802 - Jinja's own names and loose types
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, operators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.compiler import Frame


class GuardedCodeGenerator(CodeGenerator):
    """Emits a step count in every loop iteration."""

    def write_commons(self) -> None:
        """Add the names that generated code uses to each function."""
        super().write_commons()
        self.writeline("pc_tick = environment.tick")

    def enter_frame(self, frame: Frame) -> None:
        """Begin a scope; the body of a loop begins with a step."""
        super().enter_frame(frame)
        if frame.loop_frame:
            self.writeline("pc_tick()")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        super()._output_child_pre(node, frame, finalize)
        self.write("environment.weighed(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")
        super()._output_child_post(node, frame, finalize)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """Join within the budget where nothing is escaped."""
        if frame.eval_ctx.volatile or frame.eval_ctx.autoescape:
            super().visit_Concat(node, frame)
            return
        self.write("environment.concat(map(str, (")
        for part in node.nodes:
            self.write("environment.weighed(")
            self.visit(part, frame)
            self.write("), ")
        self.write(")))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:
        """Compare values that are not too deep; comparing is one step of C."""
        self.write("(environment.weighed(")
        self.visit(node.expr, frame)
        self.write(")")
        for operand in node.ops:
            self.write(f" {operators[operand.op]} environment.weighed(")
            self.visit(operand.expr, frame)
            self.write(")")
        self.write(")")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """Count the text or list that a slice copies."""
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.counted(")
        super().visit_Getitem(node, frame)
        self.write(")")

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:
        """Build a mapping with keys that are quick to hash."""
        self.write("{")
        for item in node.items:
            self.write("environment.weighed(")
            self.visit(item.key, frame)
            self.write("): ")
            self.visit(item.value, frame)
            self.write(", ")
        self.write("}")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        """Note names whose absence the template allows."""
        if node.ignore_missing:
            known: Any = self.environment
            named = node.template
            names = named.items if isinstance(named, nodes.List | nodes.Tuple) else [named]
            known.optional.update(str(n.value) for n in names if isinstance(n, nodes.Const))
        super().visit_Include(node, frame)

    def visit_Extends(self, node: nodes.Extends, frame: Frame) -> None:
        """Note the blocks that are printed in order where the parent cannot be found."""
        known: Any = self.environment
        known.extending[self.name] = _outer(self.blocks)
        super().visit_Extends(node, frame)


def _outer(blocks: Mapping[str, nodes.Block]) -> tuple[str, ...]:
    """Return the names of blocks that stand in no other block, in order."""
    inside = {
        inner.name
        for block in blocks.values()
        for inner in block.find_all(nodes.Block)
        if inner is not block
    }
    return tuple(name for name in blocks if name not in inside)
