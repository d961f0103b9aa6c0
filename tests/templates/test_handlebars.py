"""Handlebars, Mustache, Liquid and Go templates turned into Jinja."""

from __future__ import annotations

import pytest

from promptcost.templates._runs import joined
from promptcost.templates.golang import turn_go
from promptcost.templates.handlebars import turn_handlebars
from promptcost.templates.liquid import turn_liquid

MARKS = str.maketrans({"\ue000": "{{", "\ue001": "}}", "\ue002": "{%", "\ue003": "%}"})

HANDLEBARS = [
    ("a {{b}} c", "a {{ b }} c"),
    ("{{{b}}} {{&c}} {{~d~}}", "{{ b }} {{ c }} {{ d }}"),
    ("{{! x }}{{!-- {{y}} --}}{{~!-- z --}}{{> part}}-", "-"),
    ("{{#if a}}b{{else if c}}d{{else}}e{{/if}}", "{% if a %}b{% elif c %}d{% else %}e{% endif %}"),
    ("{{#unless a}}b{{/unless}}", "{% if not (a) %}b{% endif %}"),
    ("{{#if a}}b{{^}}c{{/if}}", "{% if a %}b{% else %}c{% endif %}"),
    ("{{#if (eq a 'x')}}b{{/if}}", "{% if (a == 'x') %}b{% endif %}"),
    ("{{#if (or a (not b) c)}}d{{/if}}", "{% if (a or (not b) or c) %}d{% endif %}"),
    ("{{#if (lookup a b)}}d{{/if}}", "{% if (a ~ b) %}d{% endif %}"),
    ("{{#if (now)}}d{{/if}}", "{% if now %}d{% endif %}"),
    ("{{#if true}}d{{/if}}", "{% if true %}d{% endif %}"),
    (
        "{{#each a}}{{b}}{{this}}{{.}}{{this.c}}{{./d}}{{../e}}{{@root.f}}{{@index}}{{/each}}",
        (
            "{% for this in a %}{{ this.b }}{{ this }}{{ this }}{{ this.c }}{{ this.d }}{{ e }}"
            "{{ f }}{{ loop.index0 }}{% endfor %}"
        ),
    ),
    (
        "{{#each a}}{{#each b}}{{#if c}}{{../d}}{{/if}}{{/each}}{{/each}}",
        (
            "{% for this in a %}{% for this1 in this.b %}{% if this1.c %}{{ this.d }}{% endif %}"
            "{% endfor %}{% endfor %}"
        ),
    ),
    ("{{#each a as |b i|}}{{b.c}}{{d}}{{/each}}", "{% for b in a %}{{ b.c }}{{ d }}{% endfor %}"),
    ("{{#with a.b}}{{c}}{{@key}}{{/with}}", "{% if a.b %}{{ a.b.c }}{{ key }}{% endif %}"),
    ("{{#a}}{{b}}{{/a}}{{^a}}c{{/a}}", "{% if a %}{{ b }}{% endif %}{% if not (a) %}c{% endif %}"),
    ("{{#as}}{{b}}{{/as}}", "{% for this in as %}{{ this.b }}{% endfor %}"),
    ("{{#a}}{{.}}{{/a}}", "{% for this in a %}{{ this }}{% endfor %}"),
    ('{{#message role="x"}}a{{/message}}', "{% if true %}a{% endif %}"),
    ('{{role "x"}}{{json a 1}}{{f a b}}', "{{ a }}{{ a ~ b }}"),
    ("{{a.[0].b}}{{a.1.b-c}}{{$x}}{{f.g $x}}", "{{ a[0].b }}{{ a[1].b_c }}{{ x }}{{ x }}"),
    ("{{#a.b#}}{{#12.c#}}", "{{ a.b }}{{ node_12.c }}"),
    ("{{this}}", "{{ this }}"),
]
UNREAD = [
    "{{#if a}}",
    "{{/if}}",
    "{{#if a}}{{/each}}",
    "{{else}}",
    "{{a",
    "{{!-- a",
    "{{}}",
    "{{a ? b}}",
    "{{(a}}",
    "{{a)}}",
    "{{#a#}}",
    "{{#if a}}" * 41 + "{{/if}}" * 41,
    "{{a}}" * 5_001,
    "{{" + "a" * 1_001 + "}}",
    "\ue000 {{a}}",
]
LIQUID = [
    ("{{ a | default: 'b' | upcase }}", "{{ a | default('b') | upcase  }}"),
    ("{% if a == nil %}b{% elsif c %}d{% else %}e{% endif %}", None),
    ("{% unless a contains 'b' %}c{% endunless %}", "{% if not ('b' in a) %}c{% endif %}"),
    ("{% assign a = b | size %}", "{% set a = b | length  %}"),
    ("{% capture a %}b{% endcapture %}", "{% set a %}b{% endset %}"),
    ("{% for a in b.c limit:3 %}{{ forloop.index }}{% endfor %}", None),
    (
        "{% case a %}{% when 'b', 'c' %}d{% else %}e{% endcase %}",
        "{% if false %}{% elif a in ['b', 'c'] %}d{% else %}e{% endif %}",
    ),
    (
        "{% comment %}{{ a }}{% endcomment %}-{% raw %}{{b}}{% endraw %}",
        "-{% raw %}{{b}}{% endraw %}",
    ),
]
UNREAD_LIQUID = [
    "{% render 'a' %}",
    "{% for a in (1..3) %}",
    "{% comment %}",
    "{{ a",
    "{{ " + "a" * 1_001 + "}}",
    "{{a}}" * 5_002,
    "\ue000 {{a}}",
]

