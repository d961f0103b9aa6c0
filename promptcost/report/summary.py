"""The closing sentences of an audit: how many findings and files, and what the figures rest on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from promptcost.model.audit_report import FileStatus

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport

_STATES = {
    FileStatus.FINDINGS: "with findings",
    FileStatus.CLEAN: "clean",
    FileStatus.NOT_ANALYSED: "not analysed",
}


def summary(report: AuditReport) -> str:
    """Return one sentence: findings by severity, and the answers about the templates."""
    found = Counter(finding.severity for finding in report.findings)
    parts = [f"{found[severity]} {severity.word}" for severity in sorted(found, reverse=True)]
    silenced = [f"{len(report.suppressed)} silenced"] if report.suppressed else []
    states = Counter(file.status for file in report.files)
    answers = ", ".join(
        f"{states[state]} {_STATES[state]}" for state in FileStatus if states[state]
    )
    templates = "1 template" if len(report.files) == 1 else f"{len(report.files)} templates"
    findings = ", ".join([*(parts or ["no findings"]), *silenced])
    return f"{findings} in {templates} ({answers})"


def basis(report: AuditReport) -> str:
    """Return what must be equal for the same audit to give the same report."""
    rest = report.basis
    clock = rest.clock.strftime("%Y-%m-%d %H:%M")
    values = f"contexts {', '.join(rest.contexts)}" if rest.contexts else "synthesised values"
    ways = dict.fromkeys(f"{target.tokenizer} {target.method}" for target in rest.targets)
    counted = f", tokens of {', '.join(ways)}" if ways else ""
    return f"Basis: {values}, clock set to {clock}, seed {rest.seed}{counted}"
