"""A template ready to be rendered, whatever language it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.errors import Problem
    from promptcost.templates.pieces import Rendered, RenderFailure
    from promptcost.templates.settings import Limits
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.uses import ConditionUse, ExpressionUse, StandIn, VariableUse


class Template(Protocol):
    """A prepared template.

    `unknown` names what stand-ins answer for; `problems` is what makes the analysis partial.
    """

    source: TemplateSource

    @property
    def variables(self) -> tuple[VariableUse, ...]:
        """Paths of the context that the template and its includes use, in order of first use."""

    @property
    def expressions(self) -> tuple[ExpressionUse, ...]:
        """Printed expressions of the template itself, in order."""

    @property
    def conditions(self) -> tuple[ConditionUse, ...]:
        """Conditions known so far, by number; included templates add theirs when first rendered."""

    @property
    def unknown(self) -> tuple[StandIn, ...]:
        """Stand-ins used so far."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults that make the analysis partial, such as a missing include."""

    def render(
        self,
        context: Mapping[str, object],
        limits: Limits,
        *,
        forced: Mapping[int, bool] | None = None,
        seed: int = 0,
    ) -> Rendered | RenderFailure:
        """Render with origins; `forced` fixes the outcome of conditions, `seed` random filters."""

    def render_plain(
        self, context: Mapping[str, object], limits: Limits, *, seed: int = 0
    ) -> str | RenderFailure:
        """Render without origins, through Jinja's own code generator."""

    def variants(
        self, limit: int, taken: frozenset[tuple[int, bool]]
    ) -> tuple[dict[int, bool], ...]:
        """Return at most `limit` sets of forced conditions that reach arms not yet `taken`."""
