"""What ``promptcost simulate`` does; loaded only when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from promptcost.cli._project import open_project
from promptcost.cli._tokenizers import own_tokenizers, say_unused
from promptcost.cli.clock import day
from promptcost.cli.market import instant, open_catalogue
from promptcost.cli.options import SimulationFormat
from promptcost.cli.output import check_output, deliver, screen_for
from promptcost.cli.progress import progress
from promptcost.cli.streams import say_problems
from promptcost.cli.traffic import open_workload
from promptcost.errors import ExitCode, UsageError
from promptcost.report import as_json, as_markdown
from promptcost.report.terminal import render_simulation
from promptcost.simulate.run import REPLICATES, run_simulation

if TYPE_CHECKING:
    from promptcost.config import Project
    from promptcost.model.simulation_report import SimulationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The command line of a simulation."""

    workload: Path | None
    targets: Sequence[str] | None
    form: SimulationFormat
    at: datetime | None
    seed: int | None
    replicates: int | None
    tokenizer_json: Sequence[str]
    calibration: Path | None
    pricing: Sequence[Path]
    output: Path | None
    config: Path | None
    no_config: bool


def simulate(wanted: Wanted) -> ExitCode:
    """Simulate a workload and write the report."""
    check_output(wanted.output)
    project = open_project(wanted.config, no_config=wanted.no_config)
    own = own_tokenizers(
        wanted.tokenizer_json, wanted.calibration or project.calibration, project.tokenizer_json
    )
    workload = open_workload(_path_of(wanted, project))
    with progress("Simulating") as show:
        report = run_simulation(
            workload,
            open_catalogue(wanted.pricing or project.pricing),
            targets=wanted.targets or (None if workload.targets else project.targets or None),
            at=instant(day(wanted.at)),
            seed=wanted.seed,
            replicates=wanted.replicates or REPLICATES,
            tokenizers=own,
            settings_for=project.settings_for,
            progress=show,
        )
    say_problems(report.problems)
    say_unused(own, (result.tokens.tokenizer for result in report.targets))
    deliver(_rendered(report, wanted), wanted.output)
    return ExitCode.CLEAN


def _path_of(wanted: Wanted, project: Project) -> Path:
    path = wanted.workload or project.workload
    if path is None:
        message = "no WORKLOAD is given; name one, or set 'workload' in promptcost.yaml"
        raise UsageError(message)
    return path


def _rendered(report: SimulationReport, wanted: Wanted) -> str:
    match wanted.form:
        case SimulationFormat.TERMINAL:
            return render_simulation(report, screen_for(wanted.output))
        case SimulationFormat.JSON:
            return as_json.render(report)
        case SimulationFormat.MARKDOWN:
            return as_markdown.render_simulation(report)
        case _:
            assert_never(wanted.form)
