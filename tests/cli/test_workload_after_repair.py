"""Dollars are those of the prompts as they are reported, after a repair too."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from promptcost.cli.app import app

RULES = "\n".join(f"Rule {n}: answer in plain words and name the source." for n in range(120))
WORKLOAD = """\
name: bot
traffic: {requests_per_day: 500}
prompt:
  - {name: system, template: prompt.j2, variables: {now: second, request_id: request}}
  - {name: question, tokens: 50, stability: request}
targets: [anthropic/claude-sonnet-4-6@5m]
"""


def test_a_faulty_workload_stops_before_anything_is_repaired(tmp_path):
    prompt = tmp_path / "prompt.j2"
    prompt.write_text(f"It is {{{{ now }}}}.\n{RULES}\n", encoding="utf-8")
    before = prompt.read_text(encoding="utf-8")
    words = ["audit", str(prompt), "--fix", "--unsafe-fixes", "-w", str(tmp_path / "none.yaml")]
    assert CliRunner().invoke(app, words).exit_code != 0
    assert prompt.read_text(encoding="utf-8") == before


def test_what_is_left_after_a_repair_carries_its_dollars(tmp_path):
    prompt = tmp_path / "prompt.j2"
    first = "Call {{ request_id }} as the rules below say.\nIt is {{ now }}.\n"
    prompt.write_text(f"{first}{RULES}\n", encoding="utf-8")
    workload = tmp_path / "workload.yaml"
    workload.write_text(WORKLOAD, encoding="utf-8")
    words = ["audit", str(prompt), "--fix", "--unsafe-fixes", "-w", str(workload), "-f", "json"]
    shown = json.loads(CliRunner().invoke(app, [*words, "--exit-zero"]).stdout)
    left = [one for file in shown["files"] for one in file["findings"]]
    assert "PC102" in {one["code"] for one in left}
    assert all(one["costs"] for one in left)
