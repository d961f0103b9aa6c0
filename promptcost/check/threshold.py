"""The verdict on an audit: findings against a threshold, and whether there was enough to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.check.levels import FailOn
from promptcost.errors import ExitCode, Level
from promptcost.model.audit_report import FileStatus
from promptcost.model.finding import Severity

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.finding import Finding


def failing(report: AuditReport, fail_on: FailOn) -> tuple[Finding, ...]:
    """Return the findings at or above the threshold."""
    if fail_on is FailOn.NEVER:
        return ()
    limit = Severity[fail_on.name]
    return tuple(finding for finding in report.findings if finding.severity >= limit)


def audit_verdict(report: AuditReport, fail_on: FailOn) -> ExitCode:
    """Return the exit code of an audit.

    Unusable comes first: an input that could not be read, or templates of which none could be
    analysed, is no answer about the prompts, whatever the others say.  No template is no pass.
    """
    if any(problem.level is Level.ERROR for problem in report.problems):
        return ExitCode.UNUSABLE
    if not report.files:
        return ExitCode.NOTHING
    if all(file.status is FileStatus.NOT_ANALYSED for file in report.files):
        return ExitCode.UNUSABLE
    return ExitCode.GATE_FAILED if failing(report, fail_on) else ExitCode.CLEAN
