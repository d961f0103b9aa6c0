from __future__ import annotations

import json

import pytest
from audit.auditing import RULES, audit, codes

from promptcost.audit.baseline import baseline_text, read_baseline, without_known
from promptcost.errors import Level

CLOCK = f"Now: {{{{ now }}}}\n{RULES}"


def accepted(tmp_path, report):
    path = tmp_path / "known.json"
    path.write_text(baseline_text(report, path))
    baseline, problems = read_baseline(path)
    assert problems == []
    return baseline


def test_baseline_names_code_path_and_expression(tmp_path):
    text = baseline_text(audit(tmp_path, CLOCK), tmp_path / "known.json")
    assert json.loads(text) == {
        "schema_version": 1,
        "findings": [{"code": "PC101", "path": "prompt.j2", "expression": "now"}],
    }


def test_known_finding_no_longer_counts_even_when_it_moved(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = without_known(audit(tmp_path, f"One more line.\n{CLOCK}"), baseline)
    assert (codes(report), report.problems) == ([], ())
    assert [item.reason for item in report.suppressed] == ["in the baseline"]
    assert report.files[0].status.value == "clean"


def test_new_finding_still_counts(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = without_known(audit(tmp_path, f"{{{{ nonce }}}}\n{CLOCK}"), baseline)
    assert [code for code, _, _ in codes(report)] == ["PC102"]


def test_each_entry_accepts_one_finding(tmp_path):
    one = audit(tmp_path, CLOCK, name="a/x.j2")
    baseline = accepted(tmp_path, one)
    other = audit(tmp_path, CLOCK, name="b/x.j2")
    assert codes(without_known(other, baseline)) == codes(other)


def test_entry_that_is_found_no_more_is_told(tmp_path):
    baseline = accepted(tmp_path, audit(tmp_path, CLOCK))
    report = without_known(audit(tmp_path, RULES), baseline)
    assert [(p.message, p.level) for p in report.problems] == [
        ("1 entries are found no more", Level.WARNING)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "is not a baseline of this version"),
        ('{"schema_version": 2, "findings": []}', "is not a baseline of this version"),
        ('{"schema_version": 1}', "is not a baseline of this version"),
        ('{"schema_version": 1, "findings": [1]}', "an entry has no code, path and expression"),
        (
            '{"schema_version": 1, "findings": [{"code": "PC101"}]}',
            "an entry has no code, path and expression",
        ),
        ("{", "is not YAML: did not find expected node content"),
    ],
)
def test_unusable_baseline_is_a_problem(tmp_path, text, message):
    path = tmp_path / "known.json"
    path.write_text(text)
    baseline, problems = read_baseline(path)
    assert (baseline, [problem.message for problem in problems]) == (None, [message])
