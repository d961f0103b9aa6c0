"""Templates in other languages: told apart from Jinja, and from Jinja with a fault."""

from __future__ import annotations

import pytest
from audit.auditing import audit, only

from promptcost.errors import Level
from promptcost.model.audit_report import FileStatus
from promptcost.templates.foreign import language_of

GO = [
    "Now {{ .Date }}",
    '{{template "head.tmpl" .}}',
    "{{- range .Items }}{{ . }}{{ end }}",
    "{{ $x := 1 }}",
    '{{if (eq .Kind "a")}}x{{end}}',
]
HANDLEBARS = [
    "{{#each items}}{{this}}{{/each}}",
    "{{> style}}",
    "{{^rows}}none{{/rows}}",
    '{{role "system"}} Be kind.',
    "{{! a comment }}",
]
JINJA = [
    "{{ a.b }} {% if x %}{% endif %}",
    "{{ x ? y }}",
    "{{ 'a' }}{# c #}",
    "{{ -x }} {{ f('a') }}",
    '{"a": {"b": {{ c }}}}',
]


@pytest.mark.parametrize("text", GO)
def test_go_templates_are_known(text):
    assert language_of(text) == "Go templates"


@pytest.mark.parametrize("text", HANDLEBARS)
def test_handlebars_are_known(text):
    assert language_of(text) == "Handlebars or Mustache"


@pytest.mark.parametrize("text", JINJA)
def test_jinja_is_no_other_language(text):
    assert language_of(text) is None


@pytest.mark.parametrize("text", [GO[0], GO[1], HANDLEBARS[0], HANDLEBARS[3]])
def test_file_in_another_language_is_left_out_with_a_warning(tmp_path, text):
    report = audit(tmp_path, text, name="prompt.tmpl")
    (problem,) = report.problems
    assert only(report).status is FileStatus.NOT_ANALYSED
    assert (problem.level, "not for Jinja" in problem.message) == (Level.WARNING, True)


def test_fault_in_jinja_stays_an_error(tmp_path):
    (problem,) = audit(tmp_path, "{{ x ? y }}").problems
    assert (problem.level, problem.message[:23]) == (Level.ERROR, "is not a valid template")


def test_plain_text_with_foreign_placeholders_says_so(tmp_path):
    report = audit(tmp_path, "{{#each items}}{{this}}{{/each}}", name="prompt.txt")
    assert any("written for Handlebars" in note for note in only(report).notes)


def test_plain_text_says_nothing_of_languages(tmp_path):
    notes = only(audit(tmp_path, "Hi", name="a.txt")).notes
    assert not any("written for" in note for note in notes)
