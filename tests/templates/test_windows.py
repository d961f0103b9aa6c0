"""The widest window over a history that a template shows."""

from __future__ import annotations

import pytest

from promptcost.templates.windows import rounds_to_fill


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("{% for m in messages[-6:] %}", 6),
        ("{{ history[ -3 : ] }} {{ (notes | list)[-12:] }}", 12),
        ("{{ messages[-1] }}", 0),
        ("{{ messages[:-2] }}", 0),
        ("{{ messages[-5000:] }}", 0),
        ("{{ messages[-500:] }}", 0),
        ("{{ messages }}", 0),
    ],
)
def test_widest_window_that_can_be_filled(text, rounds):
    assert rounds_to_fill(text) == rounds
