from __future__ import annotations

import pytest
from templates.making import NOWHERE, fault, ready, rendered, source_of

from promptcost.templates import Limits, prepare


@pytest.mark.parametrize(
    ("choices", "text", "expected"),
    [
        ({}, "{% if 1 %}\na\n{% endif %}\nb\n", "\na\n\nb"),
        ({"trim_blocks": True}, "{% if 1 %}\na\n{% endif %}\nb", "a\nb"),
        ({"lstrip_blocks": True}, "  {% if 1 %}a{% endif %}", "a"),
        ({"keep_trailing_newline": True}, "a\n", "a\n"),
        ({"autoescape": True}, "{{ '<' }}{{ '<'|safe }}", "&lt;<"),
        ({"variable": ("${", "}")}, "${ 'a' } {{ b }}", "a {{ b }}"),
        ({"block": ("<%", "%>")}, "<% if 1 %>a<% endif %>{% if %}", "a{% if %}"),
        ({"comment": ("<#", "#>")}, "<# x #>a{# y #}", "a{# y #}"),
        ({"line_statement_prefix": "%%"}, "%% for a in [1, 2]:\n{{ a }}\n%% endfor\nb", "1\n2\nb"),
        ({"line_comment_prefix": "##"}, "a ## why\nb", "a\nb"),
    ],
)
def test_settings_decide_how_a_template_is_read(choices, text, expected):
    made = rendered(text, {}, **choices)
    assert made.text == expected
    assert made.exact
    assert ready(text, **choices).render_plain({}, Limits()) == expected


def test_line_statements_have_places_too():
    text = "a\n  %% for x in y:\n{{ x.z }}\n  %% endfor\n"
    template = ready(text, line_statement_prefix="%%")
    pieces = rendered(text, {"y": [{"z": 1}]}, line_statement_prefix="%%").pieces
    (piece,) = [piece for piece in pieces if piece.expression]
    assert text[piece.loops[0].start : piece.loops[0].end] == "  %% for x in y:"
    assert [v.name for v in template.variables] == ["y", "y[].z"]


def test_loop_controls_can_be_off():
    text = "{% for a in [1, 2] %}{% break %}{% endfor %}"
    assert rendered(text, {}).text == ""
    source = source_of(text, loop_controls=False)
    problem = prepare(source, root=NOWHERE, limits=Limits())
    assert "Encountered unknown tag 'break'" in problem.message


def test_unknown_tags_of_every_delimiter_pass_through():
    text = "<% note x %>a<% endnote %>"
    assert rendered(text, {}, block=("<%", "%>")).text == "a"
    assert fault("{% note %}{% end %}").startswith("main.j2:1:14: is not a valid template")
