"""``promptcost prices``: list, show and validate price cards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptcost.cli.options import Config, Day, NoConfig, OtherTable, Output, Pricing

prices = typer.Typer(no_args_is_help=True, help="List, show and check the price cards.")

Globs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[GLOB]...", help="As in 'anthropic/*'; all when left out."),
]
Name = Annotated[
    str, typer.Argument(metavar="TARGET", help="As in anthropic/claude-sonnet-5-5@5m.")
]
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="Your files; the built-in ones when left out."),
]
Table = Annotated[OtherTable, typer.Argument(metavar="TABLE", help="litellm or genai-prices.")]
TableFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="The table as a file; the installed package's when left out.",
        show_default=False,
    ),
]
Known = Annotated[
    Path | None,
    typer.Option(
        "--known",
        metavar="FILE",
        help="Known differences with their reasons; the built-in ones when left out.",
        show_default=False,
    ),
]


@prices.command("list")
def list_prices(  # noqa: PLR0913 - one parameter per option
    *,
    globs: Globs = None,
    at: Day = None,
    pricing: Pricing = None,
    output: Output = None,
    config: Config = None,
    no_config: NoConfig = False,
) -> None:
    """List targets with their rates in dollars per million tokens."""
    from promptcost.cli import _prices, market  # noqa: PLC0415 - heavy

    asked = market.Asked(
        at=at, pricing=pricing or [], output=output, config=config, no_config=no_config
    )
    raise typer.Exit(_prices.list_prices(globs or ["*"], asked))


@prices.command()
def show(  # noqa: PLR0913 - one parameter per option
    *,
    name: Name,
    at: Day = None,
    pricing: Pricing = None,
    output: Output = None,
    config: Config = None,
    no_config: NoConfig = False,
) -> None:
    """Show all rates of a target, how its cache behaves, the evidence and the sources."""
    from promptcost.cli import _prices, market  # noqa: PLC0415 - heavy

    asked = market.Asked(
        at=at, pricing=pricing or [], output=output, config=config, no_config=no_config
    )
    raise typer.Exit(_prices.show(name, asked))


@prices.command()
def validate(*, files: Files = None) -> None:
    """Check pricing files and report every fault with its line and a repair."""
    from promptcost.cli import _prices  # noqa: PLC0415 - heavy

    raise typer.Exit(_prices.check_files(files or []))


@prices.command()
def compare(  # noqa: PLR0913 - one parameter per option
    *,
    table: Table,
    file: TableFile = None,
    known: Known = None,
    at: Day = None,
    pricing: Pricing = None,
    output: Output = None,
    config: Config = None,
    no_config: NoConfig = False,
) -> None:
    """Compare the prices with another public table; exit 1 on a difference without a reason."""
    from promptcost.catalogue import TableKind  # noqa: PLC0415 - heavy
    from promptcost.cli import _prices, market  # noqa: PLC0415 - heavy

    asked = market.Asked(
        at=at, pricing=pricing or [], output=output, config=config, no_config=no_config
    )
    wanted = _prices.Comparing(kind=TableKind(table), file=file, known=known)
    raise typer.Exit(_prices.compare_with(wanted, asked))
