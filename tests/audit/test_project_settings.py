from __future__ import annotations

import pytest

from promptcost.audit.project import NO_PROJECT, Project, find_project, load_project

FULL = """
targets: [anthropic/claude-sonnet-5-5@1h]
context: prompts/c.yaml
select: [PC1, unordered-iteration]
ignore: [PC105]
per-file-ignores: {"old/*.j2": [PC104]}
pricing: [own.yaml]
fail-on: medium
baseline: known.json
"""


def written(tmp_path, text, name="promptcost.yaml"):
    path = tmp_path / name
    path.write_text(text)
    return path


def faults(tmp_path, text, name="promptcost.yaml"):
    project, problems = load_project(written(tmp_path, text, name))
    assert project is None
    return [(problem.line, problem.message) for problem in problems]


def test_settings_of_a_project(tmp_path):
    project, problems = load_project(written(tmp_path, FULL))
    assert problems == []
    assert project == Project(
        targets=("anthropic/claude-sonnet-5-5@1h",),
        context=tmp_path / "prompts/c.yaml",
        select=("PC1", "unordered-iteration"),
        ignore=("PC105",),
        per_file={"old/*.j2": ("PC104",)},
        pricing=(tmp_path / "own.yaml",),
        fail_on="medium",
        baseline=tmp_path / "known.json",
    )


def test_settings_in_pyproject(tmp_path):
    per_file = '[tool.promptcost.per-file-ignores]\n"a*" = ["PC104"]\n'
    text = f'[tool.promptcost]\nselect = ["PC1"]\n{per_file}'
    project, problems = load_project(written(tmp_path, text, "pyproject.toml"))
    assert (project.select, project.per_file, problems) == (("PC1",), {"a*": ("PC104",)}, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selct: [PC1]", [(1, "unknown setting 'selct'")]),
        ("zzz: 1", [(1, "unknown setting 'zzz'")]),
        ("select: PC1", [(1, "select is not a list of texts")]),
        ("ignore: [1]", [(1, "ignore is not a list of texts")]),
        ("\nselect: [PC999]", [(2, "no rule is called 'PC999'")]),
        ("context: [a]", [(1, "context is not a text")]),
        ("per-file-ignores: [a]", [(1, "per-file-ignores is not a mapping")]),
        ("per-file-ignores:\n  a: [PC998]", [(2, "no rule is called 'PC998'")]),
        ("- 1", [(1, "is not a mapping of settings")]),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, text, expected):
    assert faults(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[project]\nname='x'\n[tool.promptcost]\n\nselct = []\n",
            [(5, "unknown setting 'selct'")],
        ),
        ("[tool.promptcost]\nselect = ['PC9']\n[other]\nx = 1", [(2, "no rule is called 'PC9'")]),
        ("[tool.promptcost]\nselect = [\n", [(None, "is not TOML")]),
        ("tool = 1\n= 2", [(2, "is not TOML")]),
    ],
)
def test_faults_in_pyproject_are_named_with_their_line(tmp_path, text, expected):
    found = faults(tmp_path, text, "pyproject.toml")
    assert [message for _, message in found] == [message for _, message in expected]
    assert [line for line, _ in found if line and found[0][1] != "is not TOML"] == [
        line for line, message in expected if message != "is not TOML"
    ]


def test_pyproject_without_the_table_says_nothing(tmp_path):
    assert load_project(written(tmp_path, "tool = 1\n", "pyproject.toml")) == (NO_PROJECT, [])


def test_missing_files_are_problems(tmp_path):
    assert load_project(tmp_path / "promptcost.yaml")[0] is None
    assert load_project(tmp_path / "pyproject.toml")[0] is None


def test_nearest_settings_file_is_found_up_to_the_repository(tmp_path):
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    written(tmp_path, "select: [PC1]")
    assert find_project(inner) is None
    table = written(tmp_path / "repo", "[tool.promptcost]\n", "pyproject.toml")
    assert find_project(inner) == table
    written(tmp_path / "repo" / "a", "[tool.other]\n", "pyproject.toml")
    assert find_project(inner) == table
    nearest = written(tmp_path / "repo" / "a", "select: [PC1]")
    assert find_project(inner) == nearest


def test_no_settings_file_up_to_the_root(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.project.YAML_NAME", "no-such-name.yaml")
    monkeypatch.setattr("promptcost.audit.project.TOML_NAME", "no-such-name.toml")
    assert find_project(tmp_path) is None
