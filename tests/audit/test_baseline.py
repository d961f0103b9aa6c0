from __future__ import annotations

import json
from dataclasses import replace

import pytest
from audit.auditing import RULES, audit, codes

from promptcost.audit import Selection
from promptcost.audit.baseline import (
    baseline_text,
    read_baseline,
    without_known,
    without_lower,
)
from promptcost.errors import Level
from promptcost.model.audit_report import FileStatus
from promptcost.model.finding import Severity

CLOCK = f"Now: {{{{ now }}}}\n{RULES}"
NOTES = Selection(least=Severity.NOTE)
ALL = frozenset({"PC101", "PC102", "PC104"})


def accepted(tmp_path, report):
    path = tmp_path / "known.json"
    path.write_text(baseline_text(report, path))
    baseline, problems = read_baseline(path)
    assert problems == []
    return baseline


def test_a_baseline_holds_no_line_number_and_no_prompt_text(tmp_path):
    text = baseline_text(audit(tmp_path, CLOCK), tmp_path / "known.json")
    (entry,) = json.loads(text)["findings"]
    mark = entry.pop("fingerprint")
    assert entry == {"code": "PC101", "path": "prompt.j2", "expression": "now"}
    assert (len(mark), set(mark) - set("0123456789abcdef")) == (16, set())


@pytest.mark.parametrize(
    ("changed", "codes_left"),
    [
        (f"One more line.\n{CLOCK}", []),
        (CLOCK.replace("Now: ", "  Now:  ", 1), []),
        (f"{CLOCK}\nOne more line.", []),
        (f"{{{{ nonce }}}}\n{CLOCK}", ["PC102"]),
        (CLOCK.replace("now", "current_time", 1), ["PC101"]),
        (CLOCK.replace("Now: ", "The time: ", 1), ["PC101"]),
    ],
)
def test_known_findings_do_not_count_wherever_their_line_moves(tmp_path, changed, codes_left):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = without_known(audit(tmp_path, changed), baseline, ALL)
    assert [code for code, _, _ in codes(report)] == codes_left


def test_a_known_finding_is_kept_as_known(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = without_known(audit(tmp_path, CLOCK), baseline, ALL)
    assert [(item.reason, item.is_known) for item in report.suppressed] == [
        ("in the baseline", True)
    ]
    assert (report.files[0].status, report.problems) == (FileStatus.CLEAN, ())


def test_each_entry_accepts_one_finding(tmp_path):
    one = audit(tmp_path, CLOCK, name="a/x.j2")
    baseline = accepted(tmp_path, one)
    twice = replace(one, files=(*one.files, *one.files))
    assert len(without_known(twice, baseline, ALL).findings) == 1
    other = audit(tmp_path, CLOCK, name="b/x.j2")
    assert codes(without_known(other, baseline, ALL)) == codes(other)


def test_an_entry_that_is_found_no_more_is_told_with_its_line(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    (told,) = without_known(audit(tmp_path, RULES), baseline, ALL).problems
    assert (told.message, told.level, told.line) == (
        "PC101 in prompt.j2 is found no more",
        Level.WARNING,
        4,
    )


def test_an_entry_of_a_file_that_is_gone_is_told(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    (tmp_path / "prompt.j2").unlink()
    (told,) = without_known(audit(tmp_path, RULES, name="b.j2"), baseline, ALL).problems
    assert told.message == "PC101 in prompt.j2 is found no more"


@pytest.mark.parametrize(
    ("template", "name", "audited"),
    [
        (RULES, "other.j2", ALL),
        (RULES, "prompt.j2", frozenset({"PC102"})),
        ("{% if %}", "prompt.j2", ALL),
    ],
)
def test_what_was_not_looked_at_is_not_called_stale(tmp_path, template, name, audited):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = audit(tmp_path, template, name=name)
    assert without_known(report, baseline, audited).problems == report.problems


def test_json_that_is_no_yaml_is_read_too(tmp_path):
    path = tmp_path / "known.json"
    entry = '{"code": "PC101", "path": "p.j2", "expression": "now", "fingerprint": "0"}'
    path.write_text(f'{{"schema_version": 1,\n"findings": [\n\t{entry}]}}')
    baseline, problems = read_baseline(path)
    assert problems == []
    assert [one.code for one in baseline.entries] == ["PC101"]


def test_what_is_graded_lower_than_asked_for_is_neither_shown_nor_stale(tmp_path):
    report = audit(tmp_path, f"A\u00a0b\n{CLOCK}", selection=NOTES)
    baseline = accepted(tmp_path, report)
    assert {finding.code for finding in report.findings} == {"PC101", "PC115"}
    known = without_known(report, baseline, ALL | {"PC115"})
    shown = without_lower(known, Severity.LOW)
    assert [item.finding.code for item in shown.suppressed] == ["PC101"]
    assert (shown.findings, shown.problems) == ((), ())
    noted = without_lower(audit(tmp_path, f"A\u00a0b\n{RULES}", selection=NOTES), Severity.LOW)
    assert (noted.findings, noted.files[0].status) == ((), FileStatus.CLEAN)


def test_many_stale_entries_are_counted(tmp_path):
    one = audit(tmp_path, CLOCK)
    many = replace(one, files=one.files * 25)
    report = without_known(audit(tmp_path, RULES), accepted(tmp_path, many), ALL)
    assert len(report.problems) == 21
    assert report.problems[-1].message == "5 more entries are found no more"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "is not a baseline of this version"),
        ('{"schema_version": 2, "findings": []}', "is not a baseline of this version"),
        ('{"schema_version": 1}', "is not a baseline of this version"),
        (
            '{"schema_version": 1, "findings": [1]}',
            "an entry has not all of code, path, expression, fingerprint",
        ),
        (
            '{"schema_version": 1, "findings": [{"code": "PC101", "path": "a"}]}',
            "an entry has not all of code, path, expression, fingerprint",
        ),
        ("{", "is not JSON: expecting property name enclosed in double quotes"),
        (
            '{"schema_version": 1, "findings": [\n{"code": "PC101"',
            "is not JSON: expecting ',' delimiter",
        ),
        ("", "is not JSON: expecting value"),
        ("findings: []", "is not JSON: expecting value"),
        ("[" * 100_000, "is not a baseline"),
        (f'{{"schema_version": {"1" * 9_999}}}', "is not a baseline"),
    ],
)
def test_unusable_baseline_is_a_problem(tmp_path, text, message):
    path = tmp_path / "known.json"
    path.write_text(text)
    baseline, problems = read_baseline(path)
    assert (baseline, [problem.message for problem in problems]) == (None, [message])
