"""``promptcost audit``: which bytes of a prompt break the cache, where, and what is lost."""

# ruff: noqa: TC001 - Typer reads annotations
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptcost.check import FailOn
from promptcost.cli.options import (
    AuditFormat,
    Calibration,
    Config,
    Day,
    NoConfig,
    Output,
    Pricing,
    Seed,
    TargetGlobs,
    TokenizerFiles,
)
from promptcost.cli.syntax_options import (
    Block,
    Comment,
    KeepNewline,
    Kind,
    Lstrip,
    Trim,
    Variable,
)

_RULES = "What is reported"
_REPAIR = "Repair"

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH",
        help="Templates, folders, recorded requests, or prompt builders; 'paths' of the settings"
        " when left out.",
        show_default=False,
    ),
]
Context = Annotated[
    Path | None,
    typer.Option(
        "--context",
        "-c",
        metavar="FILE",
        help="Values of the variables, and what each varies with; synthesised when left out.",
        show_default=False,
    ),
]
Traffic = Annotated[
    Path | None,
    typer.Option(
        "--workload",
        "-w",
        metavar="FILE",
        help="Say what each finding costs a month on this traffic; 'workload' of the settings when"
        " left out.",
        show_default=False,
    ),
]
AllowPython = Annotated[
    bool,
    typer.Option(
        "--allow-python",
        help="Run prompt builders named module:function or file.py:function; not a sandbox.",
    ),
]
Form = Annotated[
    AuditFormat,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="terminal, json, sarif, github, markdown or concise (one line per finding).",
    ),
]
Threshold = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Lowest severity that makes the exit code 1: note, low, medium, high or never.",
        show_default="high",
    ),
]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where findings would exit 1.")]
NoExcerpts = Annotated[
    bool, typer.Option("--no-excerpts", help="Keep prompt text out of the output.")
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULE",
        help="Only these rules: codes, names, or beginnings such as PC1, with commas between;"
        " repeatable.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULE",
        help="Not these rules, with commas between; repeatable.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
PerFile = Annotated[
    list[str] | None,
    typer.Option(
        "--per-file-ignores",
        metavar="GLOB:RULE",
        help="Not this rule in files that match; repeatable.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
Notes = Annotated[
    bool,
    typer.Option("--notes", help="Report notes too, which cost nothing.", rich_help_panel=_RULES),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Findings that are known and do not count.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option(
        "--write-baseline",
        metavar="FILE",
        help="Write the findings of this run as a baseline; they do not count.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="Files to leave out, unless a PATH names them; repeatable.",
        show_default=False,
        rich_help_panel=_RULES,
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--fix",
        help="Make the repairs that cannot change what a prompt means; of recorded requests the"
        " recording is edited, the code that built them is not.",
        rich_help_panel=_REPAIR,
    ),
]
UnsafeFixes = Annotated[
    bool,
    typer.Option(
        "--unsafe-fixes",
        help="With --fix or --diff: also move volatile lines behind the fixed text.",
        rich_help_panel=_REPAIR,
    ),
]
Preview = Annotated[
    bool,
    typer.Option(
        "--diff",
        help="Print what --fix would change instead of a report; changes nothing.",
        rich_help_panel=_REPAIR,
    ),
]


def audit(  # noqa: PLR0913 - one parameter per option
    *,
    paths: Paths = None,
    context: Context = None,
    workload: Traffic = None,
    allow_python: AllowPython = False,
    target: TargetGlobs = None,
    form: Form = AuditFormat.TERMINAL,
    fail_on: Threshold = None,
    exit_zero: ExitZero = False,
    no_excerpts: NoExcerpts = False,
    select: Select = None,
    ignore: Ignore = None,
    per_file_ignore: PerFile = None,
    notes: Notes = False,
    baseline: BaselineFile = None,
    write_baseline: WriteBaseline = None,
    config: Config = None,
    no_config: NoConfig = False,
    exclude: Exclude = None,
    fix: Repair = False,
    unsafe_fixes: UnsafeFixes = False,
    diff: Preview = False,
    syntax: Kind = None,
    variable: Variable = None,
    block: Block = None,
    comment: Comment = None,
    trim_blocks: Trim = None,
    lstrip_blocks: Lstrip = None,
    keep_trailing_newline: KeepNewline = False,
    seed: Seed = 0,
    at: Day = None,
    tokenizer_json: TokenizerFiles = None,
    calibration: Calibration = None,
    pricing: Pricing = None,
    output: Output = None,
) -> None:
    """Find what breaks the prompt cache in templates: where, how sure, and the tokens it loses."""
    from promptcost.cli import _audit  # noqa: PLC0415 - heavy

    wanted = _audit.Wanted(
        paths=paths or [],
        context=context,
        workload=workload,
        targets=target or [],
        form=form,
        excerpts=not no_excerpts,
        fail_on=fail_on,
        select=select or [],
        ignore=ignore or [],
        per_file_ignore=per_file_ignore or [],
        notes=notes,
        baseline=baseline,
        write_baseline=write_baseline,
        config=config,
        no_config=no_config,
        exclude=exclude or [],
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        syntax=syntax,
        variable=variable,
        block=block,
        comment=comment,
        trim_blocks=trim_blocks,
        lstrip_blocks=lstrip_blocks,
        keep_trailing_newline=keep_trailing_newline,
        seed=seed,
        at=at,
        tokenizer_json=tokenizer_json or [],
        calibration=calibration,
        pricing=pricing or [],
        output=output,
        allow_python=allow_python,
    )
    code = _audit.audit(wanted)
    raise typer.Exit(_audit.softened(code) if exit_zero else code)
