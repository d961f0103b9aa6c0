"""What a replay is told about the causes that an audit sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.series.recordings import AT, RULES, answer, audit, body, claude, system, text, user

from promptcost.audit import AuditRequest, run_audit
from promptcost.model.recording import Remedy
from promptcost.rules.registry import request_rules

ASK, REPLY, AGAIN = user("First?"), answer("Yes."), user("Second?")


def told(folder: Path, *requests: dict):
    """Return the remedies noted for each finding, by its code."""
    report = audit(folder, list(requests))
    recordings: list = []
    paths = tuple(Path(file.path) for file in report.files)
    run_audit(AuditRequest(paths=paths, at=AT), recordings.append)
    (recording,) = recordings
    reported = {finding.code for finding in report.findings}
    return {
        cause.code: {one.remedy for one in cause.occurrences}
        for cause in recording.causes
        if cause.code in reported
    }


def two(first: dict, second: dict) -> tuple[dict, dict]:
    """Return two turns of one conversation with other system texts or tools."""
    said = system(RULES), ASK
    return body(*said, **first), body(*said, REPLY, AGAIN, **second)


def tools(*names: str) -> list[dict]:
    return [
        {"type": "function", "function": {"name": name, "description": RULES}} for name in names
    ]


@pytest.mark.parametrize(
    ("requests", "code", "remedy"),
    [
        (
            (
                body(system(f"Now 2026-03-02 10:15:01. {RULES}"), ASK),
                body(system(f"Now 2026-03-02 10:15:09. {RULES}"), ASK, REPLY, AGAIN),
            ),
            "PC202",
            Remedy.SAME_TEXT,
        ),
        (two({"tools": tools("a", "b")}, {"tools": tools("b", "a")}), "PC205", Remedy.SORTED),
        (two({"tools": tools("a")}, {"tools": tools("a", "b")}), "PC206", Remedy.ALL_TOOLS),
        (
            (
                body(system(RULES), ASK, answer(RULES), AGAIN),
                body(system(RULES), ASK, answer("Other."), AGAIN, REPLY, ASK),
            ),
            "PC201",
            Remedy.APPENDED,
        ),
        (
            (
                claude([text(RULES, marked=True)], ASK),
                claude([text("Mood: calm."), text(RULES, marked=True)], ASK, REPLY, AGAIN),
            ),
            "PC209",
            Remedy.MOVED,
        ),
        (
            (claude(RULES, ASK), claude(RULES, ASK, REPLY, AGAIN)),
            "PC227",
            Remedy.USUAL_MARKS,
        ),
    ],
)
def test_each_cause_has_its_remedy(tmp_path, requests, code, remedy):
    assert told(tmp_path, *requests) == {code: {remedy}}


def test_a_cause_that_cannot_be_undone_has_no_occurrence(tmp_path):
    blocks = [text(f"{n} {RULES}", marked=True) for n in range(5)]
    assert told(tmp_path, claude(blocks, ASK))["PC221"] == set()


def test_a_message_where_system_text_stood_is_no_version_of_it(tmp_path):
    first = claude([text(RULES, marked=True), text("Memories: likes tea.")], ASK)
    second = claude([text(RULES, marked=True)], user("Now?"), REPLY, AGAIN)
    found = told(tmp_path, first, second)
    assert all(remedies <= {Remedy.MOVED} for remedies in found.values())


def test_a_record_is_named_by_file_and_byte(tmp_path):
    requests = [body(system(f"Now 2026-03-02 10:15:0{n}. {RULES}"), user(f"{n}?")) for n in (1, 2)]
    report = audit(tmp_path, requests)
    recordings: list = []
    path = Path(report.files[0].path)
    run_audit(AuditRequest(paths=(path,), at=AT), recordings.append)
    (cause,) = recordings[0].causes
    (one,) = cause.occurrences
    line = path.read_bytes().index(b"\n") + 1
    assert (one.was, one.now) == ((str(path), 0), (str(path), line))
    assert (one.block, one.in_turn) == (0, False)
    assert one.kept == len(requests[0]["messages"][0]["content"]) - 1


NEVER_UNDONE = frozenset({"PC221", "PC222", "PC223", "PC224"})  # refused, or ignored as too short


@pytest.mark.parametrize(
    ("code", "example"),
    [(rule.code, example) for rule in request_rules() for example in rule.bad],
)
def test_every_rule_says_how_its_bad_examples_are_undone(tmp_path, code, example):
    path = tmp_path / "log.jsonl"
    path.write_bytes(example.data)
    recordings: list = []
    run_audit(AuditRequest(paths=(path,), at=AT), recordings.append)
    found = [cause for cause in recordings[0].causes if cause.code == code]
    assert found
    assert {bool(cause.occurrences) for cause in found} == {code not in NEVER_UNDONE}
