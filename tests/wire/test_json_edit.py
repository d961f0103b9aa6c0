"""Edits keep the spelling and the spacing of all that they do not change."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.wire.json_edit import (
    TextEdit,
    made,
    moved,
    overlap,
    reordered,
    with_element,
    with_member,
    without,
)
from promptcost.wire.json_path import elements, members


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{"k": 1}'),
        ("{ }", '{"k": 1 }'),
        ('{"a": 0}', '{"a": 0, "k": 1}'),
        ('{"a":0}', '{"a":0,"k":1}'),
        ('{"a":0,"b":2}', '{"a":0,"b":2,"k":1}'),
        ('{"a" : 0 , "b" : 2 }', '{"a" : 0 , "b" : 2 , "k" : 1 }'),
        ('{\n  "a": 0\n}', '{\n  "a": 0,\n  "k": 1\n}'),
        (
            '{\r\n\t"a": "x:y",\r\n\t"b": []\r\n}',
            '{\r\n\t"a": "x:y",\r\n\t"b": [],\r\n\t"k": 1\r\n}',
        ),
        ('{"a:": 0}', '{"a:": 0, "k": 1}'),
    ],
)
def test_a_member_is_added_last_and_spaced_like_the_others(text, expected):
    assert made(text, [with_member(text, 0, "k", "1")]) == expected


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ("[1]", 0, "[1, 9]"),
        ("[1,2]", 0, "[1,9,2]"),
        ("[1, 2]", 1, "[1, 2, 9]"),
        ("[\n  1,\n  2\n]", 1, "[\n  1,\n  2,\n  9\n]"),
        ("[\n  1\n]", 0, "[\n  1,\n  9\n]"),
    ],
)
def test_an_element_is_added_behind_another(text, index, expected):
    assert made(text, [with_element(text, 0, index, "9")]) == expected


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        ("[1]", 0, "[]"),
        ("[ 1 , 2 , 3 ]", 0, "[ 2 , 3 ]"),
        ("[ 1 , 2 , 3 ]", 1, "[ 1 , 3 ]"),
        ("[ 1 , 2 , 3 ]", 2, "[ 1 , 2 ]"),
        ("[\n  1,\n  2\n]", 1, "[\n  1\n]"),
    ],
)
def test_a_part_is_removed_with_one_comma(text, index, expected):
    ranges = list(elements(text, 0))
    assert made(text, [without(ranges, index)]) == expected


def test_what_moves_keeps_its_spelling_and_what_stays_is_not_touched():
    text = r'{"b": 1.0, "caf\u00e9": {"y":  2}, "a": [1e5]}'
    found = list(members(text, 0))
    edits = reordered(text, found, ["a", "café", "b"], [])
    assert made(text, edits) == r'{"a": [1e5], "caf\u00e9": {"y":  2}, "b": 1.0}'
    assert len(edits) == 2


def test_members_that_are_not_named_keep_their_places():
    text = '{"b": 1, "mark": {}, "a": 2, "null": null}'
    edits = reordered(text, list(members(text, 0)), ["a", "b"], [])
    assert made(text, edits) == '{"a": 2, "mark": {}, "b": 1, "null": null}'


@pytest.mark.parametrize("keys", [["a", "c"], ["a", "b"]])
def test_a_key_that_is_missing_or_doubled_is_not_reordered(keys):
    text = '{"b": 1, "a": 2, "a": 3}'
    assert reordered(text, list(members(text, 0)), keys, []) is None


def test_edits_inside_of_what_moves_are_made_on_the_way():
    text = '[{"a": 1}, {"b": 2}, {"c": 3}]'
    slots = list(elements(text, 0))
    inner = TextEdit(text.index("2"), text.index("2") + 1, "22")
    outer = TextEdit(text.index("3"), text.index("3") + 1, "33")
    edits = moved(text, slots, [slots[1], slots[0], slots[2]], [inner, outer])
    assert made(text, edits) == '[{"b": 22}, {"a": 1}, {"c": 33}]'
    assert outer in edits


def test_overlapping_edits_are_told():
    assert overlap([TextEdit(0, 3, ""), TextEdit(2, 4, "")])
    assert not overlap([TextEdit(0, 2, ""), TextEdit(2, 2, "x"), TextEdit(2, 4, "")])


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=5)
STYLES = st.sampled_from([{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])


@given(OBJECTS, STYLES, st.text(), VALUES)
def test_adding_and_removing_a_member_of_any_object(value, style, key, item):
    text = json.dumps({k: v for k, v in value.items() if k != key}, **style)
    added = made(text, [with_member(text, 0, key, json.dumps(item))])
    assert json.loads(added) == {**json.loads(text), key: item}
    found = list(members(added, 0))
    ranges = [(member.start, member.end) for member in found]
    assert json.loads(made(added, [without(ranges, len(ranges) - 1)])) == json.loads(text)


@given(st.data(), OBJECTS, STYLES)
def test_any_order_of_any_object(data, value, style):
    text = json.dumps(value, **style)
    keys = data.draw(st.permutations(list(value)))
    turned = made(text, reordered(text, list(members(text, 0)), keys, []))
    assert json.loads(turned) == value
    assert list(json.loads(turned)) == keys
    assert sorted(turned) == sorted(text)
