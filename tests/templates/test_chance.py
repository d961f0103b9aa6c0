"""Another chance draws another item from any short list."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.templates.chance import drawn, other_chance
from promptcost.templates.names import Kind


@given(seed=st.integers(0, 10_000), size=st.integers(2, 20))
def test_first_draw_is_another_item(seed, size):
    one, two = Random(seed), Random(other_chance(seed))  # noqa: S311 - no secret
    assert one.choice(range(size)) != two.choice(range(size))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("{{ names | random }}", {Kind.RANDOM}),
        ("{{ lipsum(2) }}", {Kind.RANDOM}),
        ("{{ random }}", set()),
        ("{{ names | randomly }}", set()),
        ("lipsum", set()),
        ("{{ names | first }}", set()),
    ],
)
def test_filters_and_functions_that_draw_are_known(text, kinds):
    assert drawn(text) == kinds
