"""Suppressions of the settings file, on templates and on logs, and which of them are unused."""

from __future__ import annotations

import json
from glob import escape

import pytest
from audit.auditing import RULES, audit, only

from promptcost.audit import Selection
from promptcost.audit.suppress import Suppression
from promptcost.model.span import Place

CLOCK = f"Now: {{{{ now }}}}\n{RULES}"
WHY = "the log needs the time"


def silence(glob, code="PC101", line=3):
    where = Place(path="s.yaml", start_line=line, start_column=1, end_line=line, end_column=2)
    return Suppression(place=where, codes=frozenset({code}), lines=None, reason=WHY, glob=glob)


def told(report):
    return [(problem.path, problem.line, problem.message) for problem in report.problems]


def below(folder, glob):
    return f"{escape(str(folder))}/{glob}"


def test_finding_is_silenced_with_reason_and_place(tmp_path):
    report = audit(tmp_path, CLOCK, silences=(silence(below(tmp_path, "*.j2")),))
    (item,) = report.suppressed
    assert (report.findings, told(report), only(report).status.value) == ((), [], "clean")
    assert (item.finding.code, item.reason, item.is_known) == ("PC101", WHY, False)
    assert (item.place.path, item.place.start_line) == ("s.yaml", 3)


@pytest.mark.parametrize(
    ("glob", "code"),
    [("*.j2", "PC102"), ("prompt.j2", "PC104"), ("other.j2", "PC101"), ("sub/*.j2", "PC101")],
)
def test_one_that_silences_nothing_is_named(tmp_path, glob, code):
    silences = (silence(below(tmp_path, glob), code),)
    report = audit(tmp_path, CLOCK, silences=silences)
    assert [finding.code for finding in report.findings] == ["PC101"]
    assert told(report) == [("s.yaml", 3, f"a suppression of {code} silences nothing")]


def test_files_that_were_not_looked_at_leave_theirs_in_peace(tmp_path):
    (tmp_path / "other.j2").write_text(RULES)
    (tmp_path / "sub").mkdir()
    names = ("other.j2", "o*.j2", "sub/*.j2")
    silences = tuple(silence(below(tmp_path, name), line=n) for n, name in enumerate(names))
    assert told(audit(tmp_path, RULES, silences=silences)) == []
    found = told(audit(tmp_path, RULES, silences=silences, paths=(tmp_path,)))
    assert [line for _, line, _ in found] == [0, 1, 2]


def test_a_file_that_cannot_be_analysed_leaves_its_own_in_peace(tmp_path):
    report = audit(tmp_path, "{% if %}", silences=(silence(below(tmp_path, "*.j2")),))
    assert [problem.path == "s.yaml" for problem in report.problems] == [False]


def test_a_rule_that_was_not_run_leaves_its_own_in_peace(tmp_path):
    silences = (silence(below(tmp_path, "*.j2")),)
    report = audit(tmp_path, RULES, silences=silences, selection=Selection(ignore=("PC101",)))
    assert told(report) == []


def test_folders_with_signs_of_globs_are_meant_as_they_are(tmp_path):
    folder = tmp_path / "a[1]*"
    folder.mkdir()
    report = audit(folder, RULES, silences=(silence(below(folder, "none*.j2")),), paths=(folder,))
    assert [line for _, line, _ in told(report)] == [3]


def test_findings_in_logs_are_silenced_too(tmp_path):
    rules = RULES * 5
    bodies = [
        {
            "model": "gpt-5",
            "messages": [
                {"role": "system", "content": f"Now 2026-03-02 10:15:0{second}. {rules}"},
                {"role": "user", "content": f"Question {second}?"},
            ],
        }
        for second in (1, 2)
    ]
    lines = "".join(f"{json.dumps(body)}\n" for body in bodies)
    silences = (silence("*.jsonl", "PC202"), silence("*.jsonl", "PC203", line=4))
    report = audit(tmp_path, lines, name="log.jsonl", silences=silences)
    assert [item.finding.code for item in report.suppressed] == ["PC202"]
    assert [line for _, line, _ in told(report)] == [4]
    assert only(report).status.value == "clean"
