from __future__ import annotations

import pytest

from promptcost.templates.detect import kind_of, resolve_settings
from promptcost.templates.settings import Settings, SourceKind

JINJA, FORMAT, CHAT = SourceKind.JINJA, SourceKind.STR_FORMAT, SourceKind.CHAT_TEMPLATE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{ x }}", JINJA),
        ("{{x}}", JINJA),
        ("{{- user.name|upper -}}", JINJA),
        ("{{ now() }}", JINJA),
        ("{{ d['k'] }}", JINJA),
        ("{{ a if b else c }}", JINJA),
        ("{% if x %}a{% endif %}", JINJA),
        ("{{ x is not none }}", JINJA),
        ("{{ f({'a': 1}) }}", JINJA),
        ("{{ x ? }}", JINJA),
        ("{{ a.b ~ 'two words' }}", JINJA),
        ("title={{On-Policy Distillation of Models}}", None),
        ("{{On Policy}} {{ x }}", JINJA),
        ("{{ x y }}", None),
        ("{%- for t in tools -%}", JINJA),
        ("{# a comment #}", JINJA),
        ("Answer {question} in {language}.", FORMAT),
        ("{state.inputs[task]} {x!r} {y:>10}", FORMAT),
        ('Use {tool_desc}: {{"input": "hello"}}', FORMAT),
        ("{# {x} #}", FORMAT),
        ("{repo} of {owner}: start with {{turn}}", FORMAT),
        ("{repo} and {repo}: start with {{turn}}", JINJA),
        ("{repo} of {owner}: start with {{ turn }}", JINJA),
        ("{repo} of {owner}: print(f'{{cost:,.2f}}')", FORMAT),
        ("{repo} of {owner}: print(f'${{cost:,.2f}}')", FORMAT),
        ("{repo}: print(f'${{cost:,.2f}}')", None),
        ("{repo} of {owner}: start with {{turn.no}}", JINJA),
        (r"{{problem}} as \boxed{answer} or \frac{a}{b}", JINJA),
        ("Say {{Issue 1 description}} of {file}", FORMAT),
        ("- {what you did}\n- {why it helps}\n- {count} files, {next steps}", None),
        ("- {what you did}\n- {why it helps}\n- {count} files", FORMAT),
        ("{a} {b} {c} {d} {e} {f} {g} {what you did} {why it helps} {next steps}", FORMAT),
        ("Judge {{$input}} by {{$rules}}", JINJA),
        ("Judge {{ $input }} by {{recall $rules}}", JINJA),
        ("Judge {$input} by {$rules}", JINJA),
        ("echo {$input} and $rules", None),
        ("{{$a}} and {$b}", None),
        ("{{range $i := .Items}}{{$i}}{{end}}", JINJA),
        ("costs {$5}", None),
        ("no templates", None),
        ('{"json": "object"}', None),
        ("{ spaced }", None),
        ("set {1, 2}", None),
        ("run: ${{ github.sha }}", None),
        ("{{ .Values.image }}", JINJA),
        ("{{- range .Items }}", None),
        ("{% messages add_generation_prompt %}", CHAT),
        ("{{ messages }} only", JINJA),
        ("{{ bos_token }}{% for m in messages %}", CHAT),
        ("{{ bos_token }} only", JINJA),
    ],
)
def test_the_language_is_read_from_signs(text, kind):
    assert kind_of(text) is kind


@pytest.mark.parametrize("sign", ["{#", "{{", "{%", "{{a", "{%a", "{a", "{{ ", "{# a "])
def test_looking_takes_time_in_proportion_to_the_text(sign):
    assert kind_of(sign * 200_000) is None


def test_dollar_braces_with_tags_are_custom_delimiters():
    text = "${NAME} {% if x %}{% endif %}"
    settings, notes = resolve_settings(text, Settings(), JINJA)
    assert settings.variable == ("${", "}")
    assert notes == ("expressions are read between ${ and }",)


def test_dollars_in_quoted_texts_are_shown_and_not_read():
    text = '{"sql": "${a} - ${b}"}\n{% for d in docs %}{% include "d.j2" %}{% endfor %}'
    assert resolve_settings(text, Settings(), JINJA)[0].variable == ("{{", "}}")
    assert resolve_settings(text + "${c}", Settings(), JINJA)[0].variable == ("${", "}")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("{{$name}} {{$x}}", ("{{$", "}}")),
        ("{{ $name }}", ("{{ $", "}}")),
        ("{$name}", ("{$", "}")),
        ("{{$name}} $x", ("{{", "}}")),
    ],
)
def test_dollars_within_braces_are_custom_delimiters(text, marks):
    settings, notes = resolve_settings(text, Settings(), JINJA)
    assert (settings.variable, bool(notes)) == (marks, marks != ("{{", "}}"))


@pytest.mark.parametrize(
    "text", ["${NAME} only", "${NAME} {% if x %}{{ y }}{% endif %}", "{% if x %}$5{% endif %}"]
)
def test_other_dollars_are_text(text):
    settings, notes = resolve_settings(text, Settings(), JINJA)
    assert (settings.variable, notes) == (("{{", "}}"), ())


def test_chat_templates_trim_blocks_unless_told_otherwise():
    made, notes = resolve_settings("", Settings(), CHAT)
    assert (made.trim_blocks, made.lstrip_blocks, len(notes)) == (True, True, 1)
    told = Settings(trim_blocks=False, lstrip_blocks=False)
    made, notes = resolve_settings("", told, CHAT)
    assert (made.trim_blocks, made.lstrip_blocks, notes) == (False, False, ())


def test_given_delimiters_stay():
    text = "${NAME} {% if x %}{% endif %}"
    settings, _ = resolve_settings(text, Settings(variable=("<<", ">>")), JINJA)
    assert settings.variable == ("<<", ">>")
