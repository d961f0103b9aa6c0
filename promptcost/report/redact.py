"""Reports without prompt text: what ``--no-excerpts`` leaves out of every format at once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.model.finding import Excerpt

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport, FileReport, Suppressed, SurvivalRow
    from promptcost.model.finding import Finding
    from promptcost.model.series_report import ProgramReport, SeriesReport, Sharing

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
        series=None if file.series is None else _series(file.series),
    )


def _series(series: SeriesReport) -> SeriesReport:
    return replace(series, programs=tuple(_program(program) for program in series.programs))


def _program(program: ProgramReport) -> ProgramReport:
    return replace(program, sharing=tuple(_sharing(row) for row in program.sharing))


def _sharing(row: Sharing) -> Sharing:
    hidden = Excerpt(was="", now="")
    parting = None if row.parting is None else replace(row.parting, excerpt=hidden)
    return replace(row, parting=parting)


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
