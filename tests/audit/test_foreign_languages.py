"""Templates in other languages: told apart from Jinja, and from Jinja with a fault."""

from __future__ import annotations

import pytest
from audit.auditing import RULES, audit, only

from promptcost.errors import Level
from promptcost.model.audit_report import FileStatus
from promptcost.model.finding import Severity
from promptcost.templates.discover import discover
from promptcost.templates.foreign import language_of
from promptcost.templates.settings import Settings, SourceKind

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
    "{{{document}}} {{ question }}",
]
JINJA = [
    "{{ a.b }} {% if x %}{% endif %}",
    "{{ x ? y }}",
    "{{ 'a' }}{# c #}",
    "{{ -x }} {{ f('a') }}",
    '{"a": {"b": {{ c }}}}',
    "{{{document}}}",
    "{{{document}}} {question} {{a}}",
    '{{{"a": 1}}} {{ b }}',
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
    report = audit(tmp_path, text, name="prompt.j2")
    (problem,) = report.problems
    assert only(report).status is FileStatus.NOT_ANALYSED
    assert (problem.level, "not for Jinja" in problem.message) == (Level.WARNING, True)


def test_fault_in_jinja_stays_an_error(tmp_path):
    (problem,) = audit(tmp_path, "{{ x ? y }}").problems
    assert (problem.level, problem.message[:23]) == (Level.ERROR, "is not a valid template")


@pytest.mark.parametrize(
    "text", ["{{#each items}}{{this}}{{/if}}", GO[1], "<% if x %>Hi<% end %> <%= x %>"]
)
def test_plain_text_in_a_language_that_is_not_read_is_no_clean_bill(tmp_path, text):
    report = audit(tmp_path, text, name="prompt.txt")
    (problem,) = report.problems
    assert only(report).status is FileStatus.NOT_ANALYSED
    assert (problem.level, "which is not read" in problem.message) == (Level.WARNING, True)


def test_language_that_somebody_gives_is_not_asked_for(tmp_path):
    plain = Settings(kind=SourceKind.PLAIN)
    report = audit(tmp_path, GO[1], name="prompt.txt", settings=plain)
    assert only(report).status is FileStatus.CLEAN


@pytest.mark.parametrize("text", ["Hi", "a << b, c <% d", "1 < 2 %> 0"])
def test_plain_text_says_nothing_of_languages(tmp_path, text):
    report = audit(tmp_path, text, name="a.txt")
    assert (only(report).notes, report.problems) == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Now {{time}}. {{#if name}}Hi {{name}}.{{/if}}\n", [("PC101", 1, "time")]),
        ("Know:\n{{#each docs}}- {{title}}\n{{/each}}\n", [("PC106", 2, "for this in docs")]),
        ("{{! a note }}\n{{#docs}}{{.}}{{/docs}}\n", [("PC106", 2, "for this in docs")]),
        ("{{$history}} {{recall $x}}\n", [("PC106", 1, "history")]),
        ("Ask {{#sys.query#}} of {{#1.tools#}}\n", [("PC104", 1, "sys.query")]),
        ("{% assign a = 1 %}{{ question | truncate: 9 }}\n", [("PC104", 1, None)]),
        ("Now {{ .CurrentTime }}.\n", [("PC101", 1, "CurrentTime")]),
        ("{{range .Docs}}- {{.Title}}\n{{end}}", [("PC106", 1, "for this in Docs")]),
        ("Now <%= current_time %>.\n", [("PC101", 1, "current_time")]),
        ("Now [[current_time]] for $5.\n", [("PC101", 1, "current_time")]),
        ("Asked: <<question>>\n", [("PC104", 1, "question")]),
        ("Asked: %(question)s, 5%\n", [("PC104", 1, "question")]),
        ("Asked: $question, at $5\n", [("PC104", 1, "question")]),
        ("Asked: ${question} by ${user_name}, `{{x}}`\n", [("PC104", 1, "question")]),
        ("# TASK\n{{Problem}}\n# KEY\n{{Reference Answer}}\n", [("PC104", 2, "Problem")]),
        ("# KEY\n{{Student's Answer}}\n", [("PC104", 2, None)]),
        # What says little, or something else, is text.
        ("title={{On Policy Distillation}}\n", []),
        ("{{Reference Answer}} of {{what you wrote}}\n", []),
        ("[[A]] or [[rating]], see [[Home Page]]\n", []),
        ("Use $request['id'] and $this->user\n", []),
        ("Let $x$ be $time$, and $question is\n", []),
        ("cat <<EOF\n<<question>>\n", []),
        ("Rate it [[question]] for {style}.\n", []),
        ("{{#if name}}Hi{{/if}} {{#each tools}}{{name}}{{/each}}\n", []),
    ],
)
def test_other_languages_are_read(tmp_path, text, expected):
    report = audit(tmp_path, text + RULES * 2, name="prompt.txt")
    wanted = {"PC101", "PC104", "PC106"}
    found = [
        (f.code, f.place.start_line, f.expression if expected[0][2] else None)
        for f in report.findings
        if f.code in wanted and expected
    ]
    assert found[: len(expected)] == expected
    assert bool(expected) or not [f for f in report.findings if f.severity > Severity.NOTE]


def test_partials_are_said_to_be_left_out(tmp_path):
    report = audit(tmp_path, "{{> style}} {{question}}", name="prompt.hbs")
    assert only(report).notes[:2] == ("read as Handlebars or Mustache", "its partials are left out")


def test_templates_in_a_section_keep_their_places(tmp_path):
    tags = "Café {{#if a}}\n  x{{question}}{{/if}}"
    tags = "Café {{#if a}}\n  x{{question}}{{/if}}"
    text = f"system: |\n  {RULES}\n  {tags}\n  {RULES * 2}\n"
    (finding,) = audit(tmp_path, text, name="p.yaml").findings
    place = finding.place
    assert (finding.code, place.start_line, place.start_column) == ("PC104", 4, 4)


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("prompts/a.hbs", True),
        ("prompts/a.txt", True),
        ("prompts/a.md", True),
        ("pages/a.hbs", False),
        ("prompts/a.tmpl", True),
        ("conf/a.tmpl", False),
    ],
)
def test_pages_in_these_languages_are_left_out(tmp_path, name, is_found):
    path = tmp_path / name
    path.parent.mkdir()
    go = "Now {{ .Time }}"
    texts = {".txt": "Now [[current_time]]", ".md": go, ".tmpl": go}
    path.write_text(texts.get(path.suffix, "{{#if a}}{{b}}{{/if}}"))
    assert (discover([tmp_path])[0] == [path]) == is_found


