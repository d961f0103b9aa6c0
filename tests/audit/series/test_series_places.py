from __future__ import annotations

import json

import pytest

from promptcost.audit.series.place import Locator
from promptcost.wire import WireRequest, read_requests

BODY = {"model": "gpt-5", "messages": [{"role": "user", "content": "hé"}]}


def place(path, json_path, number=0):
    requests = [item for item in read_requests(path) if isinstance(item, WireRequest)]
    locator = Locator()
    with path.open("rb") as stream:
        locator.opened(str(path), stream)
        found = locator.place(requests[number], json_path)
    return found.start_line, found.start_column, found.end_line, found.end_column


def test_a_value_in_a_line_of_its_own(tmp_path):
    path = tmp_path / "a.jsonl"
    line = json.dumps(BODY, ensure_ascii=False)
    path.write_text(f"{line}\n{line}\n", encoding="utf-8")
    start = line.index('"hé"') + 1
    assert place(path, "messages[0].content", 1) == (2, start, 2, start + 4)


def test_a_value_in_a_pretty_printed_file(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(BODY, indent=2, ensure_ascii=False), encoding="utf-8")
    assert place(path, "messages[0].content") == (6, 18, 6, 22)


def test_the_second_record_of_an_array_on_one_line(tmp_path):
    path = tmp_path / "a.json"
    text = json.dumps([BODY, BODY], ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    start = text.rindex('"hé"') + 1
    assert place(path, "messages[0].content", 1) == (1, start, 1, start + 4)


@pytest.mark.parametrize("gone", ["messages[0].name", "messages[0][3]", "messages[0].a.b"])
def test_what_is_gone_is_placed_at_what_held_it(gone, tmp_path):
    path = tmp_path / "a.jsonl"
    line = json.dumps(BODY)
    path.write_text(line + "\n", encoding="utf-8")
    assert place(path, gone)[:2] == (1, line.index('{"role"') + 1)


def test_what_cannot_be_found_is_placed_at_the_record(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(BODY) + "\n", encoding="utf-8")
    assert place(path, "system") == (1, 1, 1, 2)


def test_another_file_is_placed_at_the_record(tmp_path):
    path, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    path.write_text(json.dumps(BODY) + "\n", encoding="utf-8")
    other.write_text("\n", encoding="utf-8")
    [request] = [item for item in read_requests(path) if isinstance(item, WireRequest)]
    locator = Locator()
    with other.open("rb") as stream:
        locator.opened(str(other), stream)
        assert str(locator.place(request, "model")) == f"{path}:1:1"
