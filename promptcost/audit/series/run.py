"""Audits files of recorded requests, one after the other, each in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.series.across import Openings
from promptcost.audit.series.file import FileAudit, not_analysed
from promptcost.audit.series.gather import Gatherer
from promptcost.audit.series.place import Locator
from promptcost.audit.series.repair import find_repairs, is_repairable
from promptcost.audit.series.terms import Market
from promptcost.errors import Problem
from promptcost.wire import group, is_packed, read_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from promptcost.audit.lens import Lens
    from promptcost.audit.suppress import Suppression
    from promptcost.model.audit_report import FileReport
    from promptcost.model.finding import Finding, Safety
    from promptcost.model.recording import Recording


class SeriesAuditor:
    """Audits files of recorded requests; later files are compared with earlier ones."""

    def __init__(
        self,
        lens: Lens,
        at: datetime,
        prices: Sequence[Path],
        reported: Callable[[Finding], bool],
        silences: Sequence[Suppression] = (),
    ) -> None:
        """Keep the targets for unknown models, and what decides whether a finding is reported."""
        self._market = Market(at, prices, lens)
        self._reported = reported
        self._silences = silences
        self._openings = Openings()

    def audit(
        self,
        path: Path,
        tell: Callable[[Recording], None] = lambda _: None,
        repair: Safety | None = None,
    ) -> tuple[FileReport, list[Problem]]:
        """Return the answer about one file and the faults met in it.

        `tell` gets what a replay of the file needs.  With `repair` fixes are looked for; all that
        there are for requests are safe.
        """
        source = str(path)
        if not path.is_file():
            problems = [one for one in read_requests(path) if isinstance(one, Problem)]
            return not_analysed(source, problems[0].message), problems
        before = Openings(kept=list(self._openings.kept))
        try:
            with path.open("rb") as places:
                locator = Locator()
                if not is_packed(path):
                    locator.opened(source, places)
                audit = FileAudit(source, self._market, locator, Gatherer(locator))
                for step in group(audit.requests(read_requests(path))):
                    audit.take(step)
                audit.across(self._openings)
                audit.close()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            problem = Problem(path=source, message=reason, repair="check the path")
            return not_analysed(source, reason), [problem]
        tell(audit.recorder.recording(audit.causes()))
        answer = audit.answer(self._reported, self._silences)
        if repair is not None and answer.series is not None and is_repairable(answer.findings):
            requests = answer.series.requests
            repairs = find_repairs(path, requests, self._market, before, self._wanted)
            answer = audit.answer(self._reported, self._silences, repairs)
            audit.problems.extend(repairs.problems)
        return answer, audit.problems

    def _wanted(self, finding: Finding) -> bool:
        silenced = any(silence.covers(finding) for silence in self._silences)
        return self._reported(finding) and not silenced
