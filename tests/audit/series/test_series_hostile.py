"""Hostile logs through the real command line: bounded, a clear answer, no traceback."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime

import pytest
from audit.series.recordings import RULES, answer, body, system, user

from promptcost.audit import DEFAULT_TARGETS
from promptcost.audit.lens import open_lens
from promptcost.audit.series import SeriesAuditor
from promptcost.tokens._encode import MEMO

GOOD = json.dumps(body(system(RULES), user("First?"))).encode()
NEXT = json.dumps(body(system(RULES), user("First?"), answer("Yes."), user("Second?"))).encode()
SURROGATE = rb'{"model": "gpt-5\ud800", "messages": [{"role": "user", "content": "\udcff \ud83d"}]}'
TWICE = b'{"model": "a", "model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}'
GIGABYTES = 3 << 30


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTES, GIGABYTES))


def audited(folder, *names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "promptcost", "audit", *names, "--at", "2026-11-20"]
    return subprocess.run(  # noqa: S603 - our own program
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        preexec_fn=limited,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
    )


@pytest.mark.parametrize(
    ("name", "data", "said", "code"),
    [
        (
            "line.json",
            b'{"model": "gpt-5", "messages": [{"role": "user", "content": "'
            + b"x" * 10**8
            + b'"}]}',
            "a record of 95.4 MB is above the limit of 32 MB",
            2,
        ),
        ("cut.jsonl", GOOD + b"\n" + NEXT[:900], "cut.jsonl:2:63: the record is cut off", 2),
        ("deep.jsonl", b'{"messages": ' + b"[" * 10**5 + b"]" * 10**5 + b"}\n" + GOOD, "nest", 2),
        ("twice.jsonl", TWICE, "given twice", 0),
        ("surrogate.jsonl", SURROGATE + b"\n" + SURROGATE, "surrogate.jsonl: clean", 0),
        ("zero.jsonl", b"\x00\x00\xff\xfe", "zero.jsonl: not analysed", 2),
        ("empty.jsonl", b"", "empty.jsonl: not analysed: holds no JSON object", 2),
        (
            "other.json",
            b'{"name": "x"}',
            "other.json: not analysed: no record is a request of a known API",
            2,
        ),
        ("wide.jsonl", b'{"messages": [' + b"{}," * 10**6 + b"{}]}", "wide.jsonl", 0),
    ],
)
def test_a_hostile_log_gets_a_clear_answer(name, data, said, code, tmp_path):
    (tmp_path / name).write_bytes(data)
    ran = audited(tmp_path, name)
    shown = ran.stdout + ran.stderr
    assert said in shown
    assert "Traceback" not in shown
    assert "internal error" not in shown
    assert ran.returncode == code


def test_other_lines_and_files_are_still_audited(tmp_path):
    late = NEXT.replace(b"Keep", b"At 10:15:09 keep", 1)
    early = GOOD.replace(b"Keep", b"At 10:15:01 keep", 1)
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([early, b'{"broken', late]))
    (tmp_path / "b.jsonl").write_bytes(GOOD)
    ran = audited(tmp_path, "a.jsonl", "b.jsonl")
    assert "a.jsonl:3:" in ran.stdout
    assert "PC202 clock-between-requests" in ran.stdout
    assert "error: a.jsonl:2:" in ran.stderr


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    ran = audited(tmp_path, "pipe.jsonl")
    assert "not a regular file" in ran.stdout + ran.stderr
    assert ran.returncode == 2


def test_prompt_text_cannot_steer_the_terminal(tmp_path):
    wild = "\x1b[2J[red]x[/] | `a` <b> "
    first = body(system(f"{wild} 10:15:00 {RULES}"), user("First?"), model="gpt-5\x1b[31m")
    second = body(system(f"{wild} 10:15:09 {RULES}"), user("First?"), model="gpt-5\x1b[31m")
    lines = "\n".join(map(json.dumps, [first, second]))
    (tmp_path / "wild.jsonl").write_text(lines, encoding="utf-8")
    ran = audited(tmp_path, "wild.jsonl")
    assert "PC202" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_excerpts_can_be_left_out(tmp_path):
    requests = [body(system(f"secret 10:15:0{n} {RULES}"), user("First?")) for n in range(2)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, requests)), encoding="utf-8")
    for form in ("terminal", "json", "markdown"):
        ran = audited(tmp_path, "a.jsonl", "--no-excerpts", "--format", form)
        assert "PC202" in ran.stdout
        assert "secret" not in ran.stdout


def log(path, sessions: int) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for session in range(sessions):
            history = [system(RULES), user(f"Session {session}: {RULES[:900]}")]
            for turn in range(5):
                stream.write(json.dumps(body(*history)) + "\n")
                history += [answer(f"{session} {turn} {RULES[:900]}"), user(f"{turn} more?")]


def peak(path) -> int:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    auditor = SeriesAuditor(open_lens(DEFAULT_TARGETS, at), at, (), bool)
    tracemalloc.start()
    try:
        report, problems = auditor.audit(path)
        assert problems == []
        assert report.series.requests > 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_three_times_the_log_takes_about_the_same_memory(tmp_path, monkeypatch):
    # what is kept in mind is bounded; here by less than the shorter log holds
    monkeypatch.setattr("promptcost.audit.series.measure._KEPT", 32)
    monkeypatch.setattr(MEMO, "_limit", 20_000)
    sizes = []
    for sessions in (1, 160, 480):  # the first loads what is loaded once
        path = tmp_path / f"{sessions}.jsonl"
        log(path, sessions)
        sizes.append(peak(path))
    assert sizes[2] < 1.5 * sizes[1]
