"""Runs command lines, in this process (measured by coverage) or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from promptcost.cli.edge import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Give a function that runs promptcost in an empty folder, with a bare environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "PROMPTCOST_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def ran(*words: str, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = run(words)
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Ran]:
    """Give the same function for a process of its own."""

    def ran(*words: str, **environment: str) -> Ran:
        kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "promptcost", *words],
            cwd=tmp_path,
            env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return ran
