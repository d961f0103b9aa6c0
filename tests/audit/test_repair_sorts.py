"""What is sorted for a finding at the place ``^``."""

# ruff: noqa: E501 - tables of templates, one to a line
from __future__ import annotations

import pytest

from promptcost.audit.repair.made import edited
from promptcost.audit.repair.outline import Outline
from promptcost.audit.repair.sorts import sorts
from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.settings import Settings

LONG = "Answer in one sentence and name the file you took it from, never more than that. " * 3


def sorted_texts(marked, *, name="p.j2", settings=None):
    """Return the file as each of the fixes offered at ``^`` leaves it."""
    text = marked.replace("^", "")
    sources, _ = sources_in(TextFile(path=name, text=text), settings or Settings())
    (source,) = sources
    outline = Outline(source)
    char = marked.index("^") - text.index(source.text[:4])
    fixes = sorts(source, outline, source.written(), char)
    return [edited(text, fix.edits) for fix in fixes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ ^labels | join }}", "{{ labels | sort | join }}"),
        ("^{{ labels | join }}", "{{ labels | sort | join }}"),
        ("^{{- a.b -}}", "{{- a.b | sort -}}"),
        ("^{% for x in labels %}{{ x }}{% endfor %}", "{% for x in labels | sort %}{{ x }}{% endfor %}"),
        ("{% for x in labels %}{{ ^x | y }}{% endfor %}", "{% for x in labels %}{{ x | sort | y }}{% endfor %}"),
        ("{% for k, v in ^a.items() %}", "{% for k, v in a.items() | sort %}"),
        ("^{% for (k, v) in a.items()|list if k %}", "{% for (k, v) in a.items() | sort|list if k %}"),
        ("^{%- for x in y if x -%}", "{%- for x in y | sort if x -%}"),
    ],
)  # fmt: skip
def test_a_path_is_sorted(text, expected):
    assert sorted_texts(text)[:1] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "^{% for v in a.values() %}",
        "^{% for v in f(x) %}",
        "{% for k, v in ^a.items() | sort %}",
        "{% for v in ^a.values() %}",
        "^{% if a %}{% endif %}",
        "^{{ a + b }}",
        "^{{ f(x) | join }}",
        "a ^ b {{ c }}",
        "^{# a #}{{ b }}",
    ],
)
def test_anything_else_is_not(text):
    assert sorted_texts(text) == []


def test_loops_around_a_place_are_sorted_from_the_inside_out():
    text = "{% for a in b %}{% endfor %}{% for c in d %}{% for e in f %}{{ g() }}^x{% endfor %}{% endfor %}"
    inner = "{% for a in b %}{% endfor %}{% for c in d %}{% for e in f | sort %}{{ g() }}x{% endfor %}{% endfor %}"
    outer = "{% for a in b %}{% endfor %}{% for c in d | sort %}{% for e in f %}{{ g() }}x{% endfor %}{% endfor %}"
    assert sorted_texts(text) == [inner, outer]


def test_text_behind_the_last_tag_is_in_no_loop():
    assert sorted_texts("{% for a in b %}{% endfor %} ^x") == []


def test_other_delimiters_are_known():
    settings = Settings(variable=("<<", ">>"), block=("<%", "%>"))
    assert sorted_texts("^<% for a in b %>", settings=settings) == ["<% for a in b | sort %>"]


def test_escapes_keep_their_places():
    assert sorted_texts('a: "^{{ b\\u002ec }}"', name="p.yaml") == ['a: "{{ b\\u002ec | sort }}"']


def test_a_format_string_sorts_nothing():
    assert sorted_texts("^{a} b {c}", name="p.txt") == []


def test_fields_that_are_not_one_line_of_ascii_are_left_alone():
    text = f"P = f'''^{{list(é)}} {{list(\na)}} {{a=}} {LONG}'''"
    sources, _ = sources_in(TextFile(path="p.py", text=text.replace("^", "")), Settings())
    (source,) = sources
    written = source.written()
    starts = [sum(len(run.text) for run in written[:n]) for n in range(len(written))]
    outline = Outline(source)
    assert [list(sorts(source, outline, written, char)) for char in starts] == [[]] * len(starts)
