"""The README says only what is true: its tables are generated, its examples are real output."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from promptcost.cli.app import app
from promptcost.rules import all_rules

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
RULES = re.compile(r"(<!-- rules: [^\n]*-->\n)(.*?)(<!-- /rules -->)", re.DOTALL)


def rule_table() -> str:
    rows = [f"| {rule.code} | {rule.name} | {rule.title} |\n" for rule in all_rules()]
    return "".join(["\n| code | name | what it finds |\n|---|---|---|\n", *rows, "\n"])


def test_rule_table_is_generated(update_golden: bool) -> None:  # noqa: FBT001 - a fixture
    text = README.read_text(encoding="utf-8")
    if update_golden:
        README.write_text(RULES.sub(rf"\g<1>{rule_table()}\g<3>", text), encoding="utf-8")
        text = README.read_text(encoding="utf-8")
    found = RULES.search(text)
    assert found is not None
    assert found[2] == rule_table()


def console_lines() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def shipped_lines() -> set[str]:
    shipped = (ROOT / "samples").glob("*/expected/*.txt")
    return {line for path in shipped for line in path.read_text(encoding="utf-8").splitlines()}


def test_every_line_of_the_console_examples_is_real_output() -> None:
    shown = [line for line in console_lines() if line.strip() and not line.startswith("$ ")]
    assert len(shown) > 10
    assert set(shown) <= shipped_lines()


@pytest.mark.parametrize("command", ["audit", "simulate", "prices", "explain", "rules"])
def test_every_command_is_described_and_has_help(command: str) -> None:
    assert f"`promptcost {command}" in README.read_text(encoding="utf-8")
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_commands_of_the_readme_are_all_the_commands() -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    described = set(re.findall(r"^\| `promptcost (\w+)", README.read_text("utf-8"), re.MULTILINE))
    assert names == described


def test_relative_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_never_installs_the_unrelated_package() -> None:
    text = README.read_text(encoding="utf-8")
    assert re.search(r"pip install [\"']?promptcost(?!-cli)", text) is None
