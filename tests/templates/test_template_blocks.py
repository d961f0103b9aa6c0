from __future__ import annotations

import pytest
from templates.making import source_of

from promptcost.model.span import Span
from promptcost.templates.blocks import Blocks


def around(text, needle, **choices):
    blocks = Blocks(source_of(text, **choices))
    start = text.index(needle)
    arms = blocks.around(Span(source="main.j2", start=start, end=start + len(needle)))
    return [arm.text for arm in arms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X", []),
        ("{% if a %}X{% endif %}", ["if a"]),
        ("{% if a %}b{% endif %}X", []),
        ("{%- if a -%}b{%- else -%}X{%- endif -%}", ["not if a"]),
        ("{% if a %}b{% elif c %}X{% endif %}", ["elif c"]),
        ("{% if a %}b{% elif c %}d{% else %}X{% endif %}", ["not elif c"]),
        ("{% for x in y %}{% if a %}X{% endif %}{% endfor %}", ["for x in y", "if a"]),
        ("{% for x in y %}{% if a %}b{% endif %}X{% endfor %}", ["for x in y"]),
        ("{# {% if a %} #}X", []),
        ("{% raw %}{% if a %}{% endraw %}X", []),
        ("{% raw %}{% if a %}X", []),
        ("{% else %}{% endif %}X", []),
        ("{% set x = 1 %}X", []),
    ],
)
def test_arms_around_a_place(text, expected):
    assert around(text, "X") == expected


def test_custom_delimiters_are_read():
    assert around("<% if a %>X<% endif %>", "X", block=("<%", "%>")) == ["if a"]


def parting(text):
    blocks = Blocks(source_of(text))
    first, second = text.index("X"), text.index("Y")
    arm = blocks.parting(
        Span(source="main.j2", start=first, end=first + 1),
        Span(source="main.j2", start=second, end=second + 1),
    )
    return None if arm is None else (arm.text, text[arm.tag.start : arm.tag.end])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X Y", None),
        ("{% if a %}X{% else %}Y{% endif %}", ("if a", "{% if a %}")),
        ("{% if a %}X{% endif %}Y", ("if a", "{% if a %}")),
        ("Y{% if a %}{% if b %}X{% endif %}{% endif %}", ("if a", "{% if a %}")),
        (
            "{% for m in n %}{% if a %}{% if b %}X{% endif %}{% else %}Y{% endif %}{% endfor %}",
            ("if a", "{% if a %}"),
        ),
        ("{% if a %}X{% endif %}{% if b %}Y{% endif %}", ("if a", "{% if a %}")),
    ],
)
def test_condition_that_parts_two_places(text, expected):
    assert parting(text) == expected


def test_places_of_other_files_have_no_arms():
    blocks = Blocks(source_of("{% if a %}X{% endif %}"))
    assert blocks.around(Span(source="other.j2", start=11, end=12)) == ()
