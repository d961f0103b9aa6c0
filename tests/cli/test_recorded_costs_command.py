"""`audit --workload` on recorded requests: dollars in every format, and who needs a prompt."""

from __future__ import annotations

import json

import pytest

RULES = "Answer in one sentence and name the file you took it from, never more than that. " * 90
TRAFFIC = "traffic: {requests_per_day: 1000}\n"
PROMPT = "prompt: [{name: system, template: p.j2, variables: {now: second}}]\n"
WORDS = ("audit", "log.jsonl", "-w", "w.yaml", "--at", "2026-11-20")
TARGET = "anthropic/claude-sonnet-4-5@5m"


@pytest.fixture(autouse=True)
def folder(tmp_path):
    """Give a log of requests whose clock never stands still, a template, and the traffic."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "w.yaml").write_text(TRAFFIC)
    (tmp_path / "p.j2").write_text(f"Now: {{{{ now }}}}\n{RULES}")
    mark = {"cache_control": {"type": "ephemeral"}}
    lines = [
        {
            "timestamp": f"2026-03-02T10:1{n}:00Z",
            "request": {
                "model": "claude-sonnet-4-5",
                "max_tokens": 9,
                "system": [{"type": "text", "text": f"Now 10:1{n}:00. {RULES}", **mark}],
                "messages": [{"role": "user", "content": f"Question {n}?"}],
            },
        }
        for n in range(4)
    ]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return tmp_path


def test_json_holds_the_dollars_of_each_finding_and_of_all_requests(cli):
    report = json.loads(cli(*WORDS, "--format", "json").out)
    (finding,) = report["files"][0]["findings"]
    (cost,) = finding["costs"]
    (worth,) = report["worth"]
    assert (cost["target"], worth["target"], worth["traffic"]) == (
        TARGET,
        TARGET,
        "recorded requests",
    )
    assert report["replay"]["requests"] == 4
    assert report["replay"]["requests_per_month"] == 30_000
    assert report["replay"]["times"] == "as recorded"


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_people_read_the_dollars_and_what_they_rest_on(cli, form):
    shown = cli(*WORDS, "--format", form).out
    assert f"a month at {TARGET}" in shown
    assert "recorded requests" in shown
    assert "all 4 recorded requests replayed with times as recorded" in " ".join(shown.split())


def test_sarif_holds_the_dollars(cli):
    (run,) = json.loads(cli(*WORDS, "--format", "sarif").out)["runs"]
    assert [one["target"] for one in run["results"][0]["properties"]["costs"]] == [TARGET]
    assert run["properties"]["worth"][0]["traffic"] == "recorded requests"


def test_targets_of_the_command_line_are_played(cli):
    report = json.loads(cli(*WORDS, "--format", "json", "-t", "openai/gpt-5").out)
    assert [one["target"] for one in report["worth"]] == ["openai/gpt-5@24h"]


def test_templates_need_a_prompt_and_logs_do_not(cli):
    ran = cli(*WORDS, "p.j2", "--format", "json")
    files = {file["path"]: file["findings"][0] for file in json.loads(ran.out)["files"]}
    assert (files["p.j2"]["costs"], len(files["log.jsonl"]["costs"])) == ([], 1)
    assert "warning: w.yaml: has no prompt, so findings in templates carry no dollars" in ran.err


def test_both_traffics_are_told_apart(folder, cli):
    (folder / "w.yaml").write_text(f"{TRAFFIC}{PROMPT}targets: [{TARGET}]\n")
    report = json.loads(cli(*WORDS, "p.j2", "--format", "json").out)
    assert [one["traffic"] for one in report["worth"]] == [
        "simulated workload",
        "recorded requests",
    ]
    assert all(file["findings"][0]["costs"] for file in report["files"])


def test_findings_in_the_baseline_or_silenced_are_not_repaired(folder, cli):
    rule = "{path: log.jsonl, rule: PC202, reason: the log is old}"
    (folder / "promptcost.yaml").write_text(f"suppressions: [{rule}]\n")
    report = json.loads(cli(*WORDS, "--format", "json").out)
    (worth,) = report["worth"]
    assert worth["as_it_is"] == worth["repaired"]
    (item,) = report["files"][0]["suppressed"]
    assert (item["reason"], item["place"]["path"]) == ("the log is old", "promptcost.yaml")
    assert item["finding"]["costs"] == []


def test_an_unknown_target_of_the_workload_is_told(folder, cli):
    (folder / "w.yaml").write_text(f"{TRAFFIC}targets: [nobody/nothing]\n")
    ran = cli(*WORDS)
    assert (ran.code, ran.out) == (2, "")
    assert "w.yaml:2:" in ran.err


def test_a_simulation_still_needs_a_prompt(cli):
    ran = cli("simulate", "w.yaml")
    assert ran.code == 2
    assert "w.yaml:1:1: has no prompt" in ran.err
