"""The version stands in one place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ran

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_build_reads_the_version_of_the_package() -> None:
    table = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    assert table["project"]["dynamic"] == ["version"]
    assert "version" not in table["project"]
    assert table["tool"]["hatch"]["version"]["path"] == "promptcost/__init__.py"


def test_the_command_says_the_version_of_the_package(cli: Callable[..., Ran]) -> None:
    assert cli("--version").out == f"promptcost {__version__}\n"
