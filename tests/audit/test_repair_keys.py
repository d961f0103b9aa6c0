"""JSON is printed with sorted keys where it is known how."""
# ruff: noqa: E501 - tables of templates, one to a line

from __future__ import annotations

from pathlib import Path

import pytest
from audit.auditing import audit

from promptcost.audit.repair import repaired
from promptcost.model.finding import Safety

PYTHON = '''import json


def build_system_prompt(details, day):
    return f"""You are a careful assistant for the support team of a small shop.
You must answer in one sentence. The inputs are:
{%s}
Always name the file you took it from. You are not allowed to guess.
"""
'''


def fixed(folder, text, name="prompt.j2"):
    report = audit(folder, text, name=name, repair=Safety.SAFE)
    made = repaired(report.findings, lambda path: Path(path).read_text())
    return [one.after for one in made]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In: {{ json.dumps(x) }}", "In: {{ json.dumps(x, sort_keys=True) }}"),
        ("In: {{-json.dumps( x.y )-}}", "In: {{-json.dumps( x.y , sort_keys=True)-}}"),
        ("In: {{ json.dumps((x), ) }}", "In: {{ json.dumps((x), sort_keys=True) }}"),
        (
            "é{{ json.dumps(x, indent=2) | safe }}{{ json.dumps(y) }}",
            "é{{ json.dumps(x, indent=2, sort_keys=True) | safe }}{{ json.dumps(y, sort_keys=True) }}",
        ),
    ],
)
def test_every_call_of_json_dumps_sorts_its_keys(tmp_path, text, expected):
    assert fixed(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("json.dumps(details)", "json.dumps(details, sort_keys=True)"),
        ("json.dumps(details, indent=2)!s", "json.dumps(details, indent=2, sort_keys=True)!s"),
    ],
)
def test_fields_of_an_f_string_sort_their_keys(tmp_path, field, expected):
    assert fixed(tmp_path, PYTHON % field, "prompts.py") == [PYTHON % expected]


@pytest.mark.parametrize(
    "text",
    [
        "In: {{ json.dumps(x, sort_keys=True) }}",
        "In: {{ json.dumps(x, sort_keys=False) }}",
        "In: {{ json.dumps(*x, **y) }}",
        "In: {{ json.dumps() }}",
        "In: {{ to_json(x) }}",
        "In: {{ other.dumps(x) }}",
        "In: {{ x | to_json }}",
        "In: {{ 'a' ~ json.dumps(x) }}",
        "In: {{ json.dumps(x,\n y) }}",
        "{# {{ json.dumps(x) }} #}{{ y }}",
    ],
)
def test_other_calls_are_left_alone(tmp_path, text):
    assert fixed(tmp_path, text) == []


def test_chat_templates_keep_the_order_of_their_keys(tmp_path):
    text = (
        "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}"
        "{% for tool in tools %}{{ tool | tojson }}{% endfor %}{{ json.dumps(documents) }}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    assert fixed(tmp_path, text, "chat_template.jinja") == []


def test_sorted_keys_are_no_finding(tmp_path):
    report = audit(tmp_path, "In: {{ json.dumps(x, indent=2, sort_keys = true) }}")
    assert "PC111" not in {finding.code for finding in report.findings}
