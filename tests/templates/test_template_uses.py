# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

import pytest
from templates.making import ready

from promptcost.templates import StandInKind, Use


def names(text):
    return [variable.name for variable in ready(text).variables]


def use(text, name):
    (found,) = [v for v in ready(text).variables if v.name == name]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ x }}", ["x"]),
        ("{{ user.name }} {{ user['age'] }}", ["user.name", "user.age"]),
        ("{% for m in messages %}{{ m.role }}{% endfor %}", ["messages", "messages[].role"]),
        ("{% for m in messages[1:] %}{{ m }}{% endfor %}", ["messages", "messages[]"]),
        ("{{ messages[0].content }}{{ messages[-1].role }}", ["messages[].content", "messages[].role"]),
        ("{% for m in a %}{{ a[loop.index0].x }}{% endfor %}", ["a", "a[].x"]),
        ("{{ table[key] }}", ["table{}", "key"]),
        ("{{ docs|first }}{{ (docs|sort|last).x }}", ["docs", "docs[].x"]),
        ("{% for k, v in d.items() %}{{ k }}{{ v.x }}{% endfor %}", ["d", "d{key}", "d{}.x"]),
        ("{% for k, v in d|dictsort %}{{ v }}{% endfor %}", ["d", "d{}"]),
        ("{% for v in d.values() %}{{ v.a }}{% endfor %}", ["d", "d{}.a"]),
        ("{% for k in d.keys()|sort %}{{ k }}{% endfor %}", ["d", "d{key}"]),
        ("{% for a, b in pairs %}{{ b }}{{ a }}{% endfor %}", ["pairs", "pairs[][1]", "pairs[][0]"]),
        ("{% for a in f() %}{{ a.x }}{% endfor %}", ["f"]),
        ("{% for a in (1, 2) %}{{ a.x }}{% endfor %}", []),
        ("{% for a, b in (x ~ y) %}{{ a.x }}{% endfor %}", ["x", "y"]),
        ("{% for m in a if m.on %}{{ m.t }}{% else %}{{ e }}{% endfor %}", ["a", "a[].on", "a[].t", "e"]),
        ("{{ agent.get_prompt() }}", ["agent.get_prompt"]),
        ("{{ x.strip().split(sep) }}", ["sep", "x"]),
        ("{{ d.get('k', other) }}", ["other", "d", "d.k"]),
        ("{{ d.get(key) }}", ["key", "d"]),
        ("{{ f(a, b=c)(d) }}", ["d", "a", "c", "f"]),
        ("{% set y = user.name %}{{ y|upper }}", ["user.name"]),
        ("{% set y = x ~ 'a' %}{{ y }}", ["x"]),
        ("{% set a, b = x, y %}{{ a }}", ["x", "y"]),
        ("{% set ns = namespace(n=x) %}{% set ns.n = y %}{{ ns.n }}", ["x", "y"]),
        ("{% set t %}{{ x }}{% endset %}{{ t }}", ["x"]),
        ("{% set t | upper %}a{% endset %}{{ t }}", []),
        ("{% with a = x.y, b = 1 %}{{ a.z }}{{ b }}{% endwith %}{{ a }}", ["x.y", "x.y.z", "a"]),
        ("{% macro m(p, q=d) %}{{ p }}{{ z }}{% endmacro %}{{ m(x) }}", ["d", "z", "x"]),
        ("{% call(u) f() %}{{ u }}{{ v }}{% endcall %}", ["f", "v"]),
        ("{% filter upper %}{{ x }}{% endfilter %}", ["x"]),
        ("{% block b %}{{ x }}{% endblock %}", ["x"]),
        ("{% autoescape true %}{{ x }}{% endautoescape %}", ["x"]),
        ("{% do f(x) %}", ["x", "f"]),
        ("{{ x if c else y }}", ["c", "x", "y"]),
        ("{{ not a and b or c in d }}", ["a", "b", "c", "d"]),
        ("{{ {'k': v}['k'] ~ [w][0] }}", ["v", "w"]),
        ("{{ range(n) }}{{ loop }}{{ dict(a=b) }}", ["n", "b"]),
        ("{% for a in x %}{{ a }}{% endfor %}{{ a }}", ["x", "x[]", "a"]),
        ("{% generation %}{{ x }}{% endgeneration %}", ["x"]),
        ("{% from 'm' import a, b as c %}{{ a(x) }}{{ c() }}", ["x"]),
        ("{% import 'm' as lib %}{{ lib.f(x) }}", ["x"]),
    ],
)  # fmt: skip
def test_variables_are_paths_of_the_context(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "uses"),
    [
        ("{{ x }}", "x", {Use.PRINTED}),
        ("{% for a in x %}{% endfor %}", "x", {Use.ITERATED}),
        ("{% if x %}{% endif %}", "x", {Use.TESTED}),
        ("{{ f(x) }}", "x", {Use.PASSED}),
        ("{{ f(x) }}", "f", {Use.CALLED, Use.PRINTED}),
        ("{% set y = x %}", "x", {Use.ASSIGNED}),
        ("{{ x|upper }}{% if x == 'a' %}{% endif %}", "x", {Use.PRINTED, Use.TESTED}),
        ("{{ 'a'|replace(x, y) }}", "y", {Use.PASSED}),
        ("{% include x %}", "x", {Use.PASSED}),
    ],
)
def test_what_a_template_does_with_a_value(text, name, uses):
    assert use(text, name).uses == uses


