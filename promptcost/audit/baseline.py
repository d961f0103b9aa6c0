"""A baseline: findings that are known and accepted, so that only new ones block.

The file is JSON: one entry per finding with its code, path and expression.  Lines are left out on
purpose, so that text added above a finding does not make it new.  Paths are relative to the file.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.yaml import read_yaml
from promptcost.model.audit_report import AuditReport, FileStatus, Suppressed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.model.audit_report import FileReport
    from promptcost.model.finding import Finding

VERSION = 1
REASON = "in the baseline"
_KEYS = ("code", "path", "expression")

Known = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Known findings with how often each occurs, and the file they are written in."""

    path: Path
    known: Counter[Known]


def baseline_text(report: AuditReport, path: Path) -> str:
    """Return the text of a baseline file at `path` that accepts every finding of a report."""
    entries = sorted(_key(finding, path) for finding in report.findings)
    findings = [dict(zip(_KEYS, entry, strict=True)) for entry in entries]
    return json.dumps({"schema_version": VERSION, "findings": findings}, indent=2) + "\n"


def read_baseline(path: Path) -> tuple[Baseline | None, list[Problem]]:
    """Read a baseline file, or say what is wrong with it."""
    document, problems = read_yaml(path)
    if document is None or problems:
        return None, problems
    top = document.value
    entries = top.get("findings") if isinstance(top, dict) else None
    if not isinstance(entries, list) or top.get("schema_version") != VERSION:
        repair = "write it again with --write-baseline"
        return None, [document.problem((), "is not a baseline of this version", repair)]
    known: Counter[Known] = Counter()
    for number, entry in enumerate(entries):
        made = _read(entry)
        if made is None:
            message, at = "an entry has no code, path and expression", ("findings", number)
            problems.append(document.problem(at, message, "write the baseline again"))
        else:
            known[made] += 1
    return (None if problems else Baseline(path=path, known=known)), problems


def _read(entry: object) -> Known | None:
    if not isinstance(entry, dict):
        return None
    code, path, expression = (entry.get(key) for key in _KEYS)
    if isinstance(code, str) and isinstance(path, str):
        return code, path, "" if expression is None else str(expression)
    return None


def without_known(report: AuditReport, baseline: Baseline) -> AuditReport:
    """Move known findings to the suppressed ones; warn of entries that are found no more."""
    left = baseline.known.copy()
    files = tuple(_sift(file, baseline.path, left) for file in report.files)
    stale = sum(left.values())
    problems = [*report.problems]
    if stale:
        problems.append(
            Problem(
                path=str(baseline.path),
                message=f"{stale} entries are found no more",
                repair="write the baseline again with --write-baseline",
                level=Level.WARNING,
            )
        )
    return replace(report, files=files, problems=tuple(problems))


def _sift(file: FileReport, path: Path, left: Counter[Known]) -> FileReport:
    kept: list[Finding] = []
    known: list[Suppressed] = []
    for finding in file.findings:
        key = _key(finding, path)
        if left[key] > 0:
            left[key] -= 1
            known.append(Suppressed(finding=finding, reason=REASON))
        else:
            kept.append(finding)
    if not known:
        return file
    status = FileStatus.FINDINGS if kept else FileStatus.CLEAN
    silenced = (*file.suppressed, *known)
    return replace(file, findings=tuple(kept), suppressed=silenced, status=status)


def _key(finding: Finding, path: Path) -> Known:
    place = os.path.relpath(Path(finding.place.path).absolute(), path.absolute().parent)
    return finding.code, Path(place).as_posix(), _words(finding.expression.split())


def _words(words: Iterable[str]) -> str:
    return " ".join(words)
