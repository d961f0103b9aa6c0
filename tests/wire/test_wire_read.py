from __future__ import annotations

import json
import os

import pytest
from wire.reading import items, problems

from promptcost.errors import Level, Problem
from promptcost.wire import ReadLimits, WireRequest, _draft, read_requests

LINE = b'{"model":"gpt-5","messages":[{"role":"user","content":"Hi"}]}'
SMALL = ReadLimits(record_bytes=200, depth=20, values=50, reported=3)


def shape(found: list) -> list[str]:
    return [type(item).__name__ for item in found]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (LINE, [1]),
        (LINE + b"\n", [1]),
        (b"\xef\xbb\xbf" + LINE + b"\n", [1]),
        (b"\n\r\n" + LINE + b"\r\n\n" + LINE, [3, 5]),
        (b"[" + LINE + b",\n " + LINE + b"]", [1, 2]),
        (b"\n[\n" + LINE + b",\n" + LINE + b"\n]\n", [3, 4]),
        (json.dumps(json.loads(LINE), indent=2).encode(), [1]),
        (LINE.replace(b",", b",\n") + b"\n" + LINE.replace(b",", b",\n"), [1, 4]),
        (b'{"requests":[' + LINE + b"," + LINE + b"]}", [1, 1]),
    ],
)
def test_objects_arrays_and_lines_are_read(data, lines):
    found = items(data, source="log.json")
    assert shape(found) == ["WireRequest"] * len(lines)
    assert [item.line for item in found] == lines


def test_the_span_of_a_record_is_its_bytes():
    first, second = items(b"\xef\xbb\xbf" + LINE + b"\n" + LINE)
    assert (first.span.start, first.span.end) == (3, 4 + len(LINE))
    assert (second.span.start, second.span.end) == (4 + len(LINE), 4 + 2 * len(LINE))


def test_a_broken_line_costs_only_itself():
    found = items(LINE + b'\n{"messages": [}\n' + LINE)
    assert shape(found) == ["WireRequest", "Problem", "WireRequest"]
    assert (found[1].line, found[1].column) == (2, 15)


def test_a_broken_first_line_of_a_log_costs_only_itself():
    assert shape(items(b"{oops\n" + LINE)) == ["Problem", "WireRequest"]


def test_a_broken_document_is_a_problem_with_its_place():
    (problem,) = problems(b'{\n "messages": [,]\n}\n', source="body.json")
    assert (problem.line, problem.column) == (2, 15)
    assert problem.message.startswith("not valid JSON")


@pytest.mark.parametrize("source", ["log.jsonl", "body.json"])
def test_a_record_that_is_cut_off_says_so(source):
    found = items(LINE + b"\n" + LINE[:-9], source=source)
    assert shape(found) == ["WireRequest", "Problem"]
    assert (found[1].message, found[1].line) == ("the record is cut off", 2)


def test_a_record_cut_off_inside_a_log_costs_only_itself():
    found = items(LINE[:-4] + b"\n" + LINE)
    assert shape(found) == ["Problem", "WireRequest"]
    assert found[0].message == "the record is cut off"


def test_a_cut_array_keeps_what_is_whole():
    found = items(b"[" + LINE + b"," + LINE[:20])
    assert shape(found) == ["WireRequest", "Problem"]
    assert found[1].message == "the record is cut off"


@pytest.mark.parametrize(
    "data",
    [
        LINE + b"\n" + b'{"messages":["' + b"x" * 500 + b'"]}\n' + LINE,
        b"[" + LINE + b',\n{"messages":["' + b"x" * 500 + b'"]},\n' + LINE + b"]",
    ],
)
def test_a_record_above_the_limit_is_skipped_with_its_size(data):
    found = items(data, SMALL)
    assert shape(found) == ["WireRequest", "Problem", "WireRequest"]
    assert found[1].line == 2
    assert "above the limit" in found[1].message


def test_an_endless_first_line_is_refused():
    (problem,) = problems(b'{"a":"' + b"x" * 300_000, SMALL)
    assert "above the limit" in problem.message


@pytest.mark.parametrize("depth", [21, 5_000, 200_000])
def test_deep_nesting_is_refused(depth):
    data = b'{"messages":' + b"[" * depth + b"]" * depth + b"}"
    limits = ReadLimits(record_bytes=10**6, depth=20)
    (problem,) = problems(data, limits)
    assert problem.message == "nested deeper than 20 levels"


def test_nesting_up_to_the_limit_is_read():
    value: object = "x"
    for _ in range(12):
        value = [value]
    body = {"messages": [], "tools": [{"name": "f", "input_schema": value}]}
    assert shape(items(json.dumps(body).encode(), ReadLimits(depth=15))) == ["WireRequest"]


def test_brackets_in_strings_are_no_nesting():
    body = {"messages": [{"role": "user", "content": '["{\\"' * 300}]}
    assert shape(items(json.dumps(body).encode(), ReadLimits(depth=20))) == ["WireRequest"]


def test_a_swarm_of_values_is_refused():
    (problem,) = problems(b'{"messages":[' + b"{}," * 60 + b"{}]}", ReadLimits(values=50))
    assert problem.message == "the record may hold more than 50 values"


