from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from promptcost.templates.marks import Ends, tags

PAIRS = [("{#", "#}"), ("{{", "}}"), ("{%", "%}")]


def test_tags_are_found_from_mark_to_mark():
    text = "a{{ b }}c{# {{ #}{% d %}}}"
    assert [text[start:end] for start, end in tags(text, PAIRS)] == [
        "{{ b }}",
        "{# {{ #}",
        "{% d %}",
    ]


def test_a_mark_that_is_never_closed_hides_no_other():
    assert list(tags("{# {{ a }} {# {% b %}", PAIRS)) == [(3, 10), (14, 21)]


def test_marks_of_ones_own_are_taken_literally():
    assert list(tags("$(a) [[b]]", [("$(", ")"), ("[[", "]]")])) == [(0, 4), (5, 10)]


def test_a_mark_missing_behind_one_place_is_not_looked_for_again():
    text = "a}} b"
    ends = Ends(text)
    assert ends.after("}}", 0) == 1
    assert ends.after("}}", 3) is None
    assert ends.after("}}", 3) is None


@given(st.text(st.sampled_from("{}#%a\n"), max_size=40))
def test_tags_are_those_of_the_obvious_expression(text):
    obvious = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
    assert list(tags(text, PAIRS)) == [found.span() for found in obvious.finditer(text)]
