"""Scores the audit against readings of recorded requests made by eye.

    python tests/acceptance/score_requests.py ../shared/data/requests

Prints recall on the rows an auditor should report, false alarms on the rows where it should stay
quiet, and every disagreement with its reason.  Exit code 1 when a threshold is missed.
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit import AuditRequest, run_audit
from promptcost.model.finding import Finding, Severity

if TYPE_CHECKING:
    from promptcost.model.audit_report import FileReport

RECALL = 0.95
FALSE_ALARMS = 0.05
AT = datetime(2026, 11, 20, tzinfo=UTC)
QUIET = "clean"
# Each kind asks for all of its codes; of alternatives in one set any will do.
CODES = {
    "timestamp": [{"PC202"}],
    "id": [{"PC203"}],
    "id+timestamp": [{"PC202"}, {"PC203"}],
    "counter": [{"PC204"}],
    "history rewritten": [{"PC201"}],
    "unordered": [{"PC205", "PC208", "PC215"}],
    "tools": [{"PC206", "PC207"}],
    "retrieval": [{"PC209"}],
    "user": [{"PC210"}],
    "environment": [{"PC211"}],
    "input": [{"PC212"}],
    "setting": [{"PC213", "PC214"}],
    "limit": [{"PC221"}],
    "order": [{"PC222"}],
    "empty": [{"PC223"}],
    "minimum": [{"PC224"}],
    "lookback": [{"PC225"}],
    "marker": [{"PC226", "PC227", "PC228", "PC229"}],
    "key": [{"PC231"}],
}
SEVERITIES = {
    "low": {Severity.LOW},
    "finding": {Severity.LOW, Severity.MEDIUM, Severity.HIGH},
    "error": {Severity.HIGH},
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

    @property
    def recall(self) -> float:
        """The share of rows to report that are reported as the stated kind at the stated place."""
        wanted = [verdict for verdict in self.verdicts if verdict.row["verdict"] != QUIET]
        return sum(verdict.agrees for verdict in wanted) / len(wanted)

    @property
    def false_alarms(self) -> float:
        """The share of rows to stay quiet on for which something is reported."""
        quiet = [verdict for verdict in self.verdicts if verdict.row["verdict"] == QUIET]
        return sum(not verdict.agrees for verdict in quiet) / len(quiet)


def score(folder: Path) -> Score:
    """Audit the files of every row and judge it."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return Score(verdicts=tuple(_judge(row, folder) for row in rows))


def _judge(row: dict[str, str], folder: Path) -> Verdict:
    names = row["file"].split(" vs ")
    paths = tuple(folder / name for name in names)
    *_, report = run_audit(AuditRequest(paths=paths, at=AT)).files
    findings = [found for found in report.findings if _is_asked(row, found, report)]
    said = ", ".join(f"{one.severity.word} {one.code} at {one.expression}" for one in findings)
    if row["verdict"] == QUIET:
        return Verdict(row=row, agrees=not findings, reason=f"reported {said}")
    right = [
        one for one in findings if one.severity in SEVERITIES[row["verdict"]] and _is_at(row, one)
    ]
    found = {one.code for one in right}
    agrees = all(found & codes for codes in CODES[row["kind"]])
    return Verdict(row=row, agrees=agrees, reason=f"said {said or report.reason or 'nothing'}")


def _is_asked(row: dict[str, str], finding: Finding, report: FileReport) -> bool:
    """Say whether a finding is about the requests that the row compares."""
    if " vs " in row["file"]:
        return any(other.place.path != report.path for other in finding.related)
    lines = _lines(row["pair"])
    return not lines or finding.place.start_line in lines


def _lines(pair: str) -> set[int]:
    """Return the lines of the later requests that a pair such as ``1-3, 4-6`` or ``3->4`` names.

    The first line of a range is compared with nothing; everything is asked where none is named.
    """
    lines: set[int] = set()
    for first, arrow, last in re.findall(r"(\d+)(->|-)(\d+)", pair):
        lines |= {int(last)} if arrow == "->" else set(range(int(first) + 1, int(last) + 1))
    return lines


def _is_at(row: dict[str, str], finding: Finding) -> bool:
    """Say whether the place begins with the one that the row names first."""
    wanted = re.match(r"[\w.\[\]]+", row["first_difference"])
    return wanted is None or finding.expression.startswith(wanted[0])


def main() -> int:
    """Print the score of a folder of readings."""
    result = score(Path(sys.argv[1]))
    for verdict in result.verdicts:
        row = verdict.row
        if not verdict.agrees:
            where = f"{row['verdict']:8} {row['kind']:18} {row['file']} {row['pair']}"
            sys.stdout.write(f"{where}: {verdict.reason}\n")
    sys.stdout.write(f"recall {result.recall:.1%}, false alarms {result.false_alarms:.1%}\n")
    return int(result.recall < RECALL or result.false_alarms > FALSE_ALARMS)


if __name__ == "__main__":
    sys.exit(main())
