from __future__ import annotations

import json

import pytest

RULES = "Answer in one sentence and name the file you took it from, never more than that. " * 12
CLOCK = f"Now: {{{{ now }}}}\n{RULES}"


@pytest.fixture
def run(tmp_path, cli):
    (tmp_path / ".git").mkdir()
    (tmp_path / "p.j2").write_text(CLOCK)

    def ran(*words):
        made = cli("audit", "p.j2", "--format", "json", "--at", "2026-11-20", *words)
        report = json.loads(made.out) if made.code < 2 else {"files": []}
        codes = [finding["code"] for file in report["files"] for finding in file["findings"]]
        return made.code, codes

    return ran


def test_settings_file_chooses_rules_and_threshold(tmp_path, run):
    (tmp_path / "promptcost.yaml").write_text("ignore: [PC101]\nfail-on: medium\n")
    assert run() == (0, [])
    assert run("--no-config") == (0, ["PC101"])


def test_settings_file_chooses_targets(tmp_path, run):
    (tmp_path / "promptcost.yaml").write_text("targets: [nobody/nothing]\n")
    assert run()[0] == 2
    assert run("--target", "openai/gpt-5.4")[0] == 0


def test_threshold_of_the_settings_file_counts_unless_given(tmp_path, run):
    (tmp_path / "pyproject.toml").write_text("[tool.promptcost]\nfail-on = 'low'\n")
    assert run()[0] == 1
    assert run("--fail-on", "high")[0] == 0


def test_settings_file_can_be_named(tmp_path, run):
    (tmp_path / "other.yaml").write_text("select: [PC102]\n")
    assert run("--config", "other.yaml") == (0, [])


@pytest.mark.parametrize("text", ["selct: [PC101]", "select: [PC999]", "fail-on: often"])
def test_faulty_settings_file_is_unusable(tmp_path, run, text):
    (tmp_path / "promptcost.yaml").write_text(text)
    assert run()[0] == 2


def test_baseline_lets_known_findings_pass(tmp_path, run):
    assert run("--fail-on", "low")[0] == 1
    assert run("--fail-on", "low", "--write-baseline", "known.json")[0] == 0
    assert run("--fail-on", "low", "--baseline", "known.json") == (0, [])
    (tmp_path / "p.j2").write_text(f"{{{{ nonce }}}}\n{CLOCK}")
    assert run("--fail-on", "low", "--baseline", "known.json") == (1, ["PC102"])


def test_missing_baseline_is_unusable(run):
    assert run("--baseline", "none.json")[0] == 2
    assert run("--write-baseline", "no/such/folder.json")[0] == 2
