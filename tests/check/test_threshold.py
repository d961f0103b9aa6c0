from __future__ import annotations

from dataclasses import replace

import pytest
from report.samples_of_reports import audit_report, finding

from promptcost.check import FailOn
from promptcost.check.threshold import audit_verdict, failing
from promptcost.errors import ExitCode, Level, Problem
from promptcost.model.audit_report import AuditReport, FileReport, FileStatus
from promptcost.model.finding import Severity

CLEAN_FILE = FileReport(path="a.j2", status=FileStatus.CLEAN)
DEAF_FILE = FileReport(path="b.j2", status=FileStatus.NOT_ANALYSED, reason="no template")
WARNING = Problem(path="a.j2", message="odd", level=Level.WARNING)
ERROR = Problem(path="c.j2", message="wrong")


def report(*files: FileReport, problems: tuple[Problem, ...] = ()) -> AuditReport:
    return replace(audit_report(), files=files, problems=problems)


def with_finding(severity: Severity) -> FileReport:
    found = (finding(severity=severity),)
    return FileReport(path="a.j2", status=FileStatus.FINDINGS, findings=found)


@pytest.mark.parametrize(
    ("severity", "fail_on", "expected"),
    [
        (Severity.HIGH, FailOn.HIGH, ExitCode.GATE_FAILED),
        (Severity.MEDIUM, FailOn.HIGH, ExitCode.CLEAN),
        (Severity.MEDIUM, FailOn.MEDIUM, ExitCode.GATE_FAILED),
        (Severity.LOW, FailOn.MEDIUM, ExitCode.CLEAN),
        (Severity.LOW, FailOn.LOW, ExitCode.GATE_FAILED),
        (Severity.NOTE, FailOn.LOW, ExitCode.CLEAN),
        (Severity.NOTE, FailOn.NOTE, ExitCode.GATE_FAILED),
        (Severity.HIGH, FailOn.NEVER, ExitCode.CLEAN),
    ],
)
def test_findings_fail_from_the_threshold_on(
    severity: Severity, fail_on: FailOn, expected: ExitCode
) -> None:
    assert audit_verdict(report(with_finding(severity)), fail_on) is expected


@pytest.mark.parametrize(
    ("audited", "expected"),
    [
        (report(CLEAN_FILE), ExitCode.CLEAN),
        (report(CLEAN_FILE, DEAF_FILE), ExitCode.CLEAN),
        (report(CLEAN_FILE, problems=(WARNING,)), ExitCode.CLEAN),
        (report(CLEAN_FILE, problems=(WARNING, ERROR)), ExitCode.UNUSABLE),
        (report(DEAF_FILE), ExitCode.UNUSABLE),
        (report(), ExitCode.NOTHING),
        (report(problems=(ERROR,)), ExitCode.UNUSABLE),
        (report(with_finding(Severity.HIGH), problems=(ERROR,)), ExitCode.UNUSABLE),
    ],
)
def test_no_answer_is_never_a_pass(audited: AuditReport, expected: ExitCode) -> None:
    assert audit_verdict(audited, FailOn.HIGH) is expected


def test_failing_names_the_findings_that_fail() -> None:
    both = report(with_finding(Severity.LOW), with_finding(Severity.HIGH))
    assert [found.severity for found in failing(both, FailOn.MEDIUM)] == [Severity.HIGH]
    assert failing(both, FailOn.NEVER) == ()


def test_every_severity_is_a_threshold() -> None:
    assert {severity.word for severity in Severity} | {"never"} == {str(word) for word in FailOn}
