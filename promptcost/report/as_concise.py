"""Audit findings as one line each, ``path:line:column: severity code name: message``.

The form that editors and ``grep`` read; faults of files are on stderr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.numbers import tokens
from promptcost.report.safe import visible

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.finding import Finding


def render(report: AuditReport) -> str:
    """Return one line per finding; the empty text when there is none."""
    return "".join(f"{_line(finding)}\n" for finding in report.findings)


def _line(finding: Finding) -> str:
    at_risk = finding.tokens_at_risk
    cost = "" if at_risk is None else f" [{tokens(at_risk)} tokens at risk]"
    head = f"{finding.severity.word} {finding.code} {finding.name}"
    line = visible(f"{finding.place}: {head}: {finding.message}{cost}")
    # A path must not begin a workflow command when the output lands in a log of GitHub Actions.
    return f"./{line}" if line.lstrip().startswith("::") else line
