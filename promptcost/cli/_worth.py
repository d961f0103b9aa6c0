"""What findings cost on the traffic of a workload; loaded only when an audit is given one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.cli.market import open_catalogue
from promptcost.cli.progress import progress
from promptcost.cli.streams import say_problems
from promptcost.errors import Level, Problem
from promptcost.simulate.recorded.worth import with_recorded_costs
from promptcost.simulate.worth import with_costs
from promptcost.workload.load import NO_PROMPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.audit import AuditRequest
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.recording import Recording
    from promptcost.workload.spec import Workload


def priced(
    report: AuditReport,
    recordings: Sequence[Recording],
    workload: Workload,
    request: AuditRequest,
    targets: Sequence[str],
) -> AuditReport:
    """Return the report with the dollars of each finding.

    Those in templates are of the simulated traffic, those in recorded requests of the requests
    themselves, as many as the workload has in a month.
    """
    catalogue = open_catalogue(request.prices)
    named = tuple(targets) or None
    templates = any(file.series is None for file in report.files)
    if templates and not workload.prompt:
        message = "has no prompt, so findings in templates carry no dollars"
        where = workload.origin.path if workload.origin else ""
        problem = Problem(path=where, message=message, repair=NO_PROMPT, level=Level.WARNING)
        say_problems([problem])
    elif templates:
        with progress("Simulating") as show:
            report = with_costs(
                report,
                workload,
                catalogue,
                targets=named,
                at=request.at,
                seed=None,
                tokenizers=request.tokenizers,
                settings_for=request.settings_for,
                progress=show,
            )
    if any(file.series is not None for file in report.files):
        with progress("Replaying") as show:
            report = with_recorded_costs(
                report,
                recordings,
                workload,
                catalogue,
                targets=named,
                at=request.at,
                tokenizers=request.tokenizers,
                progress=show,
            )
    return report
