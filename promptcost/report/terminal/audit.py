"""An audit at a glance: each finding with its line and caret, then what stays cached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.audit_report import FileStatus
from promptcost.model.finding import Severity
from promptcost.report.numbers import count, tokens
from promptcost.report.summary import basis, costs, replayed, summary
from promptcost.report.tables import survival_tables, worth_table
from promptcost.report.terminal.layout import fitting
from promptcost.report.terminal.screen import Screen, Sheet
from promptcost.report.terminal.series import write_series
from promptcost.report.terminal.source import marked_line, shortened

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport, FileReport
    from promptcost.model.finding import Finding

SEVERITY_STYLE = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "cyan",
    Severity.NOTE: "dim",
}
_CLEARS_STYLE = {" yes": "green", " no": "red", " cannot tell": "yellow"}
_INDENT = 2
_FEW = 3  # files whose survival tables a reader can take in
_GUTTER = 6  # cells for a line number and the bar behind it


def render_audit(report: AuditReport, screen: Screen) -> str:
    """Return an audit for a terminal: every finding, and the survival tables of a few files."""
    sheet = Sheet(screen)
    many = sum(bool(file.survival) for file in report.files) > _FEW
    for file in report.files:
        _answer(sheet, file)
        if file.series is not None:
            write_series(sheet, file.series, _survival_style)
        if not many:
            _survival(sheet, file)
    _worth(sheet, report)
    _summary(sheet, report)
    if many:
        hint = f"What stays cached is shown for up to {_FEW} templates, and in --format json"
        sheet.paragraph((hint, "dim"))
    return sheet.text


def _answer(sheet: Sheet, file: FileReport) -> None:
    lines = {(line.path, line.number): line.text for line in file.lines}
    for finding in file.findings:
        _finding(sheet, finding, lines.get((finding.place.path, finding.place.start_line)))
    match file.status:
        case FileStatus.NOT_ANALYSED:
            sheet.line((_name(file), "bold"), ": ", ("not analysed", "yellow"), f": {file.reason}")
        case FileStatus.CLEAN:
            sheet.line((_name(file), "bold"), ": ", ("clean", "green"))
        case FileStatus.FINDINGS:
            pass


def _name(file: FileReport) -> str:
    return f"{file.path} [{file.section}]" if file.section else file.path


def _finding(sheet: Sheet, finding: Finding, line: str | None) -> None:
    style = SEVERITY_STYLE[finding.severity]
    sheet.line(
        (str(finding.place), "bold"),
        " ",
        (finding.severity.word, style),
        " ",
        (f"{finding.code} {finding.name}", "bold"),
        (f" ({finding.confidence})", "dim"),
    )
    sheet.paragraph(finding.message, indent=2)
    if line is not None:
        _source(sheet, finding, line)
    _changes(sheet, finding)
    if finding.tokens_at_risk is not None:
        _labelled(sheet, "loses", f"{tokens(finding.tokens_at_risk)} tokens of every prompt")
    if finding.costs:
        _labelled(sheet, "costs", costs(finding))
    _labelled(sheet, "repair", finding.help)
    for other in finding.related:
        _labelled(sheet, "see", f"{other.place} {other.message}")
    sheet.blank()


def _source(sheet: Sheet, finding: Finding, line: str) -> None:
    shown, carets = marked_line(line, finding.place, sheet.width - _GUTTER - 2)
    number = f"{finding.place.start_line:>{_GUTTER - 2}} "
    sheet.line((f"{number}| ", "dim"), shown)
    sheet.line((f"{' ' * len(number)}| ", "dim"), (carets, SEVERITY_STYLE[finding.severity]))


def _changes(sheet: Sheet, finding: Finding) -> None:
    if finding.excerpt is None:
        return
    for label, text, style in (
        ("was", finding.excerpt.was, "red"),
        ("now", finding.excerpt.now, "green"),
    ):
        shown = shortened(text, sheet.width - _GUTTER - 2)
        sheet.line((f"{label:>{_GUTTER - 2}} | ", "dim"), (shown, style))


def _labelled(sheet: Sheet, label: str, text: str) -> None:
    sheet.labelled((label, "dim"), text, indent=2, gutter=8)


def _survival(sheet: Sheet, file: FileReport) -> None:
    if file.survival:
        total = file.survival[0].bytes_total
        name = (f"What stays cached of {_name(file)}", "bold")
        sheet.line(name, (f" ({count(total)} bytes)", "dim"))
        for table in fitting(lambda n: survival_tables(file, n), sheet.width - _INDENT):
            sheet.table(table, _survival_style, indent=_INDENT)
            sheet.blank()
    for note in file.notes:
        _labelled(sheet, "note", note)
    if file.notes:
        sheet.blank()


def _worth(sheet: Sheet, report: AuditReport) -> None:
    if report.worth:
        sheet.line(("What the traffic costs a month", "bold"))
        sheet.table(worth_table(report), _survival_style, indent=_INDENT)
        sheet.blank()
    if report.replay is not None:
        for text in replayed(report.replay):
            _labelled(sheet, "note", text)
        sheet.blank()


def _survival_style(column: str, cell: str) -> str:
    if column in {"breaks at", "parts at"}:
        return "dim"
    return next((style for word, style in _CLEARS_STYLE.items() if cell.endswith(word)), "")


def _summary(sheet: Sheet, report: AuditReport) -> None:
    worst = max((finding.severity for finding in report.findings), default=None)
    sheet.paragraph((summary(report), "green" if worst is None else SEVERITY_STYLE[worst]))
    sheet.paragraph((basis(report), "dim"))
