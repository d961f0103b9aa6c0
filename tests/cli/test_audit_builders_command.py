"""``promptcost audit`` with prompt builders: only with leave, and then like any other source."""

from __future__ import annotations

import json

_PROMPTS = """
from datetime import datetime
def build(question):
    return f"It is {datetime.now()}.\\n{RULES}\\n{question}"
def broken():
    raise ValueError("private text")
RULES = "Answer in one sentence and name the file you took it from. " * 40
"""
_TARGET = ("--target", "openai/gpt-5.4")


def _write(tmp_path):
    (tmp_path / "prompts.py").write_text(_PROMPTS)


def test_a_builder_is_not_run_without_leave(process, tmp_path):
    _write(tmp_path)
    ran = process("audit", "prompts:build", *_TARGET)
    assert ran.code == 2
    assert "prompts:build: not analysed: needs --allow-python, which runs this code" in ran.out


def test_a_builder_is_audited_with_leave(process, tmp_path):
    _write(tmp_path)
    ran = process("audit", "prompts:build", "--allow-python", "--fail-on", "medium", *_TARGET)
    assert ran.code == 1
    assert "prompts.py:4:20 " in ran.out
    assert "PC101 clock-in-prefix (confirmed)" in ran.out
    assert "note    assumed stand-ins for question" in ran.out
    assert ran.err == ""


def test_a_fault_of_a_builder_is_one_line_without_its_words(process, tmp_path):
    _write(tmp_path)
    ran = process("audit", "prompts.py:broken", "--allow-python", *_TARGET)
    assert ran.code == 2
    assert ran.err.startswith("error: prompts.py:6: raises ValueError; ")
    assert "private text" not in ran.out + ran.err


def test_the_report_of_a_builder_is_json_like_any_other(process, tmp_path):
    _write(tmp_path)
    ran = process("audit", "prompts.py:build", "--allow-python", "-f", "json", *_TARGET)
    (file,) = json.loads(ran.out)["files"]
    assert (file["path"], file["section"]) == ("prompts.py", "build")
    assert [finding["code"] for finding in file["findings"]] == ["PC101"]


def test_excerpts_can_be_left_out(process, tmp_path):
    _write(tmp_path)
    ran = process("audit", "prompts:build", "--allow-python", "--no-excerpts", *_TARGET)
    assert "Answer in one" not in ran.out
    assert "2026-01-05 09:30:15" not in ran.out
