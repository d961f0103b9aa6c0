"""Audits files of recorded requests, one after the other, each in constant memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from promptcost.audit.series.across import Openings, meet
from promptcost.audit.series.gather import Gatherer
from promptcost.audit.series.place import Locator
from promptcost.audit.series.program import Program
from promptcost.audit.series.terms import Market
from promptcost.errors import Level, Problem
from promptcost.model.audit_report import FileReport, FileStatus
from promptcost.model.series_report import ProgramReport, SeriesReport
from promptcost.rules.registry import request_rules
from promptcost.wire import WireRequest, group, read_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from promptcost.audit.lens import Lens
    from promptcost.model.finding import Finding
    from promptcost.rules.requests import Encounter
    from promptcost.wire import Step

_OPEN = 32  # programs of one file that are followed at a time
_SHOWN = 20  # programs of one file that are spelled out, those with the most requests
_OPENINGS = 8  # first requests of programs compared with other files
_LARGEST = 1 << 20  # prompt bytes of a first request that is compared with other files
_UNKNOWN, _NAME = 8, 60  # models outside of the catalogue that are named, characters of a name
_PROBLEMS = 50  # faults of one file that are spelled out


class SeriesAuditor:
    """Audits files of recorded requests; later files are compared with earlier ones."""

    def __init__(
        self,
        lens: Lens,
        at: datetime,
        prices: Sequence[Path],
        reported: Callable[[Finding], bool],
    ) -> None:
        """Keep the targets for unknown models, and what decides whether a finding is reported."""
        self._market = Market(at, prices, lens)
        self._reported = reported
        self._openings = Openings()

    def audit(self, path: Path) -> tuple[FileReport, list[Problem]]:
        """Return the answer about one file and the faults met in it."""
        source = str(path)
        if not path.is_file():
            problems = [one for one in read_requests(path) if isinstance(one, Problem)]
            return _not_analysed(source, problems[0].message), problems
        try:
            with path.open("rb") as places:
                audit = _FileAudit(path, self._market, places)
                for step in group(audit.requests()):
                    audit.take(step)
                audit.across(self._openings)
                audit.close()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            problem = Problem(path=source, message=reason, repair="check the path")
            return _not_analysed(source, reason), [problem]
        return audit.answer(self._reported), audit.problems


class _FileAudit:
    """One file while it is read."""

    def __init__(self, path: Path, market: Market, places: BinaryIO) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._source = str(path)
        self._market = market
        self._locator = Locator()
        self._locator.opened(self._source, places)
        self._gatherer = Gatherer(self._locator)
        self._programs: OrderedDict[int, Program] = OrderedDict()
        self._firsts: dict[int, WireRequest] = {}
        self._reports: list[ProgramReport] = []
        self._seen: set[int] = set()
        self._unknown: set[tuple[str, str]] = set()
        self._requests = 0

    def requests(self) -> Iterator[WireRequest]:
        """Yield the requests of the file; faults are kept aside."""
        for item in read_requests(self._path):
            for problem in item.problems if isinstance(item, WireRequest) else (item,):
                if len(self.problems) < _PROBLEMS:
                    self.problems.append(problem)
            if isinstance(item, WireRequest):
                yield item

    def take(self, step: Step) -> None:
        """Take up one request."""
        self._requests += 1
        known = self._market.of(step.request)
        if known.terms.minimum is None and len(self._unknown) < _UNKNOWN:
            self._unknown.add(
                ((step.request.model or "a nameless model")[:_NAME], known.terms.provider)
            )
        program = self._programs.get(step.program)
        if program is None:
            program = self._programs[step.program] = Program(step, known, self._locator)
            self._seen.add(step.program)
            if len(self._firsts) < _OPENINGS and step.request.size <= _LARGEST:
                self._firsts.setdefault(step.program, step.request)
        self._programs.move_to_end(step.program)
        self._look(program.number, program.take(step, known))
        if len(self._programs) > _OPEN:
            self._conclude(self._programs.popitem(last=False)[1])

    def across(self, openings: Openings) -> None:
        """Compare the first requests with those of earlier files, and keep them for later ones."""
        for number, request in self._firsts.items():
            partner = openings.partner(request)
            if partner is None:
                continue
            pair, encounter = meet(partner, request, self._market.of(request))
            self._look(number, encounter)
            if number in self._programs:
                self._programs[number].share(pair)
        openings.add(list(self._firsts.values()))

    def close(self) -> None:
        """Draw the conclusions about what is still followed."""
        for program in self._programs.values():
            self._conclude(program)

    def answer(self, reported: Callable[[Finding], bool]) -> FileReport:
        """Return the report about the file."""
        if not self._requests:
            faults = [one for one in self.problems if one.level is Level.ERROR]
            reason = faults[0].message if faults else "holds no request"
            return _not_analysed(self._source, reason)
        found = [one for one in self._gatherer.findings(self._requests) if reported(one)]
        found.sort(key=lambda finding: (-finding.severity, finding.place, finding.code))
        return FileReport(
            path=self._source,
            status=FileStatus.FINDINGS if found else FileStatus.CLEAN,
            findings=tuple(found),
            notes=tuple(self._notes()),
            series=SeriesReport(
                requests=self._requests,
                program_count=len(self._seen),
                programs=tuple(sorted(self._reports, key=lambda one: one.number)),
            ),
        )

    def _look(self, number: int, encounter: Encounter) -> None:
        for rule in request_rules():
            for sighting in rule.check(encounter):
                self._gatherer.add(rule, number, sighting)

    def _conclude(self, program: Program) -> None:
        facts = program.facts()
        for rule in request_rules():
            for sighting in rule.conclude(facts):
                self._gatherer.add(rule, program.number, sighting)
        self._reports.append(program.report())
        if len(self._reports) > _SHOWN:
            self._reports.remove(min(self._reports, key=lambda one: one.requests))

    def _notes(self) -> Iterator[str]:
        for model, provider in sorted(self._unknown):
            rules = (
                f"its cache rules are taken from {provider}"
                if provider
                else "its cache rules are unknown"
            )
            yield f"{model!r} is not in the catalogue: {rules}, tokens are those of other models"
        if self._gatherer.hidden:
            yield f"{self._gatherer.hidden} more sightings are not spelled out"


def _not_analysed(source: str, reason: str) -> FileReport:
    return FileReport(path=source, status=FileStatus.NOT_ANALYSED, reason=reason)
