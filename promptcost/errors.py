"""Faults and exit codes of promptcost.

A fault in the user's data is a `Problem`: a value that is collected, so that one run reports all of
them.  Only misuse that makes a run impossible raises:

    PromptcostError
    ├── UsageError       wrong words on the command line (exit 2)
    ├── DataError        unusable input; carries the collected problems (exit 2)
    └── NothingToDo      nothing to check (exit 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(IntEnum):
    """What the process says to its caller; part of the public interface."""

    CLEAN = 0
    GATE_FAILED = 1
    UNUSABLE = 2
    NOTHING = 3


class Level(StrEnum):
    """Whether a problem stops the figure it concerns or only qualifies it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault in the user's data: what is wrong, where, and the repair.

    Line and column are 1-based; None where the fault has no place inside the file.
    Messages never contain prompt text.
    """

    path: str
    message: str
    repair: str = ""
    line: int | None = None
    column: int | None = None
    level: Level = Level.ERROR

    def __str__(self) -> str:
        """Return ``path:line:column: message; repair`` with the parts that are known."""
        numbers = [str(n) for n in (self.line, self.column) if n is not None]
        where = ":".join([self.path, *numbers])
        tail = f"; {self.repair}" if self.repair else ""
        return f"{where}: {self.message}{tail}"


class PromptcostError(Exception):
    """Base of everything promptcost raises on purpose."""

    exit_code = ExitCode.UNUSABLE


class UsageError(PromptcostError):
    """The command line cannot be carried out as written."""


class DataError(PromptcostError):
    """The input cannot be used; `problems` says every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order in which they were found."""
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class NothingToDo(PromptcostError):  # noqa: N818 - an outcome with its own exit code, not a fault
    """There was nothing to check: an empty selection is not a pass."""

    exit_code = ExitCode.NOTHING
