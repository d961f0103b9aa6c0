"""Reports as GitHub-flavoured Markdown, for pull request comments and job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.details import headline, shared_details, verdict
from promptcost.report.numbers import tokens
from promptcost.report.safe import markdown_code, markdown_text
from promptcost.report.series import (
    program_details,
    program_headline,
    series_headline,
    sharing_tables,
)
from promptcost.report.summary import basis, costs, replayed, summary
from promptcost.report.tables import cost_table, survival_tables, usage_table, worth_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.model.audit_report import AuditReport, FileReport
    from promptcost.model.finding import Finding
    from promptcost.model.series_report import SeriesReport
    from promptcost.model.simulation_report import SimulationReport
    from promptcost.report.tables import Table

_MANY = 1_000  # targets side by side: Markdown tables have no width
_CODE_COLUMNS = frozenset({"target", "breaks at", "parts at"})


def render_audit(report: AuditReport) -> str:
    """Return an audit: the findings, then what stays cached of every file that has some."""
    return _document(_audit_lines(report))


def render_simulation(report: SimulationReport) -> str:
    """Return a simulation: costs, the cheapest target, tokens, and what the figures rest on."""
    return _document(_simulation_lines(report))


def _document(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _audit_lines(report: AuditReport) -> Iterator[str]:
    yield "## promptcost audit"
    yield ""
    yield markdown_text(summary(report))
    for finding in report.findings:
        yield ""
        yield from _finding(finding)
    for file in report.files:
        if file.reason:
            yield ""
            yield f"{markdown_code(file.path)} was not analysed: {markdown_text(file.reason)}"
        if file.series is not None:
            yield from _series(file.series)
        if file.findings and file.survival:
            yield from _survival(file)
    if report.worth:
        yield ""
        yield "### What the traffic costs a month"
        yield ""
        yield from _table(worth_table(report))
    if report.replay is not None:
        yield ""
        yield from (f"- {markdown_text(text)}" for text in replayed(report.replay))
    yield ""
    yield markdown_text(basis(report))


def _finding(finding: Finding) -> Iterator[str]:
    place = markdown_code(str(finding.place))
    yield (
        f"### {finding.severity.word} {markdown_text(f'{finding.code} {finding.name}')} at {place}"
    )
    yield ""
    yield markdown_text(finding.message)
    yield ""
    if finding.expression:
        yield f"- expression: {markdown_code(finding.expression)}"
    if finding.excerpt is not None:
        yield f"- was: {markdown_code(finding.excerpt.was)}"
        yield f"- now: {markdown_code(finding.excerpt.now)}"
    if finding.tokens_at_risk is not None:
        yield f"- loses: {tokens(finding.tokens_at_risk)} tokens of every prompt"
    if finding.costs:
        yield f"- costs: {markdown_text(costs(finding))}"
    yield f"- confidence: {finding.confidence}"
    yield f"- repair: {markdown_text(finding.help)}"
    for other in finding.related:
        yield f"- see {markdown_code(str(other.place))}: {markdown_text(other.message)}"


def _series(series: SeriesReport) -> Iterator[str]:
    yield ""
    yield f"### {series_headline(series)}"
    for program in series.programs:
        yield ""
        yield markdown_text(program_headline(program))
        for table in sharing_tables(program, per_table=_MANY):
            yield ""
            yield from _table(table)
        yield ""
        yield from (f"- {label}: {markdown_text(text)}" for label, text in program_details(program))


def _survival(file: FileReport) -> Iterator[str]:
    yield ""
    yield f"### What stays cached of {markdown_code(file.path)}"
    for table in survival_tables(file, per_table=_MANY):
        yield ""
        yield from _table(table)
    if file.notes:
        yield ""
    for note in file.notes:
        yield f"- {markdown_text(note)}"


def _simulation_lines(report: SimulationReport) -> Iterator[str]:
    first, *rest = headline(report)
    yield f"## {markdown_text(first)}"
    for line in rest:
        yield ""
        yield markdown_text(line)
    yield ""
    yield from _table(cost_table(report))
    if verdict(report):
        yield ""
        yield f"**Cheapest:** {markdown_text(verdict(report))}"
    yield ""
    yield from _table(usage_table(report))
    yield ""
    for label, text, targets in shared_details(report):
        holders = f" ({', '.join(map(markdown_code, targets))})" if targets else ""
        yield f"- {label}: {markdown_text(text)}{holders}"


def _table(table: Table) -> Iterator[str]:
    names = [column.name.replace("\n", " ") for column in table.columns]
    yield f"| {' | '.join(map(markdown_text, names))} |"
    yield f"|{'|'.join('---:' if column.figures else '---' for column in table.columns)}|"
    for row in table.rows:
        cells = [
            markdown_code(cell) if name in _CODE_COLUMNS else markdown_text(cell)
            for name, cell in zip(names, row, strict=True)
        ]
        yield f"| {' | '.join(cells)} |"
