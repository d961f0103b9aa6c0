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


def paths_of(ran):
    return [file["path"] for file in json.loads(ran.out)["files"]]


JSON = ("--format", "json", "--at", "2026-11-20")


def test_paths_of_the_settings_are_audited_where_none_is_named(tmp_path, cli):
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.j2").write_text(CLOCK)
    (tmp_path / "b.j2").write_text(RULES)
    (tmp_path / "promptcost.yaml").write_text("paths: [prompts]")
    assert paths_of(cli("audit", *JSON)) == ["prompts/a.j2"]
    assert paths_of(cli("audit", "b.j2", *JSON)) == ["b.j2"]


def test_without_any_path_the_way_out_is_told(tmp_path, cli):
    (tmp_path / ".git").mkdir()
    ran = cli("audit", *JSON)
    assert (ran.code, ran.out) == (2, "")
    assert "no PATH is given; name templates, or set 'paths' in promptcost.yaml" in ran.err


def test_excluded_files_are_left_out_unless_they_are_named(tmp_path, cli):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.j2").write_text(CLOCK)
    (tmp_path / "b.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text("exclude: ['old/*']")
    assert paths_of(cli("audit", ".", *JSON)) == ["b.j2"]
    assert paths_of(cli("audit", "old/a.j2", *JSON)) == ["old/a.j2"]
    ran = cli("audit", ".", "--exclude", "b.j2", *JSON)
    assert (ran.code, ran.out) == (3, "")
    assert "every file found is excluded" in ran.err


def test_each_folder_may_write_its_templates_in_its_own_way(tmp_path, cli):
    for folder in ("odd", "usual"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.j2").write_text(f"Now: << now >>{{{{ now }}}}\n{RULES}")
    (tmp_path / "promptcost.yaml").write_text("templates: {'odd/*': {variable: '<< >>'}}")
    found = json.loads(cli("audit", "odd", "usual", *JSON).out)["files"]
    columns = [file["findings"][0]["start_column"] for file in found]
    assert columns == [6, 15]
    forced = cli("audit", "odd", "usual", "--variable", "<< >>", *JSON)
    found = json.loads(forced.out)["files"]
    assert [file["findings"][0]["start_column"] for file in found] == [6, 6]


def test_settings_count_in_folders_below(tmp_path, cli, monkeypatch):
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text("per-file-ignores: {'prompts/*': [PC101]}")
    assert cli("audit", "prompts/a.j2", "--fail-on", "low", *JSON).code == 0
    monkeypatch.chdir(tmp_path / "prompts")
    assert cli("audit", "a.j2", "--fail-on", "low", *JSON).code == 0
    assert cli("audit", "a.j2", "--fail-on", "low", "--no-config", *JSON).code == 1


def test_two_settings_files_side_by_side_are_told(tmp_path, cli):
    (tmp_path / "a.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text("ignore: [PC101]")
    (tmp_path / "pyproject.toml").write_text("[tool.promptcost]\nignore = []\n")
    ran = cli("audit", "a.j2", "--fail-on", "low", *JSON)
    assert ran.code == 0
    assert "warning: " in ran.err
    assert "pyproject.toml:1:1: its table [tool.promptcost] is not read" in ran.err


def test_every_fault_of_a_settings_file_is_told_at_once(tmp_path, cli):
    (tmp_path / "a.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text("selct: [PC101]\nfail-on: often\nbaseline: [a]\n")
    ran = cli("audit", "a.j2", *JSON)
    assert (ran.code, ran.out) == (2, "")
    starts = [line.split(": ")[1] for line in ran.err.splitlines()]
    assert sorted(starts) == ["promptcost.yaml:1:1", "promptcost.yaml:2:1", "promptcost.yaml:3:1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tokenizer-json: {llama: x}", "tokenizer-json: unknown tokenizer 'llama'"),
        ("tokenizer-json: {o200k: x}", "tokenizer-json: o200k is counted exactly"),
        ("tokenizer-json: {llama3: x}", "x: no such file"),
        ("calibration: x.jsonl", "x.jsonl: no such file"),
        ("pricing: [x.yaml]", "x.yaml: no such file"),
        ("context: x.yaml", "x.yaml: no such file"),
    ],
)
def test_files_that_settings_name_must_be_usable(tmp_path, cli, text, said):
    (tmp_path / "a.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text(text)
    ran = cli("audit", "a.j2", *JSON)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_simulation_takes_what_its_workload_leaves_open(tmp_path, cli):
    tiny = "name: t\nperiod: 1d\ntraffic: {requests_per_day: 10}\nprompt: [{name: s, tokens: 9}]\n"
    (tmp_path / "w.yaml").write_text(tiny)
    (tmp_path / "own.yaml").write_text(f"{tiny}targets: [openai/gpt-4o]\n")
    (tmp_path / "promptcost.yaml").write_text("targets: [openai/gpt-5.4]")
    found = [json.loads(cli("simulate", name, *JSON).out) for name in ("w.yaml", "own.yaml")]
    targets = [[target["target"] for target in report["targets"]] for report in found]
    assert targets == [["openai/gpt-5.4@24h"], ["openai/gpt-4o@in_memory"]]


def test_known_findings_are_counted_and_listed(tmp_path, cli):
    (tmp_path / "p.j2").write_text(CLOCK)
    cli("audit", "p.j2", "--write-baseline", "known.json", *JSON)
    words = ("audit", "p.j2", "--baseline", "known.json", "--fail-on", "low")
    assert "no findings, 1 known in 1 template (1 clean)" in cli(*words).out
    (item,) = json.loads(cli(*words, *JSON).out)["files"][0]["suppressed"]
    assert (item["is_known"], item["reason"]) == (True, "in the baseline")
    (result,) = json.loads(cli(*words, "--format", "sarif").out)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "in the baseline"}]


def test_a_baseline_of_the_settings_lies_beside_them(tmp_path, cli, monkeypatch):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.j2").write_text(CLOCK)
    (tmp_path / "promptcost.yaml").write_text("baseline: known.json\nfail-on: low\n")
    (tmp_path / "known.json").write_text('{"schema_version": 1, "findings": []}')
    assert cli("audit", "p", *JSON).code == 1
    assert cli("audit", "p", "--write-baseline", "known.json", *JSON).code == 0
    monkeypatch.chdir(tmp_path / "p")
    assert cli("audit", "a.j2", *JSON).code == 0


def test_repaired_findings_are_stale_in_the_baseline(tmp_path, cli):
    (tmp_path / "p.j2").write_text(CLOCK)
    cli("audit", "p.j2", "--write-baseline", "known.json", *JSON)
    (tmp_path / "p.j2").write_text(RULES)
    ran = cli("audit", "p.j2", "--baseline", "known.json", *JSON)
    assert ran.code == 0
    stale = "known.json:4: PC101 in p.j2 is found no more; write it again with --write-baseline"
    assert ran.err == f"warning: {stale}\n"


def test_a_baseline_written_with_notes_is_not_stale_without_them(tmp_path, cli):
    (tmp_path / "p.j2").write_text(f"A\u00a0b\n{CLOCK}", encoding="utf-8")
    cli("audit", "p.j2", "--notes", "--write-baseline", "known.json", *JSON)
    entries = json.loads((tmp_path / "known.json").read_text())["findings"]
    assert {entry["code"] for entry in entries} == {"PC101", "PC115"}
    ran = cli("audit", "p.j2", "--baseline", "known.json", *JSON)
    assert (ran.code, ran.err) == (0, "")
    silenced = json.loads(ran.out)["files"][0]["suppressed"]
    assert [item["finding"]["code"] for item in silenced] == ["PC101"]


def test_a_baseline_written_without_notes_holds_none(tmp_path, cli):
    (tmp_path / "p.j2").write_text(f"A\u00a0b\n{CLOCK}", encoding="utf-8")
    cli("audit", "p.j2", "--write-baseline", "known.json", *JSON)
    entries = json.loads((tmp_path / "known.json").read_text())["findings"]
    assert {entry["code"] for entry in entries} == {"PC101"}
    ran = cli("audit", "p.j2", "--notes", "--baseline", "known.json", *JSON)
    assert {one["code"] for one in json.loads(ran.out)["files"][0]["findings"]} == {"PC115"}


def test_hidden_excerpts_change_no_fingerprint(tmp_path, cli):
    (tmp_path / "p.j2").write_text(CLOCK)
    logs = [
        json.loads(cli("audit", "p.j2", "--format", "sarif", *words).out)
        for words in ((), ("--no-excerpts",))
    ]
    marks = [log["runs"][0]["results"][0]["partialFingerprints"] for log in logs]
    assert marks[0] == marks[1]


TINY = "name: t\nperiod: 1d\ntraffic: {requests_per_day: 10}\n"


def tokens_of(ran):
    return json.loads(ran.out)["targets"][0]["usage"]["counts"]["input"]


def test_templates_of_a_workload_are_written_as_the_settings_say(tmp_path, cli):
    (tmp_path / "a.j2").write_text("<% if false %>" + RULES + "<% endif %>short")
    part = "prompt: [{name: s, template: a.j2}]\ntargets: [openai/gpt-4o@none]\n"
    (tmp_path / "w.yaml").write_text(TINY + part)
    (tmp_path / "promptcost.yaml").write_text("templates: {'*.j2': {block: '<% %>'}}")
    settled = tokens_of(cli("simulate", "w.yaml", *JSON))
    usual = tokens_of(cli("simulate", "w.yaml", "--no-config", *JSON))
    assert 0 < settled < usual


def test_a_simulation_reads_the_settings_it_is_told(tmp_path, cli):
    (tmp_path / "w.yaml").write_text(f"{TINY}prompt: [{{name: s, tokens: 9}}]\n")
    (tmp_path / "other.yaml").write_text("targets: [openai/gpt-4o]")
    (tmp_path / "promptcost.yaml").write_text("targets: [nobody/nothing]")
    assert cli("simulate", "w.yaml", *JSON).code == 2
    ran = cli("simulate", "w.yaml", "--config", "other.yaml", *JSON)
    assert [target["target"] for target in json.loads(ran.out)["targets"]] == [
        "openai/gpt-4o@in_memory"
    ]
