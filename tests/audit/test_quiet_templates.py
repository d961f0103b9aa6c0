"""What looks like a cause and is none: one company, a history shown last, names in paths."""

from __future__ import annotations

import pytest
from audit.auditing import RULES, audit

from promptcost.model.finding import Severity


def _told(report):
    return [f.code for f in report.findings if f.severity > Severity.NOTE]


@pytest.mark.parametrize("name", ["company_name", "organization", "company_info"])
def test_one_company_is_a_note(tmp_path, name):
    report = audit(tmp_path, f"You work for {{{{ {name} }}}}.\n{RULES}")
    assert [(f.code, f.severity) for f in report.findings] == [("PC103", Severity.NOTE)]


@pytest.mark.parametrize("name", ["tenant_name", "account_id", "workspace_name", "org_id"])
def test_tenants_among_others_are_told(tmp_path, name):
    assert _told(audit(tmp_path, f"You work for {{{{ {name} }}}}.\n{RULES}")) == ["PC103"]


def test_companies_that_differ_in_the_contexts_are_told(tmp_path):
    given = "{contexts: {a: {company: x}, b: {company: y}}, varies: {company: tenant}}"
    report = audit(tmp_path, f"You work for {{{{ company }}}}.\n{RULES}", contexts=given)
    assert _told(report) == ["PC103"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("You said: {{ chat_history }}", []),
        ("{% for m in chat_history %}{{ m.content }}{% endfor %}", []),
        ("You talked before.", ["PC110"]),
    ],
)
def test_condition_on_a_history_that_is_shown_costs_nothing_more(tmp_path, inside, expected):
    text = f"{RULES}\n{{% if chat_history %}}{inside}{{% endif %}}"
    assert _told(audit(tmp_path, text, name="system.j2")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Routes are `/users/{id}`.", []),
        ("Keys are {app}_{id}_name.", []),
        ('Routes are /users/{id}; say {"a": 1}.', []),
        ('const {output: animal} = x; say {"a": 1}.', []),
        ('Look at {url}, say {"a": 1}.', ["PC102"]),
        ('Answer {question}/{id}; say {"a": 1}.', ["PC104"]),
        ("It is {now:%H:%M}.", ["PC101"]),
        ("Say {x:>10} to {question}.", ["PC104"]),
    ],
)
def test_names_in_paths_are_shown_and_not_filled_in(tmp_path, text, expected):
    assert _told(audit(tmp_path, f"{text}\n{RULES * 2}", name="prompt.txt")) == expected
