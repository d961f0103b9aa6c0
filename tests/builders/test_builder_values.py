"""Values survive the way into a builder's process."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.builders.values import Record, packed, unpacked

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.frozensets(st.integers()).map(set)
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


@given(_VALUES)
def test_what_is_packed_comes_out_equal(value):
    assert unpacked(json.loads(json.dumps(packed(value)))) == value


def test_moments_keep_their_zone():
    moment = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert unpacked(packed([moment, date(2026, 1, 5)])) == [moment, date(2026, 1, 5)]


def test_texts_with_a_life_of_their_own_become_plain():
    class Loud(str):
        __slots__ = ()

        def __str__(self):
            return "LOUD"

    assert type(packed(Loud("quiet"))) is str
    assert packed(Loud("quiet")) == "quiet"


def test_what_json_cannot_hold_becomes_its_text():
    assert packed(1j) == "1j"


def test_keys_are_attributes_too():
    record = unpacked(packed({"user": {"name": "Ada"}}))
    assert record.user.name == record["user"]["name"] == "Ada"


def test_a_missing_key_is_a_missing_attribute():
    with pytest.raises(AttributeError, match="name"):
        Record().name  # noqa: B018 - reading it is the test
