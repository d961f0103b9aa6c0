"""A Jinja parser that passes through tags it does not know.

One real template in seven uses a tag, filter or test that plain Jinja lacks.  An unknown tag with a
matching end tag prints its body, one without prints nothing; both are noted.
"""

# ruff: noqa: ANN401 - Jinja's loose types
from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.parser import Parser, _statement_keywords

from promptcost.templates.uses import StandIn, StandInKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

# Misspelt or misplaced words of Jinja itself: a fault, not an extension.
_NOT_EXTENSIONS = re.compile(r"el\w*|end\w*|break|continue|trans|pluralize|debug")


class LenientParser(Parser):
    """Parses unknown tags as their body."""

    def __init__(self, environment: Environment, *args: Any) -> None:
        super().__init__(environment, *args)
        self._env: Any = environment

    def parse_statement(self) -> nodes.Node | list[nodes.Node]:
        """Parse a tag, known or not."""
        token = self.stream.current
        known = token.value in _statement_keywords or token.value in {"call", "filter"}
        if token.type != "name" or known or token.value in self.extensions:
            return super().parse_statement()
        if _NOT_EXTENSIONS.fullmatch(token.value):
            return super().parse_statement()  # the error plain Jinja gives
        return self._parse_unknown(token.value)

    def _parse_unknown(self, name: str) -> list[nodes.Node]:
        self._tag_stack.append(name)
        try:
            while self.stream.current.type not in {"block_end", "eof"}:
                next(self.stream)
            if name not in self._ends:
                self._note(name, "prints nothing")
                return []
            self._note(name, "prints its body")
            body = self.parse_statements((f"name:end{name}",), drop_needle=True)
            return [nodes.Scope(body)]
        finally:
            self._tag_stack.pop()

    @cached_property
    def _ends(self) -> frozenset[str]:
        """Names that some tag of the template ends."""
        block = re.escape(self.environment.block_start_string)
        return frozenset(re.findall(rf"{block}[-+]?\s*end(\w+)", self._env.tags[self.name].source))

    def _note(self, name: str, assumption: str) -> None:
        self._env.stand_ins.add(StandIn(kind=StandInKind.TAG, name=name, assumption=assumption))


def remember(tree: nodes.Template) -> nodes.Template:
    """Let a tree find its nodes in a list; Jinja's compiler walks all of it for each question."""
    everything: list[nodes.Node] = []
    waiting: list[nodes.Node] = [*tree.iter_child_nodes()][::-1]
    while waiting:
        everything.append(waiting.pop())
        waiting += [*everything[-1].iter_child_nodes()][::-1]

    def find_all(wanted: type[nodes.Node] | tuple[type[nodes.Node], ...]) -> Iterator[nodes.Node]:
        return (node for node in everything if isinstance(node, wanted))

    vars(tree)["find_all"] = find_all
    return tree
