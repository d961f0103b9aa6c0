"""Opening the workload file that a command was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.cli.streams import say_problems
from promptcost.errors import DataError, Level
from promptcost.workload.load import load_traffic, load_workload

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.errors import Problem
    from promptcost.workload.spec import Workload


def open_workload(path: Path) -> Workload:
    """Return a workload and say its warnings.  Raises DataError with every fault."""
    return _opened(*load_workload(path))


def open_traffic(path: Path) -> Workload:
    """Return the same of a file that may leave out the prompt."""
    return _opened(*load_traffic(path))


def _opened(workload: Workload | None, problems: list[Problem]) -> Workload:
    if workload is None or any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    say_problems(problems)
    return workload
