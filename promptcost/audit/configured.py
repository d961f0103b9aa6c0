"""Suppressions of the settings file: which of them silence nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit.suppress import unused
from promptcost.model.audit_report import FileStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promptcost.audit.suppress import Suppression
    from promptcost.errors import Problem
    from promptcost.model.audit_report import FileReport

_GLOB = re.compile(r"[*?\[]")
_ESCAPED = re.compile(r"\[([*?\[])\]")


def unused_configured(
    silences: Sequence[Suppression],
    files: Sequence[FileReport],
    paths: Iterable[Path],
    audited: frozenset[str],
) -> list[Problem]:
    """Return a warning for each suppression that silenced nothing in files that were audited.

    No word is said about a glob whose files this run did not look at, as when a single file is
    named, nor about one with a file that could not be analysed.
    """
    folders = [path for path in paths if path.is_dir()]
    silenced = [item for file in files for item in file.suppressed]
    judged = [silence for silence in silences if _is_judged(silence, files, folders)]
    return unused(judged, silenced, audited)


def _is_judged(silence: Suppression, files: Sequence[FileReport], folders: Sequence[Path]) -> bool:
    matched = [file for file in files if silence.covers_file(file.path)]
    if matched:
        return all(file.status is not FileStatus.NOT_ANALYSED for file in matched)
    start = _fixed_start(silence.glob or "")
    within = (start.is_relative_to(os.path.abspath(folder)) for folder in folders)  # noqa: PTH100 - follows no link
    return not start.exists() or any(within)


def _fixed_start(glob: str) -> Path:
    """Return the folder or file that a glob names before its first sign."""
    literal = _ESCAPED.sub(lambda match: f"\0{ord(match[1])}\0", glob)
    sign = _GLOB.search(literal)
    head = literal if sign is None else literal[: sign.start()].rpartition("/")[0] or "/"
    return Path(re.sub("\0(\\d+)\0", lambda match: chr(int(match[1])), head))
