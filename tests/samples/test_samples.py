"""Every sample gives the output that is shipped beside it (see samples/README.md)."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
COMMANDS = sorted(SAMPLES.glob("*/expected/*.cmd"))


def name_of(command: Path) -> str:
    return f"{command.parts[-3]}-{command.stem}"


@pytest.mark.parametrize("command", COMMANDS, ids=name_of)
def test_sample_gives_its_expected_output(command: Path, update_golden: bool) -> None:  # noqa: FBT001 - a fixture
    words = shlex.split(command.read_text(encoding="utf-8"))
    run = subprocess.run(  # noqa: S603 - our own command lines
        [sys.executable, "-m", "promptcost", *words],
        cwd=command.parents[1],
        capture_output=True,
        encoding="utf-8",
        env={"PATH": "", "COLUMNS": "110", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    shown = f"{run.stdout}exit code {run.returncode}\n"
    expected = command.with_suffix(".txt")
    if update_golden:
        expected.write_text(shown, encoding="utf-8")
    assert run.stderr == ""
    assert shown == expected.read_text(encoding="utf-8")


def test_every_sample_has_the_files_a_reader_expects() -> None:
    folders = [folder for folder in SAMPLES.iterdir() if folder.is_dir()]
    assert len(folders) == 5
    for folder in folders:
        names = {path.name for path in folder.iterdir()}
        assert {"README.md", "workload.yaml", "prompt.j2", "contexts.yaml", "expected"} <= names