@pytest.mark.parametrize("text", ["run: |\n  " + "echo $question " * 9, "a: {{ .Values.input }}"])
@pytest.mark.parametrize("name", ["templates/work.yaml", "work.txt"])
def test_weak_signs_are_not_enough_where_no_name_tells(tmp_path, text, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert discover([tmp_path])[0] == []


@pytest.mark.parametrize(
    "comment",
    [
        "{{! promptcost: ignore[PC104] measured }}",
        "{{!-- promptcost: ignore[PC104] measured --}}",
        "{% comment %} promptcost: ignore[PC104] measured {% endcomment %}",
    ],
)
@pytest.mark.parametrize("between", ["\n", " ", "\n\n"])
def test_findings_are_silenced_in_comments_of_the_language(tmp_path, comment, between):
    text = f"{comment}{between}Asked: {{{{ question }}}}\n{RULES * 2}"
    report = audit(tmp_path, text, name="prompt.txt")
    assert len(report.findings) == (between == "\n\n")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("input:\n  schema:\n    theme?: string\n    tone: string", ["PC104"]),
        ("input:\n  schema: Recipe", []),
        ("input:\n  schema:\n    theme: string\n  default:\n    theme: pirate", []),
        ("input: theme", []),
        ("model: x", []),
    ],
)
def test_input_that_dotprompt_declares_is_of_the_request(tmp_path, head, expected):
    text = f"---\n{head}\n---\nMind {{{{theme}}}}.\n{RULES * 2}"
    assert [f.code for f in audit(tmp_path, text, name="a.prompt").findings] == expected


def test_names_between_signs_that_say_nothing_are_text(tmp_path):
    report = audit(tmp_path, f"[[alpha]] and [[beta]]\n{RULES}", name="prompt.txt")
    assert only(report).contexts.value == "no variables"


@pytest.mark.parametrize("text", ["Now {{ current_time }}\n", "Now {{ .CurrentTime }}\n"])
def test_tmpl_is_the_suffix_of_jinja_and_of_go(tmp_path, text):
    report = audit(tmp_path, text + RULES * 2, name="prompt.tmpl")
    assert [found.code for found in report.findings] == ["PC101"]
