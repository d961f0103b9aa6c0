"""Random Jinja templates for property tests: every construct that prompts use, well formed."""

# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

from hypothesis import strategies as st

CONTEXT: dict[str, object] = {
    "x": " Ada <b> ",
    "y": "é😀&",
    "n": 3,
    "flag": True,
    "off": False,
    "items": ["one", "twö", "<3>"],
    "user": {"name": "Bob & co", "tags": ["a", "b"]},
    "empty": [],
    "lone": "\ud800",
}

INCLUDED = {
    "part.j2": "[part {{ x }}{% for i in items %}{{ i }};{% endfor %}]\r\n",
    "plain.j2": "just text\n",
    "macros.j2": "{% macro wrap(t) %}<{{ t }}|{{ caller() if caller else '' }}>{% endmacro %}",
    "base.j2": "head {% block body %}base {{ y }}{% endblock %} foot",
}

EXPRESSIONS = (
    "x", "y", "n", "lone", "x + y", "x ~ n ~ y", "'lit' ~ x", "x + 'lit' + y", "x|upper", "x|trim",
    "x|e", "x|safe", "y|forceescape", "x|replace('a', 'zz')", "x|length", "items|join(', ')",
    "items|map('upper')|join", "items|first", "items", "user", "user.name", "user['name']",
    "user.tags[0]", "missing", "x if flag else y", "x if off", "x[1:4]", "x * 2", "n * 2 + 1",
    "n ** 2", "'%s:%s'|format(x, n)", "'{}-{:>4}'.format(x, n)", "'%s' % x", "x.strip()",
    "x.strip() + y", "'-'.join(items)", "items|length > 2", "not flag", "x == y", "1.5", "'a' 'b'",
    "range(3)|list", "items|tojson", "user|tojson", "x|string", "missing|default('d')", "[x, y]",
    "{'k': x}", "(x ~ y)|center(20)", "x|indent(2)", "items|sort|reverse|list", "joiner(',')()",
    "'<&>'", "x|title ~ y", "items|last ~ ''", "namespace(a=x).a", "dict(a=1).a", "x in y",
    "n is odd", "'%s' % (x ~ y)", "x ~ (y ~ n)", "(x + y).split()", "(x ~ y) == ' Ada <b> é😀&'",
    "x|wordwrap(3)", "x|truncate(4, true)", "items|batch(2)|list", "x|urlize", "y|list|first",
)  # fmt: skip

_WORDS = ("a", "Bc ", "é", "😀", "\n", "  ", "\t", "<i>", "&", "{ ", "}", "%", "\r\n", ".", "\r")

texts = st.lists(st.sampled_from(_WORDS), max_size=6).map("".join)
prints = st.builds(
    lambda expression, before, after: f"{{{{{before} {expression} {after}}}}}",
    st.sampled_from(EXPRESSIONS),
    st.sampled_from(["", "-", "+"]),
    st.sampled_from(["", "-"]),
)
leaves = st.one_of(
    texts,
    prints,
    st.sampled_from(
        [
            "{# note #}",
            "{#- note -#}",
            "{% raw %} {{ x }} {% endraw %}",
            "{%- raw -%} {% if %} {%- endraw -%}",
            "{% include 'part.j2' %}",
            "{% include 'none.j2' ignore missing %}",
            "{% include ['none.j2', 'part.j2'] %}",
            "{% set v = x ~ y %}{{ v }}",
            "{% do items %}",
            "{% print x, y %}",
        ]
    ),
)

_WRAPPERS = (
    "{{% if flag %}}{0}{{% else %}}{1}{{% endif %}}",
    "{{%- if off -%}}{0}{{%- elif n > 2 -%}}{1}{{%- endif -%}}",
    "{{% if off %}}{0}{{% endif %}}{1}",
    "{{% for i in items %}}{0}{{{{ i }}}}{{{{ loop.index }}}}{1}{{% endfor %}}",
    "{{%- for i in items if i != 'one' -%}}{0}{{% else %}}{1}{{%- endfor -%}}",
    "{{% for i in empty %}}{0}{{% else %}}{1}{{% endfor %}}",
    "{{% for i in [1, [2, 3]] recursive %}}{0}{{{{ loop(i) if i is not number }}}}{{% endfor %}}{1}",
    "{{% for i in items %}}{0}{{% if loop.first %}}{{% continue %}}{{% endif %}}{1}{{% endfor %}}",
    "{{% set b %}}{0}{{% endset %}}{1}{{{{ b }}}}{{{{ b|trim }}}}{{{{ b ~ '!' }}}}",
    "{{% set b | upper %}}{0}{{% endset %}}{{{{ b }}}}{1}",
    "{{% macro m(t='d') %}}{0}{{{{ t }}}}{{% endmacro %}}{1}{{{{ m() }}}}{{{{ m(x) + m(y) }}}}",
    "{{% macro k() %}}{0}{{{{ caller() }}}}{{% endmacro %}}{{% call k() %}}{1}{{% endcall %}}",
    "{{% from 'macros.j2' import wrap %}}{{{{ wrap(x) }}}}{{% call wrap(y) %}}{0}{{% endcall %}}{1}",
    "{{% import 'macros.j2' as lib with context %}}{{{{ lib.wrap(x) }}}}{0}{1}",
    "{{% filter upper %}}{0}{{% endfilter %}}{1}",
    "{{% with w = x %}}{0}{{{{ w }}}}{{% endwith %}}{1}",
    "{{% autoescape true %}}{0}{{% endautoescape %}}{1}",
    "{{% autoescape flag %}}{0}{{% endautoescape %}}{1}",
    "{{% if flag %}}{{% set c %}}{0}{{% endset %}}{{% endif %}}{{{{ c + c }}}}{1}",
)


def _wrap(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = st.builds(
        lambda shape, first, second: shape.format(first, second),
        st.sampled_from(_WRAPPERS),
        inner,
        inner,
    )
    return st.one_of(wrapped, st.lists(inner, max_size=4).map("".join))


templates = st.recursive(leaves, _wrap, max_leaves=12)

settings_choices = st.fixed_dictionaries(
    {
        "trim_blocks": st.booleans(),
        "lstrip_blocks": st.booleans(),
        "keep_trailing_newline": st.booleans(),
        "autoescape": st.booleans(),
    }
)
