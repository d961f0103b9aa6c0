from __future__ import annotations

import pytest
from templates.making import ready

from promptcost.templates import ConditionKind, Limits
from promptcost.templates.variants import plan_variants

CHAIN = "{% if a %}A{% elif b %}B{% else %}C{% endif %}"


def texts(text, context, limit=8):
    template = ready(text)
    base = template.render(context, Limits())
    plans = template.variants(limit, base.arms)
    return [template.render(context, Limits(), forced=plan).text for plan in plans]


def test_conditions_are_numbered_with_their_place_and_surroundings():
    text = "{% if a %}{{ x if c else y }}{% elif b %}{% else %}{% if d %}{% endif %}{% endif %}"
    conditions = ready(text).conditions
    assert [(c.number, c.kind, c.earlier, c.within) for c in conditions] == [
        (0, ConditionKind.IF, (), ()),
        (1, ConditionKind.INLINE, (), ((0, True),)),
        (2, ConditionKind.ELIF, (0,), ()),
        (3, ConditionKind.IF, (), ((0, False), (2, False))),
    ]
    assert [text[c.span.start : c.span.end] for c in conditions] == [
        "{% if a %}", "{{ x if c else y }}", "{% elif b %}", "{% if d %}",
    ]  # fmt: skip
    assert [c.text for c in conditions] == ["if a", "x if c else y", "elif b", "if d"]


def test_taken_arms_are_known():
    assert ready(CHAIN).render({"b": 1}, Limits()).arms == {(0, False), (1, True)}
    assert ready(CHAIN).render({"a": 1}, Limits()).arms == {(0, True)}


@pytest.mark.parametrize(
    ("forced", "text"),
    [({0: True}, "A"), ({0: False, 1: True}, "B"), ({0: False, 1: False}, "C"), ({}, "A")],
)
def test_forced_conditions_decide(forced, text):
    assert ready(CHAIN).render({"a": 1}, Limits(), forced=forced).text == text


def test_forcing_ends_with_the_render():
    template = ready(CHAIN)
    template.render({}, Limits(), forced={0: True})
    assert template.render({}, Limits()).text == "C"


def test_variants_reach_each_untaken_arm():
    assert texts(CHAIN, {}) == ["A", "B"]
    assert texts("{% if a %}A{% if b %}B{% endif %}{% endif %}", {}) == ["A", "AB", "A"]
    assert texts("{{ 'A' if a }}{{ 'B' if b }}", {"a": 1}) == ["", "AB"]


def test_variants_share_a_render_where_there_are_too_many():
    text = "{% if a %}A{% endif %}{% if b %}B{% endif %}{% if c %}C{% elif d %}D{% endif %}"
    assert texts(text, {}, limit=3) == ["ABC", "D", ""] or texts(text, {}, limit=3) == ["ABC", "D"]
    assert texts(text, {}, limit=1) == ["ABC"]


def test_arms_that_end_the_render_are_left_out():
    text = (
        "{% if a %}{{ raise_exception('x') }}{% elif b %}B"
        "{% else %}{{ raise_exception('y') }}{% endif %}"
    )
    template = ready(text)
    assert [c.refuses for c in template.conditions] == [(True,), (False,)]
    assert plan_variants(template.conditions, 8, frozenset()) == (
        {0: False},
        {0: False, 1: True},
    )


def test_conditions_of_included_templates_are_known_after_a_render(tmp_path):
    (tmp_path / "part.j2").write_text("{% if a %}A{% endif %}")
    template = ready("{% include 'part.j2' %}", tmp_path)
    assert template.conditions == ()
    template.render({}, Limits())
    assert [c.span.source for c in template.conditions] == [str(tmp_path / "part.j2")]
    assert template.render({}, Limits(), forced={0: True}).text == "A"


def test_inline_conditions_without_else_print_nothing_when_false():
    assert ready("[{{ 'x' if a }}]").render({}, Limits()).text == "[]"
