from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.audit.repair.check import only_moved, sentences
from promptcost.audit.repair.made import difference, edited
from promptcost.audit.repair.origin import of_original
from promptcost.model.finding import Edit

texts = st.text(alphabet="aé\n", max_size=12)


def edit(start, end, replacement=""):
    return Edit(path="p", start=start, end=end, replacement=replacement)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc", "b\nc\na"),
        ("a\n\nb\nc", "b\nc\n\na\n"),
        ("x\na\nb\nc\nd", "x\nc\na\nb\nd"),
        ("a\nb\na\nc", "b\nc\na\na"),
        ("a\nb", "a\nb"),
    ],
)
def test_lines_that_moved_back_are_the_same_text(before, after):
    assert only_moved(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc", "b\nc\na "),
        ("a\nb\nc", "c\nb\na"),
        ("ab\nc", "a\nc\nb"),
        ("a\nb", "b"),
        ("a\nb\nc\nd", "d\na\nc\nb"),
    ],
)
def test_other_changes_are_not(before, after):
    assert not only_moved(before, after)


def test_sentences_of_a_line_may_move_too():
    assert only_moved("A. B is.\nC.", "A.\nC.\nB is.", sentences)
    assert not only_moved("A. B is.\nC.", "A.\nC.\nB  is.", sentences)
    assert not only_moved("A. B is.\nC.", "A.\nC.\nB is.")


@pytest.mark.parametrize(
    ("made", "later", "expected"),
    [
        ([edit(0, 2), edit(6, 6, "ab")], [edit(0, 1)], [edit(2, 3)]),
        ([edit(0, 2), edit(6, 6, "ab")], [edit(4, 4, "x")], [edit(6, 6, "x")]),
        ([edit(2, 4)], [edit(1, 3)], [edit(1, 2), edit(4, 5)]),
        ([], [edit(1, 2, "x")], [edit(1, 2, "x")]),
        ([edit(6, 6, "ab")], [edit(8, 8, "x")], [edit(6, 6, "x")]),
        ([edit(6, 6, "ab")], [edit(5, 7)], None),
        ([edit(6, 6, "abc")], [edit(7, 7, "x")], None),
    ],
)
def test_later_edits_are_told_of_the_original(made, later, expected):
    assert of_original(later, made, 6) == expected


@given(texts, texts)
def test_difference_leads_from_one_text_to_the_other(one, other):
    assert edited(one, difference("p", one, other)) == other


def test_difference_leaves_equal_lines_alone():
    assert difference("p", "é\nb\nc\n", "é\nx\nc\n") == [edit(3, 5, "x\n")]
