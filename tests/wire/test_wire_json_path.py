from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.wire import read_stream, span_of
from promptcost.wire.json_path import join, join_paths, locate, steps

TEXT = '{ "a" : [ 1 , {"b": "x\\"]", "c d": [] } ], "a b": {"": 5}, "e": "1", "e": "2" }'


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("", json.loads(TEXT)),
        ("a[0]", 1),
        ("a[1].b", 'x"]'),
        ('a[1]["c d"]', []),
        ('["a b"][""]', 5),
        ("e", "2"),
    ],
)
def test_values_are_found_where_they_stand(path, value):
    found = locate(TEXT, path)
    assert found is not None
    assert json.loads(TEXT[found[0] : found[1]]) == value


@pytest.mark.parametrize(
    "path", ["b", "a[2]", "a.b", "a[0][0]", "e[0]", 'a[1]["c d"][0]', "a[0].b"]
)
def test_values_that_are_not_there_are_not_found(path):
    assert locate(TEXT, path) is None


@settings(deadline=None)
@given(st.lists(st.text() | st.integers(0, 99), max_size=6))
def test_paths_are_read_back(keys):
    path = ""
    for key in keys:
        path = join(path, key)
    assert list(steps(path)) == keys


@pytest.mark.parametrize(
    ("outer", "inner", "path"),
    [("", "a", "a"), ("a", "", "a"), ("a", "b", "a.b"), ("a", "[0]", "a[0]")],
)
def test_paths_are_joined(outer, inner, path):
    assert join_paths(outer, inner) == path


def test_the_place_of_a_text_in_the_file_is_found():
    body = '{"messages":[{"role":"user","content":"Grüße 🎈"}]}'
    data = f'\n{{"é": 1, "request": {body}}}\n'.encode()
    stream = BytesIO(data)
    (request,) = read_stream(stream, "log.jsonl")
    span = span_of(stream, request, "messages[0].content")
    assert span is not None
    assert data[span.start : span.end].decode() == '"Grüße 🎈"'
    assert span.source == "log.jsonl"


def test_a_body_inside_a_string_has_no_place_of_its_own():
    body = json.dumps({"messages": [{"role": "user", "content": "Hi"}]})
    stream = BytesIO(json.dumps({"body": body}).encode())
    (request,) = read_stream(stream, "log.jsonl")
    assert span_of(stream, request, "messages[0].content") is None
