from __future__ import annotations

import pytest
from templates.making import ready, rendered

from promptcost.templates import Limits, RenderFailure, SourceKind

CHAT = SourceKind.CHAT_TEMPLATE


def test_tojson_keeps_order_and_escapes_nothing():
    context = {"t": {"b": "<é>", "a": [1, None]}}
    assert rendered("{{ t|tojson }}", context, kind=CHAT).text == '{"b": "<é>", "a": [1, null]}'
    assert rendered("{{ t|tojson }}", context).text == (
        '{"a": [1, null], "b": "\\u003c\\u00e9\\u003e"}'
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ("indent=1", '{\n "b": 1,\n "a": "é"\n}'),
        ("sort_keys=true", '{"a": "é", "b": 1}'),
        ("ensure_ascii=true", '{"b": 1, "a": "\\u00e9"}'),
        ("separators=(',', ':')", '{"b":1,"a":"é"}'),
    ],
)
def test_tojson_takes_the_arguments_of_the_real_one(arguments, text):
    context = {"t": {"b": 1, "a": "é"}}
    assert rendered(f"{{{{ t|tojson({arguments}) }}}}", context, kind=CHAT).text == text


def test_a_refusal_of_the_template_is_a_problem_without_its_words():
    made = ready("{{ raise_exception('secret ' ~ x) }}", kind=CHAT).render({"x": 1}, Limits())
    assert isinstance(made, RenderFailure)
    assert str(made.problem).startswith("main.j2:1:19: refuses these values with raise_exception")
    assert "secret" not in str(made.problem)


def test_generation_blocks_print_their_body_with_its_place():
    text = "{% generation %}{{ x }}{% endgeneration %}"
    (piece,) = rendered(text, {"x": "1"}, kind=CHAT).pieces
    assert piece.expression == "x"


def test_the_plain_render_has_the_same_functions():
    template = ready("{{ t|tojson }}", kind=CHAT)
    context = {"t": {"b": 1, "a": "<"}}
    assert template.render_plain(context, Limits()) == '{"b": 1, "a": "<"}'


def test_loops_can_be_left_early():
    text = "{% for a in [1, 2, 3] %}{% if a == 2 %}{% break %}{% endif %}{{ a }}{% endfor %}"
    assert rendered(text, {}, kind=CHAT).text == "1"
