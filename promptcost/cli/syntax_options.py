"""The options that say how templates are written."""

from __future__ import annotations

from typing import Annotated

import typer

from promptcost.cli.options import Syntax

_SYNTAX = "How the templates are written"

Kind = Annotated[
    Syntax | None,
    typer.Option(
        "--syntax",
        metavar="LANGUAGE",
        help="jinja, chat_template, str_format or plain; recognised when left out.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
Variable = Annotated[
    str | None,
    typer.Option(
        metavar="MARKS",
        help="Start and end of an expression, as in '{{ }}'.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
Block = Annotated[
    str | None,
    typer.Option(
        metavar="MARKS",
        help="Start and end of a statement, as in '{% %}'.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
Comment = Annotated[
    str | None,
    typer.Option(
        metavar="MARKS",
        help="Start and end of a comment, as in '{# #}'.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
Trim = Annotated[
    bool | None,
    typer.Option(
        "--trim-blocks/--no-trim-blocks",
        help="Whether Jinja drops the line end behind a statement.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
Lstrip = Annotated[
    bool | None,
    typer.Option(
        "--lstrip-blocks/--no-lstrip-blocks",
        help="Whether Jinja drops the blanks before a statement.",
        show_default=False,
        rich_help_panel=_SYNTAX,
    ),
]
KeepNewline = Annotated[
    bool,
    typer.Option(
        "--keep-trailing-newline",
        help="Keep the last line end of a template, as Jinja can.",
        rich_help_panel=_SYNTAX,
    ),
]
