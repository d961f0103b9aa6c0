"""Settings of a project: what is read, where it is found, and every fault with its place."""

from __future__ import annotations

from glob import escape

import pytest

from promptcost.check import FailOn
from promptcost.config import NO_PROJECT, Project, Silence, find_project, load_project
from promptcost.errors import Level
from promptcost.files.globs import matches
from promptcost.templates.settings import Settings, SourceKind

FULL = """
paths: [prompts]
exclude: ["old/*"]
context: prompts/c.yaml
workload: traffic.yaml
targets: [anthropic/claude-sonnet-5-5@1h]
select: [PC1, unordered-iteration]
ignore: [PC105]
per-file-ignores: {"old/*.j2": [PC104]}
suppressions: [{path: "logs/*.jsonl", rule: PC202, reason: " tells the day "}]
fail-on: medium
baseline: known.json
pricing: [own.yaml]
tokenizer-json: {llama3: models/tokenizer.json}
calibration: counts.jsonl
templates:
  "legacy/*":
    {syntax: jinja, variable: "<< >>", block: "[% %]", comment: "[# #]", trim-blocks: true}
  "plain/*": {line-statement-prefix: "%", line-comment-prefix: "##", autoescape: true}
"""
TOML = """
[project]
name = "x"

[tool.promptcost]
select = ["PC1"]
fail-on = "low"

[tool.promptcost.per-file-ignores]
"a/*.j2" = ["PC104"]

[tool.promptcost.templates."legacy/*"]
variable = "<< >>"
"""


