"""Byte offsets and lines and columns are the same places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.model.span import LineIndex, Place, Span

TEXT = "a\ngrün 😀!\n\nlast"

sources = st.text(st.sampled_from("aß😀\u0301\r\n\t\ud800"), max_size=30)


@given(sources, st.integers(0, 30))
def test_a_character_has_one_place(text: str, count: int) -> None:
    head = text[:count]
    offset = len(head.encode("utf-8", "surrogatepass"))
    line, column = LineIndex(text).position(offset)
    assert line == head.count("\n") + 1
    assert column == len(head.rsplit("\n", 1)[-1]) + 1
    assert LineIndex(text).offset(line, column) == offset


@given(sources, st.integers(0, 120))
def test_every_byte_of_a_character_is_at_that_character(text: str, offset: int) -> None:
    index = LineIndex(text)
    start = index.offset(*index.position(offset))
    data = text.encode("utf-8", "surrogatepass")
    assert start <= offset
    assert len(data[start : min(offset, len(data))].decode("utf-8", "ignore")) == 0


@pytest.mark.parametrize(
    ("offset", "place"),
    [
        (-5, (1, 1)),
        (0, (1, 1)),
        (1, (1, 2)),
        (2, (2, 1)),
        (4, (2, 3)),
        (5, (2, 3)),
        (6, (2, 4)),
        (8, (2, 6)),
        (11, (2, 6)),
        (12, (2, 7)),
        (13, (2, 8)),
        (14, (3, 1)),
        (15, (4, 1)),
        (19, (4, 5)),
        (999, (4, 5)),
    ],
)
def test_offsets_become_lines_and_columns(offset: int, place: tuple[int, int]) -> None:
    assert LineIndex(TEXT).position(offset) == place


def test_a_line_is_returned_without_its_end() -> None:
    assert [LineIndex(TEXT).line(number) for number in (1, 2, 3, 4)] == [
        "a",
        "grün 😀!",
        "",
        "last",
    ]


def test_only_line_feeds_end_lines() -> None:
    assert LineIndex("a\r\x0b\u2028b").position(8) == (1, 6)


def test_a_span_becomes_a_place() -> None:
    place = LineIndex(TEXT).place(Span(source="f.j2", start=2, end=14))
    assert place == Place(path="f.j2", start_line=2, start_column=1, end_line=3, end_column=1)
    assert str(place) == "f.j2:2:1"


def test_places_are_in_order() -> None:
    first = Place(path="f", start_line=2, start_column=9, end_line=2, end_column=9)
    second = Place(path="f", start_line=10, start_column=1, end_line=10, end_column=2)
    assert sorted([second, first]) == [first, second]


def test_a_span_is_half_open() -> None:
    span = Span(source="f", start=2, end=4)
    assert len(span) == 2
    assert [offset in span for offset in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3)])
def test_a_reversed_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not a range"):
        Span(source="f", start=start, end=end)
