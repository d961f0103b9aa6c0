"""The examples of rules about recorded requests are their tests."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.model.finding import Severity
from promptcost.rules import request_rules
from promptcost.rules.requests import RequestExample

AT = datetime(2026, 11, 20, tzinfo=UTC)
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad-{number}")
    for rule in request_rules()
    for number, example in enumerate(rule.bad, start=1)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-good-{number}")
    for rule in request_rules()
    for number, example in enumerate(rule.good, start=1)
]


def findings(rule, example, tmp_path, least):
    path = tmp_path / "requests.jsonl"
    path.write_bytes(example.data)
    selection = Selection(select=(rule.code,), least=least)
    report = run_audit(AuditRequest(paths=(path,), at=AT, selection=selection))
    assert [file.reason for file in report.files] == [""]
    assert report.problems == ()
    return report.findings


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_is_reported_by_default_at_its_line_and_json_path(rule, example, tmp_path):
    found = findings(rule, example, tmp_path, Severity.LOW)
    assert [(f.code, f.place.start_line, f.expression) for f in found] == [
        (rule.code, example.line, example.path)
    ]


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_is_silent(rule, example, tmp_path):
    assert findings(rule, example, tmp_path, Severity.NOTE) == ()


@pytest.mark.parametrize("rule", request_rules(), ids=lambda rule: rule.code)
def test_page_says_what_why_repair_providers_and_source(rule):
    headings = re.findall(r"^    (\w+): ", rule.__doc__, re.MULTILINE)
    assert headings == ["What", "Why", "Repair", "Providers", "Source"]


@pytest.mark.parametrize("rule", request_rules(), ids=lambda rule: rule.code)
def test_name_is_a_kebab_phrase_and_the_file_is_named_after_it(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert type(rule).__module__ == f"promptcost.rules.requests.{rule.name.replace('-', '_')}"
    assert type(rule).__name__.lower() == rule.name.replace("-", "")
    assert re.fullmatch(r"PC2\d\d", rule.code)


def test_an_example_is_shown_part_by_part_with_long_texts_cut():
    shown = RequestExample(requests=('{"model": "m", "messages": [{"a": "' + "x" * 99 + '"}, 2]}',))
    assert shown.text == (
        f'request 1\n  model: "m"\n  messages[0]: {{"a": "{"x" * 24}…"}}\n  messages[1]: 2\n'
    )
