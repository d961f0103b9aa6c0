"""Scores the audit against readings of real prompt templates made by eye.

    python tests/acceptance/score_templates.py ../shared/data/templates

Prints recall on the rows an auditor should report, false alarms on the rows where it should stay
quiet, and every disagreement with its reason.  Exit code 1 when a threshold is missed.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit import AuditRequest, run_audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.model.audit_report import FileReport
    from promptcost.model.finding import Finding

RECALL = 0.95
FALSE_ALARMS = 0.05
CODES = {
    "timestamp": {"PC101"},
    "id": {"PC102"},
    "input": {"PC104"},
    "retrieval": {"PC104", "PC106"},
    "history": {"PC106", "PC107", "PC109"},
    "loop": {"PC104", "PC106", "PC102"},
    "unordered": {"PC105"},
    "conditional": {"PC107", "PC110"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One row of the readings and whether the audit agrees; `reason` says how it does not."""

    row: dict[str, str]
    agrees: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All rows, judged."""

    verdicts: tuple[Verdict, ...]

    def _of(self, flag: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.row["should_flag"] == flag]

    @property
    def recall(self) -> float:
        """The share of rows to report that are reported at the stated kind and line."""
        wanted = self._of("yes")
        return sum(verdict.agrees for verdict in wanted) / len(wanted)

    @property
    def false_alarms(self) -> float:
        """The share of rows to stay quiet on for which something is reported."""
        quiet = self._of("no")
        return sum(not verdict.agrees for verdict in quiet) / len(quiet)


def score(folder: Path) -> Score:
    """Audit every file the readings name and judge each row."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    files = sorted({folder / row["file"] for row in rows})
    report = run_audit(AuditRequest(paths=tuple(files), at=datetime(2026, 11, 20, tzinfo=UTC)))
    return Score(verdicts=tuple(_judge(row, folder, report.files) for row in rows))


def _judge(row: dict[str, str], folder: Path, files: Iterable[FileReport]) -> Verdict:
    mine = [file for file in files if file.path == str(folder / row["file"])]
    named = [file for file in mine if _section(file) == row["section"]]
    only = mine if len(mine) == 1 else []
    findings = [finding for file in named or only for finding in file.findings]
    said = ", ".join(f"{found.code} on line {found.place.start_line}" for found in findings)
    if row["should_flag"] == "no":
        return Verdict(row=row, agrees=not findings, reason=f"reported {said}")
    line = int(row["first_volatile_line"] or 0)
    agrees = any(
        found.code in CODES.get(row["kind"], set()) and line in _lines(found) for found in findings
    )
    why = ", ".join(file.reason for file in mine if file.reason)
    return Verdict(row=row, agrees=agrees, reason=f"said {said or why or 'nothing'}")


def _lines(finding: Finding) -> set[int]:
    """Return the line of a finding; of a loop also that of what it prints first."""
    places = [finding.place, *(more.place for more in finding.related if more.is_same_cause)]
    is_loop = finding.expression.startswith("for ")
    return {place.start_line for place in places[: 1 + is_loop]}


def _section(file: FileReport) -> str:
    return file.section.rpartition(".")[2]


def main() -> int:
    """Print the score of a folder of readings."""
    result = score(Path(sys.argv[1]))
    for verdict in result.verdicts:
        row = verdict.row
        if not verdict.agrees:
            where = f"{row['file']}:{row['first_volatile_line']}"
            sys.stdout.write(f"{row['should_flag']:5} {row['kind']:12} {where}: {verdict.reason}\n")
    sys.stdout.write(f"recall {result.recall:.1%}, false alarms {result.false_alarms:.1%}\n")
    return int(result.recall < RECALL or result.false_alarms > FALSE_ALARMS)


if __name__ == "__main__":
    sys.exit(main())
