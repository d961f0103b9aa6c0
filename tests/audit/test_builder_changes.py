"""Which characters of a prompt another prompt has otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.audit.builders.changes import changed, is_reordered, joined

_LONG = "one\n" * 1_200


@pytest.mark.parametrize(
    ("base", "other", "ranges"),
    [
        ("same", "same", []),
        ("", "", []),
        ("at 09:30:15.", "at 09:30:16.", [(9, 11)]),
        ("at 09:30:15.", "at 09:31:15.", [(6, 8)]),
        ("user 1001 asks", "user 1002 asks", [(5, 9)]),
        ("a b", "a new b", [(2, 2)]),
        ("a old b", "a b", [(2, 6)]),
        ("ends", "ends here", [(4, 4)]),
        ("", "new", [(0, 0)]),
        ("one\ntwo\nthree", "one\n2\nthree", [(4, 7)]),
        ("x=1\ny=1\n", "x=2\ny=2\n", [(2, 3), (6, 7)]),
        ("größe 1", "größe 2", [(6, 7)]),
        (f"1\n{_LONG}1\n", f"2\n{_LONG}2\n", [(0, 4_803)]),
    ],
)
def test_changed_words(base, other, ranges):
    assert changed(base, other) == ranges


_TEXT = st.text(alphabet="ab1 \n.", max_size=60)


@given(_TEXT, _TEXT)
def test_what_is_outside_of_changes_is_in_both(base, other):
    kept, last = [], 0
    for start, end in changed(base, other):
        kept.append(base[last:start])
        last = end
    kept.append(base[last:])
    at = 0
    for part in kept:
        at = other.index(part, at) + len(part)


@given(_TEXT, _TEXT)
def test_changes_are_in_order_and_do_not_overlap(base, other):
    edges = [edge for each in changed(base, other) for edge in each]
    assert edges == sorted(edges)
    assert bool(edges) is (base != other)


@pytest.mark.parametrize(
    ("gap", "lines", "expected"),
    [
        (0, True, [(0, 1), (2, 3), (5, 6)]),
        (1, True, [(0, 3), (5, 6)]),
        (2, True, [(0, 6)]),
        (9, False, [(0, 3), (5, 6)]),
    ],
)
def test_close_changes_are_one(gap, lines, expected):
    assert joined([(5, 6), (0, 1), (2, 3)], "a b\n\nc", gap, lines=lines) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a, b", "b, a", True),
        ("a, b", "a, b", False),
        ("a, b", "a, c", False),
        ("a, b", "b a", False),
    ],
)
def test_the_same_words_in_another_order(one, other, expected):
    assert is_reordered(one, other) is expected