def written(folder, text, name="promptcost.yaml"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def faults(tmp_path, text, name="promptcost.yaml"):
    project, problems = load_project(written(tmp_path, text, name), tmp_path)
    assert project is None
    return [(problem.line, problem.message) for problem in problems]


def test_every_setting_of_a_project(tmp_path):
    project, problems = load_project(written(tmp_path / "repo", FULL), tmp_path / "repo" / "a")
    top = tmp_path / "repo"
    glob = escape(str(top))
    assert problems == []
    assert project == Project(
        paths=(top / "prompts",),
        exclude=(f"{glob}/old/*",),
        context=top / "prompts/c.yaml",
        targets=("anthropic/claude-sonnet-5-5@1h",),
        select=("PC1", "unordered-iteration"),
        ignore=("PC105",),
        per_file={f"{glob}/old/*.j2": ("PC104",)},
        suppressions=(
            Silence(
                glob=f"{glob}/logs/*.jsonl",
                rule="PC202",
                reason="tells the day",
                path=str(top / "promptcost.yaml"),
                line=10,
                column=16,
            ),
        ),
        fail_on=FailOn.MEDIUM,
        workload=top / "traffic.yaml",
        baseline=top / "known.json",
        pricing=(top / "own.yaml",),
        tokenizer_json={"llama3": top / "models/tokenizer.json"},
        calibration=top / "counts.jsonl",
        templates={
            f"{glob}/legacy/*": Settings(
                kind=SourceKind.JINJA,
                variable=("<<", ">>"),
                block=("[%", "%]"),
                comment=("[#", "#]"),
                trim_blocks=True,
            ),
            f"{glob}/plain/*": Settings(
                line_statement_prefix="%", line_comment_prefix="##", autoescape=True
            ),
        },
    )


def test_paths_are_shown_as_seen_from_where_the_user_stands(tmp_path):
    path = written(tmp_path, "paths: [a/b, ../c]\ncontext: x.yaml")
    project, _ = load_project(path, tmp_path)
    assert [str(each) for each in project.paths] == ["a/b", str(tmp_path.parent / "c")]
    assert str(project.context) == "x.yaml"


def test_settings_in_pyproject(tmp_path):
    project, problems = load_project(written(tmp_path, TOML, "pyproject.toml"), tmp_path)
    assert problems == []
    assert (project.select, project.fail_on) == (("PC1",), FailOn.LOW)
    assert list(project.per_file.values()) == [("PC104",)]
    assert [how.variable for how in project.templates.values()] == [("<<", ">>")]


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("old/a.j2", "old/*", True),
        ("old/deep/a.j2", "old/*", True),
        ("new/old/a.j2", "old/*", False),
        ("a.j2", "*.j2", True),
        ("deep/a.j2", "*.j2", True),
        ("deep/a.txt", "*.j2", False),
        ("../repo[1]/old/a.j2", "old/*", True),
    ],
)
def test_globs_begin_where_the_file_lies(tmp_path, monkeypatch, path, glob, expected):
    top = tmp_path / "repo[1]"
    project, _ = load_project(written(top, f"exclude: ['{glob}']"), top)
    monkeypatch.chdir(top)
    assert matches(path, project.exclude[0]) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selct: [PC1]", [(1, "unknown key 'selct'")]),
        ("zzz: 1", [(1, "unknown key 'zzz'")]),
        ("select: PC1", [(1, "select: Input should be a valid tuple (got 'PC1')")]),
        ("ignore: [1]", [(1, "ignore.0: Input should be a valid string (got '1')")]),
        ("\nselect: [PC101, PC999]", [(2, "no rule is called 'PC999'")]),
        ("context: [a]", [(1, "context: Input should be a valid string")]),
        ("per-file-ignores: [a]", [(1, "per-file-ignores is not a mapping")]),
        ("per-file-ignores:\n  a: [PC998]", [(2, "no rule is called 'PC998'")]),
        ("templates:\n  a:\n    varible: '<< >>'", [(3, "unknown key 'varible'")]),
        ("- 1", [(1, "the file is not a mapping")]),
        ("", [(1, "is empty")]),
        (
            "ignore: [PC998]\nselect: [PC999]",
            [(1, "no rule is called 'PC998'"), (2, "no rule is called 'PC999'")],
        ),
        (
            "select: [PC999, 1]\nzzz: 1\nper-file-ignores: {a: 1, b: [PC998]}",
            [
                (1, "no rule is called 'PC999'"),
                (1, "select.1: Input should be a valid string (got '1')"),
                (2, "unknown key 'zzz'"),
                (3, "per-file-ignores.a: Input should be a valid tuple (got '1')"),
                (3, "no rule is called 'PC998'"),
            ],
        ),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_line(tmp_path, text, expected):
    assert faults(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("fail-on: often", "fail-on: Input should be 'note', 'low', 'medium', 'high' or 'never'"),
        ("templates: {a: {variable: '<<'}}", "templates.a.variable: String should match pattern"),
        ("templates: {a: {trim-blocks: 1}}", "templates.a.trim-blocks: Input should be a valid"),
        ("templates: {a: {syntax: perl}}", "templates.a.syntax: Input should be 'jinja', "),
    ],
)
def test_values_out_of_range_are_refused(tmp_path, text, start):
    ((line, message),) = faults(tmp_path, text)
    assert (line, message[: len(start)]) == (1, start)


@pytest.mark.parametrize(
    ("code", "repair"),
    [
        ("PC1O1", "did you mean PC1"),
        ("pc10l", "did you mean PC10"),
        ("clock-in-prefx", "did you mean clock-in-prefix?"),
        ("zzz", "see 'promptcost rules'"),
    ],
)
def test_the_nearest_rule_is_offered(tmp_path, code, repair):
    _, (problem,) = load_project(written(tmp_path, f"select: [{code}]"), tmp_path)
    assert problem.repair.startswith(repair)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[project]\nname='x'\n[tool.promptcost]\n\nselct = []\n", (5, "unknown key 'selct'")),
        ("[tool.promptcost]\nselect = ['PC9']\n[a]\nselect=1", (2, "no rule is called 'PC9'")),
        ("[tool]\npromptcost.select = ['PC9']\n", (2, "no rule is called 'PC9'")),
        ("[tool.promptcost.templates.'a*']\nx = 1\n", (2, "unknown key 'x'")),
        ("tool.promptcost = 1\n", (1, "the file is not a mapping (got '1')")),
        ("[tool.promptcost]\nselect = [\n  'PC9',\n  'PC101']\n", (2, "no rule is called 'PC9'")),
        ("[tool.promptcost]\n= 2\n", (2, "is not TOML")),
        ("promptcost", (None, "is not TOML")),
    ],
)
def test_faults_in_pyproject_are_named_with_their_line(tmp_path, text, expected):
    assert faults(tmp_path, text, "pyproject.toml") == [expected]