GO = [
    ("a {{.B.C}} {{- .D | json -}} {{/* x */}}", "a {{ B.C }} {{ D }} "),
    ("{{if .A}}b{{else if .C}}d{{else}}e{{end}}", "{% if A %}b{% elif C %}d{% else %}e{% endif %}"),
    ('{{if eq .A "b"}}c{{end}}', "{% if A %}c{% endif %}"),
    (
        "{{range .As}}{{.}}{{.B}}{{$.C}}{{range .Ds}}{{.}}{{end}}{{end}}",
        (
            "{% for this in As %}{{ this }}{{ this.B }}{{ C }}{% for this1 in this.Ds %}"
            "{{ this1 }}{% endfor %}{% endfor %}"
        ),
    ),
    ("{{range $i, $a := .As}}{{$a.B}}{{end}}", "{% for a in As %}{{ a.B }}{% endfor %}"),
    ("{{.A {{.B}}", "{{ A ~ B }}"),
    ("{{with .A}}{{.B}}{{end}}{{.}}", "{% if A %}{{ A.B }}{% endif %}{{ this }}"),
    ('{{$a := .B}}{{join $a .C ","}}{{now}}', "{% set a = B %}{{ a ~ C }}{{ none }}"),
]
UNREAD_GO = [
    '{{template "a" .}}',
    "{{}}",
    "{{end}}",
    "{{if .A}}",
    "{{.A",
    "{{.A" + "a" * 1_000 + "}}",
    "{{if .A}}" * 41 + "{{end}}" * 41,
    "{{.A}}" * 5_002,
    "\ue000 {{.A}}",
]


def _shown(runs):
    return joined(runs).translate(MARKS)


@pytest.mark.parametrize(("text", "expected"), HANDLEBARS)
def test_handlebars_is_turned_into_jinja(text, expected):
    assert _shown(turn_handlebars(text)) == expected


@pytest.mark.parametrize("text", UNREAD, ids=range(len(UNREAD)))
def test_handlebars_that_is_not_known_is_not_turned(text):
    assert turn_handlebars(text) is None


@pytest.mark.parametrize(("text", "expected"), LIQUID)
def test_liquid_is_turned_into_jinja(text, expected):
    shown = _shown(turn_liquid(text))
    assert shown == expected if expected else "nil" not in shown and "forloop" not in shown


@pytest.mark.parametrize("text", UNREAD_LIQUID, ids=range(len(UNREAD_LIQUID)))
def test_liquid_that_is_not_known_is_not_turned(text):
    assert turn_liquid(text) is None


@pytest.mark.parametrize(
    ("turn", "text"), [(turn_handlebars, "é\n{{a}}b"), (turn_liquid, "x{{ a }}")]
)
def test_runs_tile_the_text(turn, text):
    runs = turn(text)
    ends = [run.end for run in runs]
    assert [run.start for run in runs] == [0, *ends[:-1]]
    assert ends[-1] == len(text)


@pytest.mark.parametrize(("text", "expected"), GO)
def test_go_is_turned_into_jinja(text, expected):
    assert _shown(turn_go(text)) == expected


@pytest.mark.parametrize("text", UNREAD_GO, ids=range(len(UNREAD_GO)))
def test_go_that_is_not_known_is_not_turned(text):
    assert turn_go(text) is None
