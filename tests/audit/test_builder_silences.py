"""Suppressions in the source of prompt builders: which are used, unused, faulty."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.auditing import AT, EXACT, RULES

from promptcost.audit import AuditRequest, run_audit
from promptcost.builders.process import BuilderLimits

UNUSED = "# promptcost: ignore[PC102] the log needs it"
TWO = f"""
RULES = {RULES!r}


def helper():
    {UNUSED}
    return RULES


def first():
    return helper()


def second():
    {UNUSED}
    return RULES
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def problems(source, *names):
    """Return line and message of what an audit of builders says about their file."""
    Path("prompts.py").write_text(source, encoding="utf-8")
    paths = tuple(Path(name) for name in names)
    python = BuilderLimits(seconds=30)
    report = run_audit(AuditRequest(paths=paths, at=AT, targets=EXACT, python=python))
    return [(problem.line, problem.message) for problem in report.problems]


def test_an_unused_suppression_is_told_once_for_all_builders():
    nothing = "a suppression of PC102 silences nothing"
    assert problems(TWO, "prompts:first") == [(6, nothing)]
    assert problems(TWO, "prompts:second") == [(15, nothing)]
    assert problems(TWO, "prompts:first", "prompts:second") == [(6, nothing), (15, nothing)]


def test_one_that_another_builder_needs_is_used():
    source = f"""
import uuid
RULES = {RULES!r}

def head(name):
    {UNUSED}
    return f"Request {{name}}"

def fixed():
    return head("a") + RULES

def fresh():
    return head(uuid.uuid4()) + RULES
"""
    assert problems(source, "prompts:fixed") == [(6, "a suppression of PC102 silences nothing")]
    assert problems(source, "prompts:fixed", "prompts:fresh") == []


@pytest.mark.parametrize(("others", "told"), [("", 1), ("def other():\n    return ''\n", 0)])
def test_a_suppression_of_the_file_is_judged_where_all_of_the_file_is_run(others, told):
    source = f"# promptcost: ignore-file[PC102] why\nX = {RULES!r}\ndef build():\n    return X\n"
    assert len(problems(f"{source}{others}", "prompts:build")) == told


def test_a_value_is_made_by_all_of_its_module():
    source = f"# promptcost: ignore[PC102] why\nPROMPT = {RULES!r}\n"
    assert problems(source, "prompts:PROMPT") == [(1, "a suppression of PC102 silences nothing")]


def test_a_faulty_suppression_is_told():
    source = f"def build():\n    return {RULES!r}  # promptcost: ignore[PC102]\n"
    message = "a suppression gives no reason and is not applied"
    assert problems(source, "prompts:build") == [(2, message)]