def test_lines_of_long_texts_are_no_keys(tmp_path):
    long = """'''\n = x\n a.."b = 1\n "\\q" = 2\n'''"""
    text = f"[tool.promptcost]\ncontext = {long}\nselct = 1\n"
    assert faults(tmp_path, text, "pyproject.toml") == [(7, "unknown key 'selct'")]


def test_the_first_glob_that_matches_says_how_a_template_is_written(tmp_path):
    text = "templates: {'a/*': {variable: '<< >>'}, '*': {variable: '[[ ]]'}}"
    project, _ = load_project(written(tmp_path, text), tmp_path)
    paths = [tmp_path / "a" / "x.j2", tmp_path / "x.j2", tmp_path.parent / "x.j2"]
    found = [project.settings_for(path).variable for path in paths]
    assert found == [("<<", ">>"), ("[[", "]]"), None]


def test_no_settings_file_up_to_the_root(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.config.load.YAML_NAME", "no-such-name.yaml")
    monkeypatch.setattr("promptcost.config.load.TOML_NAME", "no-such-name.toml")
    assert find_project(tmp_path) == (None, [])


def test_a_named_pyproject_without_the_table_is_a_fault(tmp_path):
    message = "has no table [tool.promptcost]"
    assert faults(tmp_path, "a = 1\n", "pyproject.toml") == [(None, message)]
    assert faults(tmp_path, "a = 'promptcost'\n", "pyproject.toml") == [(None, message)]
    assert faults(tmp_path, "tool = 'promptcost'\n", "pyproject.toml") == [(None, message)]


@pytest.mark.parametrize("name", ["promptcost.yaml", "pyproject.toml"])
def test_a_missing_file_is_a_fault(tmp_path, name):
    project, problems = load_project(tmp_path / name, tmp_path)
    assert (project, [str(problem) for problem in problems]) == (
        None,
        [f"{tmp_path / name}: no such file; check the path"],
    )


def test_the_nearest_file_up_to_the_repository_is_found(tmp_path):
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    written(tmp_path, "select: [PC1]")
    assert find_project(inner) == (None, [])
    table = written(tmp_path / "repo", "[tool.promptcost]\n", "pyproject.toml")
    assert find_project(inner) == (table, [])
    written(tmp_path / "repo" / "a", "[tool.other]\n", "pyproject.toml")
    assert find_project(inner) == (table, [])
    nearest = written(tmp_path / "repo" / "a", "select: [PC1]")
    assert find_project(inner) == (nearest, [])


def test_of_two_files_the_own_one_counts_and_the_other_is_named(tmp_path):
    own = written(tmp_path, "select: [PC1]")
    written(tmp_path, "\n[tool.promptcost]\nselect = []", "pyproject.toml")
    path, (problem,) = find_project(tmp_path)
    assert (path, problem.level, problem.line) == (own, Level.WARNING, 2)
    assert problem.path.endswith("pyproject.toml")
    assert "because promptcost.yaml stands beside it" in problem.message


def test_a_broken_pyproject_that_speaks_of_promptcost_is_found(tmp_path):
    table = written(tmp_path, "[tool.promptcost\n", "pyproject.toml")
    assert find_project(tmp_path) == (table, [])


def test_a_broken_pyproject_of_others_is_none_of_ours(tmp_path):
    (tmp_path / ".git").mkdir()
    written(tmp_path, "[tool.other\n", "pyproject.toml")
    assert find_project(tmp_path) == (None, [])


def test_no_settings_say_nothing():
    assert Project() == NO_PROJECT
