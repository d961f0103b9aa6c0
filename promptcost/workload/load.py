"""Reading a workload file: every fault of it in one run, then frozen values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from promptcost.errors import Level
from promptcost.files.text import MEGABYTE

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.errors import Problem
    from promptcost.workload.spec import Workload

DEFAULT_START = date(2026, 11, 2)  # a Monday, so that weekday weights begin with their first
SIZE_LIMIT = MEGABYTE


def load_workload(
    path: Path, *, start: date = DEFAULT_START
) -> tuple[Workload | None, list[Problem]]:
    """Return the workload of a YAML file and the problems found in it.

    No workload where a problem is an error; warnings come with one.  `start` is the first day of
    the period where the file names none.
    """
    from promptcost.files.yaml import read_yaml  # noqa: PLC0415 - only readers need it
    from promptcost.workload._build import build  # noqa: PLC0415 - needs pydantic

    document, problems = read_yaml(path, SIZE_LIMIT)
    if document is None:
        return None, problems
    workload, more = build(document, path.parent, start)
    problems += more
    sound = all(problem.level is Level.WARNING for problem in problems)
    return workload if sound else None, problems
