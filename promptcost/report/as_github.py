"""Audit findings as GitHub workflow commands, which annotate the lines of a pull request.

Source of the escapes: GitHub's toolkit, ``escapeData`` and ``escapeProperty`` of its core package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.errors import Level, Problem
from promptcost.model.finding import Finding, Severity
from promptcost.report.numbers import tokens
from promptcost.report.safe import command_data, command_property

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport
    from promptcost.report.paths import Paths


def render(report: AuditReport, paths: Paths) -> str:
    """Return one command per finding and per problem; paths are relative to the repository."""
    problems = [_problem(problem, paths) for problem in report.problems]
    findings = [_finding(finding, paths) for finding in report.findings]
    return "".join(f"{line}\n" for line in [*problems, *findings])


def _finding(finding: Finding, paths: Paths) -> str:
    place = finding.place
    properties = {
        "file": paths.relative(place.path),
        "line": str(place.start_line),
        "endLine": str(place.end_line),
        "title": f"{finding.code} {finding.name}",
    }
    if place.start_line == place.end_line:  # the runner ignores columns of longer ranges
        properties |= {"col": str(place.start_column), "endColumn": str(place.end_column)}
    at_risk = finding.tokens_at_risk
    cost = [] if at_risk is None else [f"{tokens(at_risk)} tokens at risk"]
    return _command(_level(finding.severity), properties, [finding.message, *cost, finding.help])


def _problem(problem: Problem, paths: Paths) -> str:
    properties = {"file": paths.relative(problem.path)}
    if problem.line is not None:
        properties["line"] = str(problem.line)
    if problem.column is not None:
        properties["col"] = str(problem.column)
    level = "error" if problem.level is Level.ERROR else "warning"
    return _command(level, properties, [problem.message, problem.repair])


def _command(level: str, properties: dict[str, str], lines: list[str]) -> str:
    written = ",".join(f"{key}={command_property(value)}" for key, value in properties.items())
    message = "\n".join(line for line in lines if line)
    return f"::{level} {written}::{command_data(message)}"


def _level(severity: Severity) -> str:
    match severity:
        case Severity.HIGH:
            return "error"
        case Severity.MEDIUM:
            return "warning"
        case Severity.LOW | Severity.NOTE:
            return "notice"
        case _:
            assert_never(severity)
