"""A baseline: findings that are known and accepted, so that only new ones block.

The file is JSON: one entry per finding with its code, path, expression and fingerprint.  Line
numbers are left out on purpose, so that text added above a finding does not make it new; so are
the numbers of requests and messages in a log, which every recording has others of.  Paths are
relative to the file.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.text import read_text
from promptcost.files.yaml import Document, parse_yaml
from promptcost.model.audit_report import AuditReport, FileStatus, Suppressed

if TYPE_CHECKING:
    from promptcost.model.audit_report import FileReport
    from promptcost.model.finding import Finding, Severity

VERSION = 1
REASON = "in the baseline"
_KEYS = ("code", "path", "expression", "fingerprint")
_REPAIR = "write it again with --write-baseline"
_SHOWN = 20  # stale entries that are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A known finding; `line` is that of the baseline file."""

    code: str
    path: str
    fingerprint: str
    line: int

    @property
    def key(self) -> tuple[str, str]:
        """What a finding has in common with its entry; the fingerprint holds the code."""
        return self.path, self.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Known findings, and the file they are written in."""

    path: Path
    entries: tuple[Entry, ...]


def baseline_text(report: AuditReport, path: Path) -> str:
    """Return the text of a baseline file at `path` that accepts every finding of a report."""
    entries = sorted(
        (finding.code, _seen_from(path, finding), finding.expression, finding.fingerprint)
        for finding in report.findings
    )
    findings = [dict(zip(_KEYS, entry, strict=True)) for entry in entries]
    return json.dumps({"schema_version": VERSION, "findings": findings}, indent=2) + "\n"


def read_baseline(path: Path) -> tuple[Baseline | None, list[Problem]]:
    """Read a baseline file, or say what is wrong with it."""
    document = _document(path)
    if isinstance(document, Problem):
        return None, [document]
    top = document.value
    entries = top.get("findings") if isinstance(top, dict) else None
    if not isinstance(entries, list) or top.get("schema_version") != VERSION:
        return None, [document.problem((), "is not a baseline of this version", _REPAIR)]
    read = [_read(document, number, entry) for number, entry in enumerate(entries)]
    faults = [made for made in read if isinstance(made, Problem)]
    known = tuple(made for made in read if isinstance(made, Entry))
    return (None if faults else Baseline(path=path, entries=known)), faults


def _document(path: Path) -> Document | Problem:
    """Return the JSON of a file, with the lines of its entries as far as a YAML reader sees them.

    Nearly all JSON is YAML, whose reader knows lines; what is wrong is told in words of JSON.
    """
    found = read_text(path)
    if isinstance(found, Problem):
        return found
    try:
        value = json.loads(found.text)
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg.lower()}"
        line, column = error.lineno, error.colno
        return Problem(path=str(path), message=message, repair=_REPAIR, line=line, column=column)
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        return Problem(path=str(path), message="is not a baseline", repair=_REPAIR)
    seen, _ = parse_yaml(found.text, str(path))
    return Document(path=str(path), value=value, places=seen.places if seen else {})


def _read(document: Document, number: int, entry: object) -> Entry | Problem:
    at = ("findings", number)
    match entry:
        case {"code": str(code), "path": str(path), "fingerprint": str(mark)}:
            line, _ = document.place(at)
            return Entry(code=code, path=path, fingerprint=mark, line=line)
        case _:
            return document.problem(at, f"an entry has not all of {', '.join(_KEYS)}", _REPAIR)


def without_known(report: AuditReport, baseline: Baseline, audited: frozenset[str]) -> AuditReport:
    """Move known findings to the suppressed ones, and warn of entries that are found no more.

    `audited` are the codes of the rules that were run; no word is said about others, nor about
    files that were not audited.
    """
    left: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in baseline.entries:
        left[entry.key].append(entry)
    files = tuple(_sift(file, baseline.path, left) for file in report.files)
    answered = {
        _relative(baseline.path, file.path)
        for file in report.files
        if file.status is not FileStatus.NOT_ANALYSED
    }
    stale = [
        entry
        for entries in left.values()
        for entry in entries
        if entry.code in audited and (entry.path in answered or _is_gone(baseline.path, entry))
    ]
    problems = (*report.problems, *_told(baseline.path, stale))
    return replace(report, files=files, problems=problems)


def without_lower(report: AuditReport, least: Severity) -> AuditReport:
    """Return the report without findings graded lower than `least`, known or not."""

    def kept(file: FileReport) -> FileReport:
        findings = tuple(finding for finding in file.findings if finding.severity >= least)
        known = tuple(
            item for item in file.suppressed if not item.is_known or item.finding.severity >= least
        )
        clean = file.status is FileStatus.FINDINGS and not findings
        status = FileStatus.CLEAN if clean else file.status
        return replace(file, findings=findings, suppressed=known, status=status)

    return replace(report, files=tuple(map(kept, report.files)))


def _told(path: Path, stale: list[Entry]) -> list[Problem]:
    told = [
        Problem(
            path=str(path),
            message=f"{entry.code} in {entry.path} is found no more",
            repair=_REPAIR,
            line=entry.line,
            level=Level.WARNING,
        )
        for entry in sorted(stale, key=lambda entry: entry.line)
    ]
    more = len(told) - _SHOWN
    if more <= 0:
        return told
    message = f"{more} more entries are found no more"
    rest = Problem(path=str(path), message=message, repair=_REPAIR, level=Level.WARNING)
    return [*told[:_SHOWN], rest]


def _sift(
    file: FileReport, path: Path, left: defaultdict[tuple[str, str], list[Entry]]
) -> FileReport:
    kept: list[Finding] = []
    known: list[Suppressed] = []
    for finding in file.findings:
        entries = left[_seen_from(path, finding), finding.fingerprint]
        if entries:
            entries.pop(0)
            known.append(Suppressed(finding=finding, reason=REASON, is_known=True))
        else:
            kept.append(finding)
    if not known:
        return file
    status = FileStatus.FINDINGS if kept else FileStatus.CLEAN
    silenced = (*file.suppressed, *known)
    return replace(file, findings=tuple(kept), suppressed=silenced, status=status)


def _is_gone(baseline: Path, entry: Entry) -> bool:
    return not (baseline.absolute().parent / entry.path).exists()


def _seen_from(baseline: Path, finding: Finding) -> str:
    return _relative(baseline, finding.place.path)


def _relative(baseline: Path, path: str) -> str:
    place = os.path.relpath(Path(path).absolute(), baseline.absolute().parent)
    return Path(place).as_posix()
