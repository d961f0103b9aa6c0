"""`--fix` and `--diff` on recorded requests, by themselves and beside templates."""

from __future__ import annotations

import json
from functools import partial

import pytest

from promptcost.files.text import read_bytes

DAY = ("--at", "2026-11-20")
RULES = "Keep answers short, name the file you mean, and say what you did not check. " * 100
ASK = [{"role": "user", "content": "First?"}]
GO_ON = [*ASK, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Second?"}]
ONE, TWO = ({"type": "function", "function": {"name": name}} for name in ("one", "two"))
LOOP = "{% for k, v in tools.items() %}{{ k }}{% endfor %}\n"
SORTED = "{% for k, v in tools.items() | sort %}{{ k }}{% endfor %}\n"
SHORT, LONG = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


def chat(messages: list[dict], *tools: dict) -> str:
    head = {"role": "system", "content": RULES}
    return json.dumps({"model": "gpt-5", "messages": [head, *messages], "tools": tools})


TURNED = f"{chat(ASK, ONE, TWO)}\n{chat(GO_ON, TWO, ONE)}\n"
STRAIGHT = f"{chat(ASK, ONE, TWO)}\n{chat(GO_ON, ONE, TWO)}\n"
LATE_HOUR = json.dumps(
    {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "system": [
            {"type": "text", "text": RULES, "cache_control": SHORT},
            {"type": "text", "text": "Be brief.", "cache_control": LONG},
        ],
        "messages": ASK,
    },
    indent=2,
)


def test_a_fix_is_written_audited_again_and_passes_the_gate(tmp_path, cli):
    path = tmp_path / "log.jsonl"
    path.write_text(TURNED)
    assert cli("audit", "log.jsonl", *DAY).code == 1
    ran = cli("audit", "log.jsonl", "--fix", "--format", "json", *DAY)
    assert path.read_text() == STRAIGHT
    assert [file["findings"] for file in json.loads(ran.out)["files"]] == [[]]
    assert "1 repair made in the recording; repair the code that builds the requests" in ran.err
    assert ran.code == 0


def test_a_second_fix_changes_nothing(tmp_path, cli):
    path = tmp_path / "log.jsonl"
    path.write_text(TURNED)
    cli("audit", "log.jsonl", "--fix", *DAY)
    ran = cli("audit", "log.jsonl", "--fix", *DAY)
    assert path.read_text() == STRAIGHT
    assert "made" not in ran.err


def test_a_preview_changes_nothing_and_keeps_the_verdict(tmp_path, cli):
    path = tmp_path / "request.json"
    path.write_text(LATE_HOUR)
    ran = cli("audit", "request.json", "--diff", *DAY)
    assert path.read_text() == LATE_HOUR
    assert ran.out == (
        "--- a/request.json\n"
        "+++ b/request.json\n"
        "@@ -7,5 +7,6 @@\n"
        f'       "text": "{RULES[:104]}…\n'
        '       "cache_control": {\n'
        '-        "type": "ephemeral"\n'
        '+        "type": "ephemeral",\n'
        '+        "ttl": "1h"\n'
        "       }\n"
        "     },\n"
    )
    assert ran.code == 1


def test_templates_and_recordings_of_a_folder_are_repaired_together(tmp_path, cli):
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "p.j2").write_text(LOOP)
    (folder / "log.jsonl").write_text(TURNED)
    (folder / "request.json").write_text(LATE_HOUR)
    (folder / "settings.json").write_text('{"name": "x"}')
    cli("audit", "prompts", "--fix", "--notes", *DAY)
    assert (folder / "p.j2").read_text() == SORTED
    assert (folder / "log.jsonl").read_text() == STRAIGHT
    assert (folder / "request.json").read_text().count('"ttl": "1h"') == 2
    assert (folder / "settings.json").read_text() == '{"name": "x"}'


def test_rules_that_are_not_reported_repair_nothing(tmp_path, cli):
    path = tmp_path / "log.jsonl"
    path.write_text(TURNED)
    cli("audit", "log.jsonl", "--fix", "--ignore", "PC205", *DAY)
    assert path.read_text() == TURNED


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["byte-order mark", "plain"])
def test_bytes_around_are_kept(tmp_path, cli, mark):
    path = tmp_path / "log.jsonl"
    path.write_bytes(mark + TURNED.replace("\n", "\r\n").encode())
    cli("audit", "log.jsonl", "--fix", *DAY)
    assert path.read_bytes() == mark + STRAIGHT.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (("_MOST_REQUESTS", 1), "no fix is looked for, as it holds more than 1 requests"),
        (("read_bytes", partial(read_bytes, limit=4)), "no fix is looked for, as it is larger"),
    ],
)
def test_a_recording_over_a_limit_is_told_and_left_alone(tmp_path, cli, monkeypatch, limit, said):
    path = tmp_path / "log.jsonl"
    path.write_text(TURNED)
    monkeypatch.setattr(f"promptcost.audit.series.repair.offer.{limit[0]}", limit[1])
    ran = cli("audit", "log.jsonl", "--diff", *DAY)
    assert said in ran.err
    assert (ran.out, ran.code) == ("", 1)


def test_a_search_that_gives_up_says_so(tmp_path, cli, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.repair.offer._TRIALS", 1)
    path = tmp_path / "log.jsonl"
    path.write_text(TURNED)
    ran = cli("audit", "log.jsonl", "--fix", *DAY)
    assert "there may be more fixes than were looked for" in ran.err
    assert path.read_text() == STRAIGHT


def test_without_a_trial_left_nothing_is_offered(tmp_path, cli, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.repair.offer._TRIALS", 0)
    (tmp_path / "log.jsonl").write_text(TURNED)
    assert cli("audit", "log.jsonl", "--diff", *DAY).out == ""


def test_bytes_that_are_not_utf_8_are_left_alone(tmp_path, cli):
    path = tmp_path / "log.jsonl"
    path.write_bytes(TURNED.replace("First?", "F\xff?").encode("latin-1"))
    ran = cli("audit", "log.jsonl", "--fix", *DAY)
    assert "no fix is looked for, as it is packed or not UTF-8" in ran.err
    assert path.read_bytes() == TURNED.replace("First?", "F\xff?").encode("latin-1")


def test_without_fix_nothing_is_said_about_fixes(tmp_path, cli, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.repair.offer._MOST_REQUESTS", 1)
    (tmp_path / "log.jsonl").write_text(TURNED)
    ran = cli("audit", "log.jsonl", *DAY)
    assert "no fix" not in ran.err