@pytest.mark.parametrize("message", [b'{"role":"user","content":"x"}', b"{}", b"5"])
def test_more_blocks_than_any_provider_takes_are_left_out(monkeypatch, message):
    monkeypatch.setattr(_draft, "MAX_BLOCKS", 5)
    (request,) = items(b'{"messages":[' + message + (b"," + message) * 20 + b"]}")
    assert len(request.blocks) <= 5
    left_out = "more than 5 blocks; left out from messages[5] on"
    assert left_out in [problem.message for problem in request.problems]


def test_what_is_left_out_is_said_once(monkeypatch):
    monkeypatch.setattr(_draft, "MAX_BLOCKS", 2)
    turn = b'{"role":"user","content":["a","b","c",{"text":"d"}]}'
    (request,) = items(b'{"messages":[' + turn + b"," + turn + b"]}")
    assert [problem.message for problem in request.problems] == [
        "messages[0].content[0] is not an object; left out",
        "messages[0].content[1] is not an object; left out",
        "more than 2 blocks; left out from messages[0].content[2] on",
    ]


def test_faults_inside_a_request_are_bounded():
    (request,) = items(b'{"messages":[' + b"5," * 29 + b"5]}")
    assert len(request.problems) == 21
    assert request.problems[-1].message == "10 more faults in this request"


def test_duplicate_keys_are_reported_and_the_last_counts():
    body = b'{"messages":[],"model":"a","model":"b","messages":[{"role":"user","content":"x"}]}'
    problem, request = items(body)
    assert problem.message == "2 keys are given twice; the last value counts"
    assert problem.level is Level.WARNING
    assert (request.model, len(request.blocks)) == ("b", 1)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"9" * 5000])
def test_numbers_that_json_or_python_refuse_are_a_problem(number):
    (problem,) = problems(b'{"messages":[],"n":' + number + b"}")
    assert problem.message == "not valid JSON: a number is not usable"


def test_bytes_that_are_no_utf8_are_replaced_and_reported():
    problem, request = items(LINE.replace(b"Hi", b"H\xff"))
    assert problem.message.startswith("not valid UTF-8")
    assert request.blocks[0].text == "H\ufffd"


@pytest.mark.parametrize("raw", [b"a\x00b", b"a\tb", b"a\\u0000b"])
def test_control_characters_in_strings_are_text(raw):
    assert shape(items(LINE.replace(b"Hi", raw))) == ["WireRequest"]


def test_utf16_is_named():
    (problem,) = problems(LINE.decode().encode("utf-16"))
    assert problem.message == "the file is UTF-16"


@pytest.mark.parametrize("data", [b"", b" \n\n", b"[]", b"[1, 2]"])
def test_a_file_without_an_object_is_a_problem(data):
    (problem,) = problems(data)
    assert problem.message == "holds no JSON object"


@pytest.mark.parametrize("data", [b'{"a":1}', b"5", b'"Hi"', b'{"input":"x","model":"embed"}'])
def test_a_file_of_other_records_is_a_problem(data):
    (problem,) = problems(b"\n" + data)
    assert problem.message.startswith("no record is a request of a known API (anthropic.messages,")
    assert problem.line == 2
    assert problem.level is Level.ERROR


def test_other_records_among_requests_are_counted():
    (problem,) = problems(LINE + b'\n{"choices":[]}\n' + LINE + b'\n{"choices":[]}\n')
    assert (problem.message, problem.line) == ("2 records hold no request", 2)
    assert problem.level is Level.WARNING


@pytest.mark.parametrize("data", [b"plain text\n" * 9, bytes(range(256)) * 9])
def test_what_is_not_json_is_a_problem(data):
    found = problems(data, SMALL)
    assert "not valid JSON" in found[0].message


def test_faults_beyond_a_few_are_counted():
    found = problems(b"oops\n" * 10, SMALL)
    assert [problem.line for problem in found] == [1, 2, 3, None]
    assert found[3].message == "7 more records have faults"


def test_messages_hold_no_prompt_text():
    secret = b'{"messages":[{"role":"user","content":"SECRET" "SECRET"}]}'
    assert all("SECRET" not in str(problem) for problem in problems(secret))


def test_records_out_of_time_order_are_reported_once():
    records = [
        json.dumps({"ts": 1795176000 + second, "request": json.loads(LINE)})
        for second in (5, 6, 4, 3, 9)
    ]
    (problem,) = problems("\n".join(records).encode())
    assert problem.message == "records are not in the order of their times"
    assert problem.line == 3


def test_files_are_read_by_path(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(LINE)
    (request,) = read_requests(path)
    assert isinstance(request, WireRequest)
    assert request.source == str(path)


def test_missing_files_and_folders_are_problems(tmp_path):
    (missing,) = read_requests(tmp_path / "no.jsonl")
    (folder,) = read_requests(tmp_path)
    assert isinstance(missing, Problem)
    assert missing.message == "cannot be read: No such file or directory"
    assert isinstance(folder, Problem)
    assert folder.message == "not a regular file"


def test_a_path_with_a_nul_is_a_problem(tmp_path):
    (problem,) = read_requests(tmp_path / "a\0b")
    assert isinstance(problem, Problem)
    assert problem.message.startswith("cannot be read")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    (problem,) = read_requests(tmp_path / "pipe.jsonl")
    assert isinstance(problem, Problem)
    assert problem.message == "not a regular file"


def test_messages_without_their_requests_are_named_as_such():
    (problem,) = problems(b'[{"role": "user", "content": "Hi"}]', source="talk.json")
    assert problem.message == (
        "holds the messages of a conversation, but not the requests that sent them"
    )