def test_what_is_applied_to_a_value_is_collected():
    found = use(
        "{{ x|trim|upper }}{% if x is defined and x is not string %}{% endif %}"
        "{% if x.startswith('b') or x in ['c', 'd'] or x != 'e' %}{% endif %}",
        "x",
    )
    assert found.filters == ("trim", "upper")
    assert found.tests == ("defined", "string")
    assert found.methods == ("startswith",)
    assert found.compared == ("b", "c", "d", "e")


def test_arguments_of_a_call_are_kept_as_written():
    assert use("{{ strftime_now('%Y-%m-%d') }}", "strftime_now").arguments == "'%Y-%m-%d'"
    assert use("{{ f(g(x)) }}", "f").arguments == ""


@pytest.mark.parametrize(
    "text",
    [
        "{% if not x is defined %}{% set x = 'd' %}{% endif %}{{ x }}",
        "{% if a %}{% set x = 1 %}{% endif %}{{ x }}",
        "{{ x|default('d') }}",
        "{{ x|upper|d('d') }}",
        "{% if x %}{% set x = x %}{% endif %}{{ x }}",
    ],
)
def test_a_value_with_a_default_in_the_template_is_marked(text):
    assert use(text, "x").defaulted


@pytest.mark.parametrize(
    "text",
    [
        "{% if a %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if a %}{% set x = 1 %}{% else %}{{ raise_exception('no') }}{% endif %}{{ x }}",
        "{% for a in b %}{% if a %}{% set x = 1 %}{% endif %}{{ x }}{% endfor %}",
    ],
)
def test_a_name_the_template_always_sets_is_not_a_variable(text):
    assert "x" not in names(text)


def test_arms_that_set_a_name_to_one_path_keep_it():
    text = "{% if a %}{% set x = u.n %}{% else %}{% set x = u.n %}{% endif %}{{ x }}"
    assert names(text) == ["a", "u.n"]


def test_the_span_of_a_use_is_the_path_as_written():
    text = "é{{ f( user.name['k'] ) }}"
    span = use(text, "user.name.k").span
    assert text.encode()[span.start : span.end].decode() == "user.name['k']"


def test_expressions_say_what_they_depend_on_and_what_stands_around():
    text = (
        "12345{% set t = now %}{% for m in ms %}{% if m.on %}{{ m.text|trim|upper ~ t }}{% endif %}"
        "{% endfor %}67{% macro q() %}{{ x.f() }}{% endmacro %}"
    )
    first, second = ready(text).expressions
    assert (first.text, first.names) == ("m.text|trim|upper ~ t", ("ms[].text", "now"))
    assert (first.filters, first.loops) == (("trim", "upper"), ("ms",))
    assert (first.conditions, first.in_macro) == (("if m.on",), False)
    assert (first.static_before, first.static_after) == (5, 2)
    assert (second.calls, second.in_macro) == (("x.f",), True)
    assert text[second.span.start : second.span.end] == "{{ x.f() }}"


def test_expressions_know_calls_without_a_path():
    (found,) = ready("{{ ('a' ~ b).zap() }}{% set f = g %}"[:21]).expressions
    assert found.calls == (".zap",)


def test_expressions_depend_on_what_a_set_block_printed():
    (_, printed) = ready("{% set b %}{{ now }}{% endset %}{{ b }}").expressions
    assert printed.names == ("now",)


def test_else_arms_are_named():
    (found,) = ready("{% if a %}{% else %}{{ x }}{% endif %}").expressions
    assert found.conditions == ("else",)


def test_loops_over_no_path_are_named_by_their_tag():
    (found,) = ready("{% for a in f(1) + [2] %}{{ a }}{% endfor %}").expressions
    assert found.loops == ("for a in f(1) + [2]",)


def test_stand_ins_are_listed_with_what_they_assume():
    text = "{% zork x %}{{ a|blur }}{% if a is shiny %}{% endif %}{{ now() }}{% q %}b{% endq %}"
    template = ready(text)
    assert [(s.kind, s.name, s.assumption) for s in template.unknown] == [
        (StandInKind.FILTER, "blur", "returns its input unchanged"),
        (StandInKind.GLOBAL, "now", "is given by the context"),
        (StandInKind.TAG, "q", "prints its body"),
        (StandInKind.TAG, "zork", "prints nothing"),
        (StandInKind.TEST, "shiny", "is never true"),
    ]
