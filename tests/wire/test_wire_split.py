from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.wire import _split


@pytest.mark.parametrize(
    ("data", "pieces"),
    [
        (b'{"a":"}"}', [b'{"a":"}"}']),
        (rb'{"a":"\"}"} {"b":[{}]}', [rb'{"a":"\"}"}', b'{"b":[{}]}']),
        (b'[[{"a":1}],{"b":2}]', [b'{"a":1}', b'{"b":2}']),
        (b'["{", {"a":1}]', [b'{"a":1}']),
        (b']}{"a":1}', [b'{"a":1}']),
        (b'{"a":', [b'{"a":']),
        (b"", []),
    ],
)
def test_outermost_objects_are_cut_out(data, pieces):
    assert [piece.data for piece in _split.objects(BytesIO(data), 100)] == pieces


def test_an_object_that_stays_open_is_cut_at_the_end():
    (piece,) = _split.objects(BytesIO(b' {"a":[1'), 100)
    assert (piece.data, piece.start, piece.size) == (b'{"a":[1', 1, 7)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_chunks_do_not_change_the_cut(monkeypatch, chunk):
    monkeypatch.setattr(_split, "_CHUNK", chunk)
    data = b'[\n{"a":"\\\\\\"{"},\n{"b":"' + b"x" * 30 + b'"}\n,{"c":[]}]'
    found = [
        (piece.data, piece.line, piece.start, piece.size, piece.oversized)
        for piece in _split.objects(BytesIO(data), 20)
    ]
    assert found == [
        (b'{"a":"\\\\\\"{"}', 2, 2, 13, False),
        (b"", 3, 17, 38, True),
        (b'{"c":[]}', 4, 57, 8, False),
    ]


@pytest.mark.parametrize("chunk", [1, 5, 64])
def test_long_lines_are_skipped_in_chunks(monkeypatch, chunk):
    monkeypatch.setattr(_split, "_CHUNK", chunk)
    data = b"one\n" + b"x" * 50 + b"\n\nthree"
    found = [
        (piece.data, piece.line, piece.start, piece.size, piece.oversized)
        for piece in _split.lines(BytesIO(data), 10)
    ]
    assert found == [
        (b"one\n", 1, 0, 4, False),
        (b"", 2, 4, 51, True),
        (b"three", 4, 56, 5, False),
    ]


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_cut_into_pieces_that_stand_where_they_say(data, limit):
    for cut in (_split.lines, _split.objects):
        for piece in cut(BytesIO(data), limit):
            assert piece.oversized or piece.data == data[piece.start : piece.start + piece.size]
            assert len(piece.data) <= limit
            assert piece.line == 1 + data.count(b"\n", 0, piece.start)
