"""What findings cost on the traffic of a workload; loaded only when an audit is given one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.cli.market import open_catalogue
from promptcost.cli.progress import progress
from promptcost.simulate.recorded.worth import with_recorded_costs
from promptcost.simulate.worth import with_costs

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
    if any(file.series is None for file in report.files):
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
