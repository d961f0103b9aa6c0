from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from promptcost.audit import AuditRequest, run_audit
from promptcost.audit.series.find import find_logs

REQUEST = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]})


def test_files_are_taken_by_suffix_whatever_they_hold(tmp_path):
    names = ["a.jsonl", "b.ndjson", "c.JSON", "d.j2"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("{}", encoding="utf-8")
    logs = find_logs(paths)
    assert [path.name for path in logs.files] == names[:3]
    assert logs.rest == (paths[3],)


def test_a_file_that_does_not_exist_is_left_to_others(tmp_path):
    missing = tmp_path / "a.jsonl"
    logs = find_logs([missing])
    assert (logs.files, logs.rest) == ((), (missing,))


def test_files_in_directories_are_taken_by_content(tmp_path):
    (tmp_path / "log.jsonl").write_text(REQUEST, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    (tmp_path / "usage.jsonl").write_text('{"usage": {"input": 1}}\n' * 9, encoding="utf-8")
    skipped = tmp_path / "node_modules"
    skipped.mkdir()
    (skipped / "log.jsonl").write_text(REQUEST, encoding="utf-8")
    logs = find_logs([tmp_path])
    assert [path.name for path in logs.files] == ["log.jsonl"]
    assert logs.rest == (tmp_path,)
    assert logs.directories == {str(tmp_path)}


def test_a_directory_of_logs_and_templates_is_audited_whole(tmp_path):
    (tmp_path / "log.jsonl").write_text(REQUEST, encoding="utf-8")
    request = AuditRequest(paths=(tmp_path,), at=datetime(2026, 11, 20, tzinfo=UTC))
    only_logs = run_audit(request)
    assert ([Path(one.path).name for one in only_logs.files], only_logs.problems) == (
        ["log.jsonl"],
        (),
    )
    (tmp_path / "prompt.j2").write_text("Hello {{ name }}", encoding="utf-8")
    both = run_audit(request)
    assert [Path(one.path).name for one in both.files] == ["prompt.j2", "log.jsonl"]


def test_a_directory_without_logs_is_left_to_others(tmp_path):
    logs = find_logs([tmp_path])
    assert (logs.files, logs.rest, logs.directories) == ((), (tmp_path,), frozenset())


def test_a_huge_json_file_in_a_directory_is_not_looked_into(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.find._LARGEST_SNIFFED", 10)
    (tmp_path / "big.json").write_text(REQUEST, encoding="utf-8")
    (tmp_path / "big.jsonl").write_text(REQUEST, encoding="utf-8")
    assert [path.name for path in find_logs([tmp_path]).files] == ["big.jsonl"]


def test_a_named_file_of_any_suffix_is_taken_by_content(tmp_path):
    texts = {"a.log": REQUEST, "b.txt": f"\n[{REQUEST}]", "c.txt": "{not json", "d.md": "Hello"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in texts]
    logs = find_logs(paths)
    assert (logs.files, logs.rest) == (tuple(paths[:2]), tuple(paths[2:]))


def test_packed_logs_archives_and_plain_logs_are_found_in_directories(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(REQUEST.encode()))
    (tmp_path / "b.har").write_text(f'{{"log": {{"entries": [{REQUEST}]}}}}', encoding="utf-8")
    (tmp_path / "c.log").write_text(REQUEST, encoding="utf-8")
    (tmp_path / "d.log").write_text("started\nstopped\n", encoding="utf-8")
    (tmp_path / "e.tar.gz").write_bytes(gzip.compress(REQUEST.encode()))
    assert [path.name for path in find_logs([tmp_path]).files] == ["a.jsonl.gz", "b.har", "c.log"]


def test_a_packed_file_that_is_damaged_is_answered(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(REQUEST.encode())[:-9])
    report = run_audit(AuditRequest(paths=(path,), at=datetime(2026, 11, 20, tzinfo=UTC)))
    [answer] = report.files
    assert "damaged or cut off" in answer.reason


def test_a_named_file_that_is_packed_otherwise_is_left_to_others(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"PK\x03\x04")
    assert find_logs([path]).rest == (path,)


def test_findings_in_a_packed_log_name_its_lines(tmp_path):
    rules = "Keep answers short and name the file you mean. " * 200
    bodies = [
        {
            "model": "gpt-5",
            "messages": [{"role": "system", "content": f"It is 10:15:0{n}. {rules}"}],
        }
        for n in range(2)
    ]
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, bodies)).encode()))
    report = run_audit(AuditRequest(paths=(path,), at=datetime(2026, 11, 20, tzinfo=UTC)))
    [finding] = report.files[0].findings
    assert (finding.code, finding.place.start_line, finding.place.start_column) == ("PC202", 2, 1)


def test_a_pipe_of_any_name_is_not_looked_into(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert find_logs([pipe]).rest == (pipe,)
