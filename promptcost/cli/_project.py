"""The settings of the project a command runs in; loaded only when a command runs."""

from __future__ import annotations

from pathlib import Path

from promptcost.cli.streams import say_problems
from promptcost.config import NO_PROJECT, Project, find_project, load_project, near
from promptcost.errors import DataError


def open_project(config: Path | None, *, no_config: bool = False) -> Project:
    """Return the settings in a file, or in the nearest one.  Raises DataError with every fault."""
    here = Path.cwd()
    path, warnings = (config, []) if config or no_config else find_project(here)
    if path is None:
        return NO_PROJECT
    project, problems = load_project(near(path, here), here)
    if project is None:
        raise DataError([*warnings, *problems])
    say_problems([*warnings, *problems])
    return project
