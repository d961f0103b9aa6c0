"""The shape of a value as a template uses it: a tree grown from the paths of its uses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.templates._words import words
from promptcost.templates.uses import Constant, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.templates.uses import VariableUse

_STEP = re.compile(r"\.?[^.\[{]+|\[\d{0,3}\]|\{[^}]*\}")
_OF_LISTS = words(
    "join map first last select selectattr reject rejectattr batch slice sum max min sort unique"
    " list reverse random groupby"
)
_DEEPEST = 12  # steps; a path that goes on describes no value that prints


@dataclass(slots=True)
class Shape:
    """What is done with one path, and with what it holds: attributes, elements, entries."""

    path: str
    uses: set[Use] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    filters: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)
    compared: list[Constant] = field(default_factory=list)
    defaulted: bool = False
    attributes: dict[str, Shape] = field(default_factory=dict)
    members: dict[int, Shape] = field(default_factory=dict)
    element: Shape | None = None
    entry: Shape | None = None

    def parts(self) -> Iterator[Shape]:
        """Yield the shape itself and every shape below it."""
        yield self
        below = (*self.attributes.values(), *self.members.values(), self.element, self.entry)
        for inner in below:
            if inner is not None:
                yield from inner.parts()

    @property
    def is_mapping(self) -> bool:
        """Whether it is used as a mapping of unknown keys."""
        mapped = self.methods & {"items", "keys", "values"} or self.filters & {"dictsort", "items"}
        return self.entry is not None or bool(mapped)

    @property
    def is_sequence(self) -> bool:
        """Whether it is used as a list."""
        listed = self.filters & _OF_LISTS
        counted = self.filters & {"length", "count"} and Use.PRINTED not in self.uses
        return self.element is not None or Use.ITERATED in self.uses or bool(listed or counted)


def shapes(variables: Iterable[VariableUse]) -> dict[str, Shape]:
    """Return the shape of every root."""
    roots: dict[str, Shape] = {}
    for variable in variables:
        root, *steps = _STEP.findall(variable.name)[:_DEEPEST]
        shape = roots.setdefault(root, Shape(root))
        for step in steps:
            shape = _inner(shape, step)
        shape.uses |= variable.uses
        shape.methods.update(variable.methods)
        shape.filters.update(variable.filters)
        shape.tests.update(variable.tests)
        shape.compared.extend(variable.compared)
        shape.defaulted |= variable.defaulted
    return roots


def _inner(shape: Shape, step: str) -> Shape:
    path = shape.path + step
    if step != "[]" and step.startswith("["):
        return shape.members.setdefault(int(step[1:-1]), Shape(path))
    if step == "[]":
        if shape.element is None:
            shape.element = Shape(path)
        return shape.element
    if step == "{key}":
        return Shape(path)
    if step.startswith("{"):
        if shape.entry is None:
            shape.entry = Shape(path)
        return shape.entry
    return shape.attributes.setdefault(step.removeprefix("."), Shape(path))
