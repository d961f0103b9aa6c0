"""The workload that a settings file names stands in for one on the command line."""

from __future__ import annotations

import json

import pytest

RULES = "\n".join(f"Rule {n}: answer in plain words and name the source." for n in range(120))
WORKLOAD = """\
name: {name}
traffic: {{requests_per_day: 500}}
prompt:
  - {{name: system, template: prompt.j2, variables: {{now: second}}}}
  - {{name: question, tokens: 50, stability: request}}
output_tokens: 200
targets: [anthropic/claude-sonnet-4-6@5m]
"""
JSON = ("--format", "json", "--at", "2026-11-20")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "prompt.j2").write_text(f"It is {{{{ now }}}}.\n{RULES}\n")
    for name in ("own", "other"):
        (tmp_path / f"{name}.yaml").write_text(WORKLOAD.format(name=name))
    (tmp_path / "promptcost.yaml").write_text("workload: own.yaml\n")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "name"), [((), "own"), (("other.yaml",), "other"), (("own.yaml",), "own")]
)
def test_what_is_simulated_is_named_or_that_of_the_settings(words, name, cli):
    ran = cli("simulate", *words, *JSON)
    assert (ran.code, json.loads(ran.out)["workload"]) == (0, name)


@pytest.mark.usefixtures("folder")
def test_without_any_workload_a_simulation_says_how_to_name_one(cli):
    ran = cli("simulate", "--no-config", *JSON)
    assert (ran.code, ran.out) == (2, "")
    assert "no WORKLOAD is given; name one, or set 'workload' in promptcost.yaml" in ran.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "priced"),
    [((), True), (("--no-config",), False), (("--no-config", "-w", "other.yaml"), True)],
)
def test_findings_are_priced_on_the_workload_of_the_settings(words, priced, cli):
    ran = cli("audit", "prompt.j2", *words, *JSON)
    found = [finding for file in json.loads(ran.out)["files"] for finding in file["findings"]]
    assert [bool(finding["costs"]) for finding in found] == [priced]


def test_a_workload_of_the_settings_that_is_missing_is_a_fault(folder, cli):
    (folder / "own.yaml").unlink()
    ran = cli("audit", "prompt.j2", *JSON)
    assert (ran.code, ran.out) == (2, "")
    assert "own.yaml: no such file" in ran.err


def test_a_preview_of_repairs_prices_nothing(folder, cli):
    (folder / "own.yaml").unlink()
    ran = cli("audit", "prompt.j2", "--diff", "--unsafe-fixes", "--at", "2026-11-20")
    assert "+It is {{ now }}." in ran.out
