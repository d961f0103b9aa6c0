"""Collects the uses of context paths while a template is walked."""

from __future__ import annotations

from dataclasses import dataclass, field

from promptcost.model.span import Span
from promptcost.templates.uses import Constant, Use, VariableUse


def root_of(path: str) -> str:
    """Return the variable a path begins with."""
    return path.partition(".")[0].partition("[")[0].partition("{")[0]


@dataclass(slots=True)
class Record:
    """The uses of one path so far; the dictionaries are ordered sets."""

    span: Span
    uses: set[Use] = field(default_factory=set)
    filters: dict[str, None] = field(default_factory=dict)
    tests: dict[str, None] = field(default_factory=dict)
    methods: dict[str, None] = field(default_factory=dict)
    compared: dict[Constant, None] = field(default_factory=dict)
    arguments: str = ""
    defaulted: bool = False

    def use(self, path: str) -> VariableUse:
        """Return the record as a value."""
        return VariableUse(
            name=path,
            root=root_of(path),
            span=self.span,
            uses=frozenset(self.uses),
            filters=tuple(self.filters),
            tests=tuple(self.tests),
            methods=tuple(self.methods),
            compared=tuple(self.compared),
            arguments=self.arguments,
            defaulted=self.defaulted,
        )


@dataclass(slots=True)
class Gathered:
    """What one expression uses, in order."""

    names: dict[str, None] = field(default_factory=dict)
    filters: dict[str, None] = field(default_factory=dict)
    calls: dict[str, None] = field(default_factory=dict)
