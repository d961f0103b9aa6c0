# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

import pytest
from templates.making import NOWHERE, failure, fault, rendered

from promptcost.errors import Problem
from promptcost.templates import Limits, load, prepare
from promptcost.templates.settings import Settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n  {{ x ? y }}", "main.j2:2:8: is not a valid template: unexpected char '?'"),
        ("a\n  {{ x ) }}", "main.j2:2:8: is not a valid template: unexpected ')'"),
        ("{% if x %}{% elsif y %}{% endif %}", "main.j2:1:14: is not a valid template: Encountered unknown tag 'elsif'"),
        ("é {% endfor %}", "main.j2:1:6: is not a valid template: Encountered unknown tag 'endfor'"),
        ("{% for x %}{% endfor %}", "main.j2:1:10: is not a valid template: expected token 'in'"),
        ("x {{ y", "main.j2:1:6: is not a valid template: unexpected end of template"),
        ("{# open", "main.j2:1:3: is not a valid template: Missing end of comment tag"),
        ("{% if x %}", "main.j2:1:9: is not a valid template: Unexpected end of template"),
        ("{% q %}{% endfor %}", "main.j2:1:11: is not a valid template: Encountered unknown tag"),
        ("{% q %}{{ x }", "main.j2:1:13: is not a valid template: unexpected '}'"),
        ("{% q", "main.j2:1:4: is not a valid template: unexpected end of template"),
        ("{% break %}", "main.j2: is nested too deeply"),
        ("{% set loop = 1 %}{% for loop in x %}{% endfor %}", "main.j2:1:26: is not a valid template: Can't assign to special loop variable"),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "main.j2:1:31: is not a valid template: block 'a' defined twice"),
        ("{{ '\\N{zork}' }}", "main.j2:1:4: is not a valid template:"),
        ("{{ " + "9" * 5_000 + " }}", "main.j2: cannot be compiled (ValueError)"),
    ],
)  # fmt: skip
def test_a_fault_is_a_problem_with_line_and_column(text, expected):
    assert fault(text).startswith(expected)


def test_too_many_tokens_are_refused():
    assert fault("{{ a }}" * 3, limits=Limits(tokens=14)) == (
        "main.j2: has more than 14 tokens of template code; split the template"
    )
    assert rendered("{{ a }}" * 3, {}, limits=Limits(tokens=15)).text == ""


def test_an_error_inside_an_unknown_block_ends_at_its_place():
    assert fault("{% q %}\n{% if %}{% endq %}").startswith("main.j2:2:7: is not a valid template")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{{ 1 / 0 }}", "main.j2:1:5: stops with ZeroDivisionError when rendered"),
        ("a\n{% for x in 5 %}{% endfor %}", "main.j2:2:4: stops with TypeError when rendered"),
        ("{{ 'secret' + 1 }}", "main.j2:1:4: stops with TypeError when rendered"),
        ("{{ 'secret'|round(1) }}", "main.j2:1:13: stops with TypeError when rendered"),
        (
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "main.j2:1:20: calls itself without end",
        ),
        ("{% for a in range(10 ** 6) %}{% endfor %}", "main.j2:1:4: stops with OverflowError when"),
        ("{{ 'a'.encode('zork') }}", "main.j2:1:14: stops with LookupError when rendered"),
        ("{{ ('x' if no).b.c }}", "main.j2:1:17: uses an undefined value"),
        ("{% filter length %}ab{% endfilter %}", "main.j2: stops with TypeError when rendered"),
        ("{% macro m() %}{% endmacro %}{{ m() + 5 }}", "main.j2:1:33: stops with TypeError when"),
        ("{{ '{'.format(1) }}", "main.j2:1:14: stops with ValueError when rendered"),
        ("{{ '{a}'.format_map(1, 2) }}", "main.j2:1:20: stops with TypeError when rendered"),
    ],
)
def test_an_error_while_rendering_names_its_place_and_no_text(text, expected):
    message = failure(text)
    assert message.startswith(expected)
    assert "secret" not in message


def test_an_error_in_an_included_file_names_that_file(tmp_path):
    (tmp_path / "bad.j2").write_text("ok\n{{ 1 / 0 }}")
    assert failure("{% include 'bad.j2' %}", {}, tmp_path).startswith(
        f"{tmp_path}/bad.j2:2:4: stops with ZeroDivisionError"
    )


def test_a_syntax_error_in_an_included_file_is_told_twice_over(tmp_path):
    (tmp_path / "bad.j2").write_text("ok\n{% if %}")
    assert failure("{% include 'bad.j2' %}", {}, tmp_path).startswith(
        f"{tmp_path}/bad.j2:2:7: is not a valid template"
    )


def test_errors_in_a_section_are_placed_in_the_container_file(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("a: 1\nprompt: |\n  {{ one }}\n  two {{ x ? }}\n")
    (source,), _ = load(path, settings=Settings(), limits=Limits())
    problem = prepare(source, root=tmp_path, limits=Limits())
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (4, 12)


def test_a_template_outside_of_the_root_still_renders(tmp_path):
    assert rendered("{{ x }}", {"x": "1"}, tmp_path).text == "1"
    assert rendered("{{ x }}", {"x": "1"}, NOWHERE).text == "1"


def test_names_the_context_lacks_are_listed_and_print_nothing():
    made = rendered("[{{ a }}{{ b.c.d(1)[2] }}{{ x }}]", {"x": "1"})
    assert (made.text, made.undefined) == ("[1]", ("a", "b"))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("m + 1", ""), ("1 + m", ""), ("m - 1", ""), ("m * 2", ""), ("m / 2", ""), ("m // 2", ""),
        ("m % 2", ""), ("m ** 2", ""), ("-m", ""), ("+m", ""), ("m < 1", "False"), ("1 in m", "False"),
        ("m.a.b", ""), ("m[0]", ""), ("m()", ""), ("m|int", "0"), ("m|float", "0.0"), ("m|list", "[]"),
        ("m|length", "0"), ("m is defined", "False"), ("m|join", ""), ("range(m)|list", "[]"),
        ("'%d'|format(m)", "0"), ("m == m", "True"), ("'%s' % m", ""), ("m or 'x'", "x"),
    ],
)  # fmt: skip
def test_a_missing_value_lets_the_render_go_on(expression, text):
    assert rendered(f"{{{{ {expression} }}}}", {}).text == text


def test_a_macro_parameter_left_out_is_not_a_missing_name():
    assert rendered("{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}", {}).undefined == ()
