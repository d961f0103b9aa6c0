"""Whole command lines against what they print: stdout, stderr and exit code.

`cases/NAME.cmd` is the command line, run in a copy of `shared/`; `cases/NAME.txt` what it gives.
``pytest tests/golden --update-golden`` rewrites them; read the difference before you commit it.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from promptcost.cli.edge import run

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "promptcost" / "data"
CASES = sorted(HERE.glob("cases/*.cmd"))
VERSION = re.compile(r'("(?:promptcost|semanticVersion)": )"\d[^"]*"')


def words_of(case: Path) -> list[str]:
    return shlex.split(case.read_text(encoding="utf-8"))


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the shared inputs, with a screen of a known width and no colour."""
    folder = tmp_path / "shared"
    shutil.copytree(HERE / "shared", folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "110")
    for name in ("NO_COLOR", "FORCE_COLOR", "PROMPTCOST_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_command_gives_what_is_expected(
    case: Path,
    capsys: pytest.CaptureFixture[str],
    update_golden: bool,  # noqa: FBT001 - a fixture
) -> None:
    code = run(words_of(case))
    out, err = capsys.readouterr()
    masked = VERSION.sub(r'\1"VERSION"', out)
    shown = f"{masked}--- stderr\n{err}--- exit code {code}\n"
    expected = case.with_suffix(".txt")
    if update_golden:
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


def printed(case: str) -> str:
    text = (HERE / "cases" / f"{case}.txt").read_text(encoding="utf-8")
    return text.partition("--- stderr\n")[0]


@pytest.mark.parametrize(
    ("case", "schema"), [("audit-json", "audit"), ("simulate-json", "simulate")]
)
def test_expected_json_obeys_the_shipped_schema(case: str, schema: str) -> None:
    shipped: dict[str, Any] = json.loads((DATA / f"report.{schema}.schema.json").read_bytes())
    jsonschema.Draft202012Validator(shipped).validate(json.loads(printed(case)))


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("audit-clean", 0),
        ("audit-exit-zero", 0),
        ("audit-never", 0),
        ("audit-terminal", 1),
        ("audit-broken", 2),
        ("audit-missing", 2),
        ("audit-unknown-target", 2),
        ("audit-nothing", 3),
        ("prices-list-nothing", 3),
    ],
)
def test_exit_codes_are_part_of_the_interface(case: str, code: int) -> None:
    text = (HERE / "cases" / f"{case}.txt").read_text(encoding="utf-8")
    assert text.endswith(f"--- exit code {code}\n")


@pytest.mark.parametrize("case", [case.stem for case in CASES])
def test_expected_output_holds_no_traceback_and_no_control_character(case: str) -> None:
    text = (HERE / "cases" / f"{case}.txt").read_text(encoding="utf-8")
    assert "Traceback" not in text
    assert "internal error" not in text
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}


def test_every_expected_output_has_a_command() -> None:
    commands = {case.stem for case in CASES}
    assert {path.stem for path in HERE.glob("cases/*.txt")} == commands
