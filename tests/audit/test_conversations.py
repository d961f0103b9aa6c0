"""Texts of one file that are one request: what ends the first breaks what is fixed in the next."""

from __future__ import annotations

import pytest
from audit.auditing import RULES, audit

NOW = "Be kind. It is {{ current_time }}."
FIXED = RULES * 2 + "{{ question }}"

TOGETHER = [
    ("p.yaml", "system: '{a}'\nuser: '{b}'\n", 1),
    ("p.yaml", "user: '{b}'\nsystem: '{a}'\n", 2),
    ("p.yaml", "x:\n  system_prompt: '{a}'\n  user_template: '{b}'\n", 2),
    ("p.yaml", "rateSystemPrompt: '{a}'\nrateUserPrompt: '{b}'\n", 1),
    ("p.yaml", "prefix: '{a}'\nsuffix: '{b}'\n", 1),
    ("p.yaml", "- role: system\n  content: '{a}'\n- role: user\n  content: '{b}'\n", 2),
    ("p.yaml", "m:\n- {{role: user, content: [{{text: '{a}'}}, {{text: '{b}'}}]}}\n", 2),
    ("p.yaml", "- system: '{a}'\n- user: '{b}'\n", 1),
    (
        "p.yaml",
        (
            "- role: system\n  content: '{a}'\n- role: user\n  content: ' '\n"
            "- role: assistant\n  content: '{b}'\n"
        ),
        2,
    ),
    ("p.toml", "[x]\nsystem = '{a}'\nuser = '{b}'\n", 2),
]
APART = [
    "first: '{a}'\nsecond: '{b}'\n",
    "system: '{a}'\nassistant: '{b}'\n",
    "one:\n  system: '{a}'\ntwo:\n  user: '{b}'\n",
    "rate_system: '{a}'\ncheck_user: '{b}'\n",
    "system_v1: '{a}'\nsystem_v2: '{b}'\n",
    "system: '{a}'\nuser: hi\nuser_prompt: '{b}'\n",
    "- '{a}'\n- '{b}'\n",
    "- [{{content: '{a}'}}]\n- x: [{{content: '{b}'}}]\n",
    "- name: x\n  content: '{a}'\n- name: y\n  content: '{b}'\n",
    "- {{role: admin, content: '{a}'}}\n- {{role: owner, content: '{b}'}}\n",
    "system: '{a}'\nuser: '{{{{ question }}}} {b}'\n",
    "system: '{a}'\nuser: '{{% if x %}}{{% endif %}} {b}'\n",
    "system: '{a}'\nuser: '{{{{ thing }}}} {b}'\n",
]


@pytest.mark.parametrize(("name", "text", "line"), TOGETHER, ids=range(len(TOGETHER)))
def test_clock_breaks_what_is_fixed_in_the_next_text(tmp_path, name, text, line):
    found = audit(tmp_path, text.format(a=NOW, b=FIXED), name=name).findings
    assert [(f.code, f.place.start_line) for f in found] == [("PC101", line)]
    assert found[0].tokens_at_risk.value > 300


@pytest.mark.parametrize("text", APART, ids=range(len(APART)))
def test_texts_of_different_requests_are_judged_alone(tmp_path, text):
    found = audit(tmp_path, text.format(a=NOW, b=FIXED), name="p.yaml").findings
    assert [f for f in found if f.code == "PC101"] == []


def test_a_setting_does_not_end_what_is_fixed(tmp_path):
    text = f"system: '{NOW}'\nuser: 'In {{{{ language }}}}: {FIXED}'\n"
    (finding,) = audit(tmp_path, text, name="p.yaml").findings
    assert finding.tokens_at_risk.value > 300


def test_repair_of_what_ends_a_text_is_to_print_it_last(tmp_path):
    text = f"system: 'Asked: {{{{ question }}}}'\nuser: '{RULES * 2}'\n"
    (finding,) = audit(tmp_path, text, name="p.yaml").findings
    assert finding.code == "PC104"
    assert finding.help.startswith("move it to the end")
