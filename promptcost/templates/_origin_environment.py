"""The environment that renders with the origin of every byte."""

# ruff: noqa: ANN401 - template values can be anything
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptcost.templates._codegen import OriginCodeGenerator
from promptcost.templates._environment import GuardedEnvironment
from promptcost.templates._guards import weigh
from promptcost.templates._traced import Origins, Site, Traced, join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.templates._loader import RootLoader
    from promptcost.templates.settings import Limits, Settings

MAX_RUNS = 100_000  # of one captured text; beyond that it counts as made by whatever prints it
LONG = 4_096  # characters; printing a longer text counts towards the budget, as it is copied


class OriginEnvironment(GuardedEnvironment):
    """Renders with the origin of every character."""

    code_generator_class = OriginCodeGenerator

    def __init__(self, settings: Settings, limits: Limits, loader: RootLoader) -> None:
        super().__init__(settings, limits, loader)
        self.origins = Origins()
        self.literals: list[Traced] = []

    def literal(self, site: Site, text: str) -> int:
        """Return the number of a literal's text."""
        reference = self.origins.add(site)
        self.literals.append(Traced(text, ((0, len(text), reference),)))
        return len(self.literals) - 1

    def concat(self, parts: Iterable[str]) -> str:
        """Join a buffer, keeping origins."""
        parts = list(parts)
        self.budget.spend(sum(map(len, parts)))
        made = join(parts)
        return made if len(made.runs) <= MAX_RUNS else Traced(made)

    def mark(self, text: Any, site: int) -> Any:
        """Return text with its origin; the join that follows rejects what is not text."""
        if not isinstance(text, str):
            return text
        made = self.origins.mark(text, site)
        if len(made) > LONG:
            self.budget.spend(len(made))
        return made

    def printed(self, value: Any, site: int) -> Any:
        """Return the text of a printed value with its origin."""
        if type(value) is str and len(value) <= LONG:
            return Traced(value, ((0, len(value), site),)) if value else value
        weigh(value, self.budget)
        return self.mark(str(value), site)
