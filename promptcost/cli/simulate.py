"""``promptcost simulate``: what a workload costs at each target, and which is cheapest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from promptcost.cli.options import (
    Calibration,
    Config,
    Day,
    NoConfig,
    Output,
    Pricing,
    SimulationFormat,
    TargetGlobs,
    TokenizerFiles,
)

WorkloadFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[WORKLOAD]",
        help="A workload.yaml: traffic, prompt, targets; that of the settings when left out.",
        show_default=False,
    ),
]
Form = Annotated[
    SimulationFormat,
    typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json or markdown."),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        min=0,
        help="Seed of everything drawn at random; the workload's when left out.",
        show_default=False,
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        metavar="N",
        min=1,
        max=10_000,
        help="Draws of the uncertain inputs for the interval; 100 when left out.",
        show_default=False,
    ),
]


def simulate(  # noqa: PLR0913 - one parameter per option
    *,
    workload: WorkloadFile = None,
    target: TargetGlobs = None,
    form: Form = SimulationFormat.TERMINAL,
    at: Day = None,
    seed: Seed = None,
    replicates: Replicates = None,
    tokenizer_json: TokenizerFiles = None,
    calibration: Calibration = None,
    pricing: Pricing = None,
    output: Output = None,
    config: Config = None,
    no_config: NoConfig = False,
) -> None:
    """Say what a workload costs a month at each target, and which is cheapest and why."""
    from promptcost.cli import _simulate  # noqa: PLC0415 - heavy

    wanted = _simulate.Wanted(
        workload=workload,
        targets=target,
        form=form,
        at=at,
        seed=seed,
        replicates=replicates,
        tokenizer_json=tokenizer_json or [],
        calibration=calibration,
        pricing=pricing or [],
        output=output,
        config=config,
        no_config=no_config,
    )
    raise typer.Exit(_simulate.simulate(wanted))
