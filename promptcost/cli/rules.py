"""``promptcost rules`` and ``promptcost explain``: what can be found, and the page of each."""

from __future__ import annotations

from typing import Annotated

import typer

from promptcost.cli.options import Day, Output, Pricing  # noqa: TC001 - Typer reads annotations

Subject = Annotated[
    str,
    typer.Argument(
        metavar="CODE|TARGET", help="A rule, as in PC101, or a target, as in openai/gpt-5.4."
    ),
]


def rules(*, output: Output = None) -> None:
    """List what an audit looks for."""
    from promptcost.cli import _rules  # noqa: PLC0415 - heavy

    raise typer.Exit(_rules.list_rules(output))


def explain(
    *, subject: Subject, at: Day = None, pricing: Pricing = None, output: Output = None
) -> None:
    """Explain a rule, or how the cache of a target works."""
    from promptcost.cli import _rules  # noqa: PLC0415 - heavy

    raise typer.Exit(_rules.explain(subject, at, pricing or [], output))
