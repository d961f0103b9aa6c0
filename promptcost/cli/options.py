"""The arguments and options that several commands share, as Typer reads them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class AuditFormat(StrEnum):
    """How an audit is written."""

    TERMINAL = "terminal"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"
    CONCISE = "concise"


class SimulationFormat(StrEnum):
    """How a simulation is written."""

    TERMINAL = "terminal"
    JSON = "json"
    MARKDOWN = "markdown"


class Syntax(StrEnum):
    """The language of a template; the words of `SourceKind`, which --help need not load."""

    JINJA = "jinja"
    CHAT_TEMPLATE = "chat_template"
    STR_FORMAT = "str_format"
    PLAIN = "plain"


class OtherTable(StrEnum):
    """A public price table; the words of `TableKind`, which --help need not load."""

    LITELLM = "litellm"
    GENAI_PRICES = "genai-prices"


TargetGlobs = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        "-t",
        metavar="GLOB",
        help="Provider, model and cache option, as in 'anthropic/claude-*@5m'; repeatable.",
        show_default=False,
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        "--on",
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Day whose prices hold, YYYY-MM-DD; today in UTC when left out.",
        show_default=False,
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, help="Seed of everything drawn at random.")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the result to a file, whole or not at all.",
        show_default=False,
    ),
]
TokenizerFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--tokenizer-json",
        metavar="FAMILY=FILE",
        help="Count llama3, qwen or deepseek exactly with a model's tokenizer.json; repeatable.",
        show_default=False,
    ),
]
Calibration = Annotated[
    Path | None,
    typer.Option(
        "--calibration",
        metavar="FILE",
        help="Counts you measured (JSONL), which correct the estimates of their tokenizers.",
        show_default=False,
    ),
]
Pricing = Annotated[
    list[Path] | None,
    typer.Option(
        "--pricing",
        metavar="PATH",
        help="Your own pricing file or folder, over the built-in ones; repeatable.",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings; the nearest promptcost.yaml or pyproject.toml when left out.",
        show_default=False,
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option("--no-config", help="Read no settings file."),
]
