"""The Typer application: which commands there are.  Only this package knows Typer."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from promptcost import __version__
from promptcost.cli.audit import audit
from promptcost.cli.edge import Stopped
from promptcost.cli.prices import prices
from promptcost.cli.rules import explain, rules
from promptcost.cli.simulate import simulate


class _Group(TyperGroup):
    """A group whose commands pass interrupts and closed pipes on to the edge.

    Typer would turn both into exit code 1 in some of its versions, and 1 says that the gate failed.
    """

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the context's class moved between versions
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, OSError) as error:
            raise Stopped from error


app = typer.Typer(
    name="promptcost",
    cls=_Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(audit)
app.command()(simulate)
app.command()(explain)
app.command()(rules)
app.add_typer(prices, name="prices")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag's value
    if wanted:
        typer.echo(f"promptcost {__version__}")
        raise typer.Exit


@app.callback()
def _promptcost(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Find what breaks your provider's prompt cache, and what your traffic costs.

    Exit codes: 0 clean, 1 the gate failed, 2 wrong usage or unusable data, 3 nothing to check.
    """
