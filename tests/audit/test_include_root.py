"""Where an audit looks for included files."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptcost.audit.template import root_of


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "prompts" / "agents").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_includes_stay_in_the_audited_folder():
    folder = Path("prompts")
    assert root_of(folder / "agents" / "a.j2", [Path("other"), folder]) == folder


def test_includes_of_a_named_file_stay_in_the_working_directory(project):
    assert root_of(Path("prompts/agents/a.j2"), []) == Path()
    assert root_of(project / "prompts" / "a.j2", []) == project


def test_includes_of_a_file_elsewhere_stay_beside_it(project, monkeypatch):
    monkeypatch.chdir(project / "prompts" / "agents")
    assert root_of(Path("../a.j2"), []) == Path("..")
    assert root_of(project / "prompts" / "a.j2", []) == project / "prompts"
