"""Suppressions in a settings file: what they need, and where each of them stands."""

from __future__ import annotations

import pytest

from promptcost.config import load_project
from promptcost.files.globs import matches

ONE = "{path: '*.jsonl', rule: PC202, reason: why}"
TABLES = """
[project]
name = "x"

[[tool.promptcost.suppressions]]
path = "a.jsonl"
rule = "PC202"
reason = "why"

[[tool.promptcost.suppressions]]
path = "b.jsonl"
rule = "PC203"
reason = "too"
"""


def read(tmp_path, text, name="promptcost.yaml"):
    (tmp_path / name).write_text(text)
    return load_project(tmp_path / name, tmp_path)


def test_each_suppression_knows_its_line_and_begins_at_the_settings_file(tmp_path):
    project, problems = read(tmp_path, f"suppressions:\n  - {ONE}\n  - {ONE}\n")
    assert problems == []
    assert [(one.line, one.rule, one.reason) for one in project.suppressions] == [
        (2, "PC202", "why"),
        (3, "PC202", "why"),
    ]
    assert matches(str(tmp_path / "logs" / "a.jsonl"), project.suppressions[0].glob)
    assert not matches(str(tmp_path.parent / "a.jsonl"), project.suppressions[0].glob)


def test_tables_of_toml_have_lines_of_their_own(tmp_path):
    project, problems = read(tmp_path, TABLES, "pyproject.toml")
    assert problems == []
    assert [(one.line, one.rule) for one in project.suppressions] == [(5, "PC202"), (10, "PC203")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[{path: a, rule: PC202}]", 1, "suppressions.0 has no 'reason'"),
        ("[{rule: PC202, reason: why}]", 1, "suppressions.0 has no 'path'"),
        ("[{path: a, reason: why}]", 1, "suppressions.0 has no 'rule'"),
        (
            "\n- {path: a, rule: PC202, reason: '  '}",
            2,
            "suppressions.0.reason: says nothing; write why the findings are accepted",
        ),
        ("\n- {path: a, rule: PC999, reason: why}", 2, "no rule is called 'PC999'"),
        ("\n- {path: a, rule: PC202, reason: why, line: 3}", 2, "unknown key 'line'"),
        ("[1]", 1, "suppressions.0 is not a mapping (got '1')"),
    ],
)
def test_faulty_suppression_is_told_with_its_line(tmp_path, text, line, message):
    project, problems = read(tmp_path, f"suppressions: {text}\n")
    assert project is None
    assert [(one.line, one.message) for one in problems] == [(line, message)]
