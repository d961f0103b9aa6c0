"""Reading a workload file: every fault of it in one run, then frozen values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from promptcost.errors import Level
from promptcost.files.text import MEGABYTE

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.errors import Problem
    from promptcost.files.yaml import Document
    from promptcost.workload.spec import Workload

DEFAULT_START = date(2026, 11, 2)  # a Monday, so that weekday weights begin with their first
SIZE_LIMIT = MEGABYTE
NO_PROMPT = "add prompt: with its parts, or template: with a file"


def load_workload(
    path: Path, *, start: date = DEFAULT_START
) -> tuple[Workload | None, list[Problem]]:
    """Return the workload of a YAML file and the problems found in it.

    No workload where a problem is an error; warnings come with one.  `start` is the first day of
    the period where the file names none.
    """
    from promptcost.files.yaml import read_yaml  # noqa: PLC0415 - only readers need it

    document, problems = read_yaml(path, SIZE_LIMIT)
    if document is None:
        return None, problems
    top = document.value
    if isinstance(top, dict) and top and not {"prompt", "template"} & top.keys():
        problems.append(document.problem((), "has no prompt", NO_PROMPT))
    return _built(document, path.parent, start, problems)


def load_traffic(path: Path) -> tuple[Workload | None, list[Problem]]:
    """Return the same of a file that need not say what the prompt is, only who calls and when."""
    from promptcost.files.yaml import read_yaml  # noqa: PLC0415 - only readers need it

    document, problems = read_yaml(path, SIZE_LIMIT)
    if document is None:
        return None, problems
    return _built(document, path.parent, DEFAULT_START, problems)


def _built(
    document: Document, folder: Path, start: date, problems: list[Problem]
) -> tuple[Workload | None, list[Problem]]:
    from promptcost.workload._build import build  # noqa: PLC0415 - needs pydantic

    workload, more = build(document, folder, start)
    problems += more
    sound = all(problem.level is Level.WARNING for problem in problems)
    return workload if sound else None, problems
