"""What ``--fix`` and ``--diff`` do with the repairs that an audit offers."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit.repair import Repaired, repaired
from promptcost.cli.preview import readable
from promptcost.cli.streams import say
from promptcost.errors import DataError, Level, Problem
from promptcost.files.atomic import write_atomic
from promptcost.files.text import read_bytes
from promptcost.report.safe import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.model.audit_report import AuditReport


def repairs_of(report: AuditReport) -> list[Repaired]:
    """Return every file that the offered fixes change, before and after."""
    recorded = recordings_of(report)
    marked: set[str] = set()

    def text_of(path: str) -> str | None:
        text = _text(path)
        if text is None or path in recorded or not text.startswith(_MARK):
            return text
        # Places in templates are those of the text without the mark.
        marked.add(path)
        return text.removeprefix(_MARK)

    made = repaired(report.findings, text_of)
    return [_with_mark(each) if each.path in marked else each for each in made]


def _with_mark(made: Repaired) -> Repaired:
    return replace(made, before=_MARK + made.before, after=_MARK + made.after)


def recordings_of(report: AuditReport) -> frozenset[str]:
    """Return the files of recorded requests."""
    return frozenset(file.path for file in report.files if file.series is not None)


def _text(path: str) -> str | None:
    """Return the text as it stands; None where reading it alters bytes (an encoding)."""
    data = read_bytes(Path(path))
    if isinstance(data, Problem):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def diff_of(repairs: Sequence[Repaired]) -> str:
    """Return the repairs as a unified diff, without control characters of the prompt.

    Lines as long as those of logs are cut to what changes in them.
    """
    lines: list[str] = []
    for made in repairs:
        before, after = made.before.split("\n"), made.after.split("\n")
        names = f"a/{made.path}", f"b/{made.path}"
        lines += unified_diff(before, after, *names, lineterm="", n=2)
    return "".join(f"{visible(line)}\n" for line in readable(lines))


def write_repairs(repairs: Sequence[Repaired], recorded: frozenset[str]) -> None:
    """Write repaired files whole or not at all.  Raises DataError where one cannot be written.

    Of files that are `recorded` it is said that the code behind them is still to be repaired.
    """
    for made in repairs:
        try:
            write_atomic(Path(made.path).resolve(), made.after)
        except OSError as error:
            reason = error.strerror or "unknown reason"
            message = f"cannot be repaired: {reason}"
            fault = Problem(path=made.path, message=message, repair="make it writable")
            raise DataError([fault]) from error
        many = "1 repair" if made.fixes == 1 else f"{made.fixes} repairs"
        more = _BY_HAND if made.path in recorded else ""
        say(f"{made.path}: {many} made{more}", Level.WARNING)


_MARK = "\ufeff"  # of byte order
_BY_HAND = " in the recording; repair the code that builds the requests by hand"
