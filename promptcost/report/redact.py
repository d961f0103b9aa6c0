"""Reports without prompt text: what ``--no-excerpts`` leaves out of every format at once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport, FileReport, Suppressed, SurvivalRow
    from promptcost.model.finding import Finding

_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)


def without_excerpts(report: AuditReport) -> AuditReport:
    """Return the report without excerpts, source lines, replacement texts and string literals."""
    return replace(report, files=tuple(_file(file) for file in report.files))


def _file(file: FileReport) -> FileReport:
    return replace(
        file,
        findings=tuple(_finding(finding) for finding in file.findings),
        survival=tuple(_row(row) for row in file.survival),
        suppressed=tuple(_suppressed(item) for item in file.suppressed),
        lines=(),
    )


def _finding(finding: Finding) -> Finding:
    fix = None if finding.fix is None else replace(finding.fix, edits=())
    expression = _without_literals(finding.expression)
    return replace(finding, excerpt=None, fix=fix, expression=expression)


def _row(row: SurvivalRow) -> SurvivalRow:
    return replace(row, excerpt=None, expression=_without_literals(row.expression))


def _suppressed(item: Suppressed) -> Suppressed:
    return replace(item, finding=_finding(item.finding))


def _without_literals(expression: str) -> str:
    return _LITERAL.sub("'…'", expression)
