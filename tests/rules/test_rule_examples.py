from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.model.finding import Severity
from promptcost.rules import all_rules, rule_of, selected, template_rules, unknown_codes
from promptcost.templates.contexts import NO_CONTEXTS, parse_contexts

AT = datetime(2026, 11, 20, tzinfo=UTC)
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad-{number}")
    for rule in template_rules()
    for number, example in enumerate(rule.bad, start=1)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-good-{number}")
    for rule in template_rules()
    for number, example in enumerate(rule.good, start=1)
]


def findings(rule, example, tmp_path):
    path = tmp_path / f"prompt{example.suffix}"
    path.write_bytes(example.text.encode())
    contexts, problems = parse_contexts(example.contexts or "{a: 1}", "contexts.yaml")
    assert problems == []
    report = run_audit(
        AuditRequest(
            paths=(path,),
            at=AT,
            contexts=contexts if example.contexts else NO_CONTEXTS,
            targets=("openai/gpt-5.4",),
            selection=Selection(select=(rule.code,), least=Severity.NOTE),
        )
    )
    assert [file.reason for file in report.files] == [""]
    return report.findings


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_fires_at_the_marked_place(rule, example, tmp_path):
    found = findings(rule, example, tmp_path)
    places = [(f.place.start_line, f.place.start_column) for f in found]
    ends = [(f.place.end_line, f.place.end_column) for f in found]
    assert (places, ends) == ([example.marked[0]], [example.marked[1]])


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_is_silent(rule, example, tmp_path):
    assert findings(rule, example, tmp_path) == ()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_page_says_what_why_repair_providers_and_source(rule):
    headings = re.findall(r"^    (\w+): ", rule.__doc__, re.MULTILINE)
    assert headings == ["What", "Why", "Repair", "Providers", "Source"]


@pytest.mark.parametrize("rule", template_rules(), ids=lambda rule: rule.code)
def test_name_is_a_kebab_phrase_and_the_file_is_named_after_it(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert type(rule).__module__ == f"promptcost.rules.{rule.name.replace('-', '_')}"
    assert type(rule).__name__.lower() == rule.name.replace("-", "")


def test_codes_are_unique_and_sorted():
    codes = [rule.code for rule in all_rules()]
    assert codes == sorted(set(codes))


def test_every_rule_has_examples_of_both_kinds():
    assert [rule.code for rule in all_rules() if not (rule.bad and rule.good)] == []


def test_rule_is_found_by_code_or_name_in_any_case():
    assert rule_of("pc101").name == "clock-in-prefix"
    assert rule_of("clock-in-prefix").code == "PC101"
    assert rule_of("PC999") is None


def test_selectors_choose_by_beginning_of_a_code():
    assert selected(["PC10"]) >= {"PC101", "PC105"}
    assert selected(["all"]) == {rule.code for rule in all_rules()}
    assert selected([""]) == frozenset()


def test_unknown_selectors_are_named():
    assert unknown_codes(["PC101", "PC9", "user-text-in-prefix", "clocks"]) == ("PC9", "clocks")
