"""``promptcost rules`` and ``promptcost explain``: what can be found, and the page of each."""

from __future__ import annotations

from typing import Annotated

import typer

from promptcost.cli.options import (  # noqa: TC001 - Typer reads annotations
    Config,
    Day,
    NoConfig,
    Output,
    Pricing,
)

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


def explain(  # noqa: PLR0913 - one parameter per option
    *,
    subject: Subject,
    at: Day = None,
    pricing: Pricing = None,
    output: Output = None,
    config: Config = None,
    no_config: NoConfig = False,
) -> None:
    """Explain a rule, or how the cache of a target works."""
    from promptcost.cli import _rules, market  # noqa: PLC0415 - heavy

    asked = market.Asked(
        at=at, pricing=pricing or [], output=output, config=config, no_config=no_config
    )
    raise typer.Exit(_rules.explain(subject, asked))
