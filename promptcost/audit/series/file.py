"""The audit of one file of recorded requests, in constant memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from promptcost.audit.series.across import meet
from promptcost.audit.series.gather import Cause
from promptcost.audit.series.program import Program
from promptcost.audit.series.recorder import Recorder
from promptcost.audit.suppress import apply
from promptcost.errors import Level, Problem
from promptcost.model.audit_report import FileReport, FileStatus
from promptcost.model.finding import Fix
from promptcost.model.series_report import ProgramReport, SeriesReport
from promptcost.rules.registry import request_rules
from promptcost.wire import WireRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from promptcost.audit.series.across import Openings
    from promptcost.audit.series.gather import Gatherer
    from promptcost.audit.series.place import Locator
    from promptcost.audit.series.terms import Market
    from promptcost.audit.suppress import Suppression
    from promptcost.model.finding import Finding
    from promptcost.rules.requests import Encounter
    from promptcost.wire import Step

_OPEN = 32  # programs of one file that are followed at a time
_SHOWN = 20  # programs of one file that are spelled out, those with the most requests
_OPENINGS = 8  # first requests of programs compared with other files
_LARGEST = 1 << 20  # prompt bytes of a first request that is compared with other files
_UNKNOWN, _NAME = 8, 60  # models outside of the catalogue that are named, characters of a name
_PROBLEMS = 50  # faults of one file that are spelled out


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """The fixes found for causes, what to know about them, or why none were looked for."""

    fixes: Mapping[Cause, Fix] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


NO_REPAIRS = Repairs()


class FileAudit:
    """One file while it is read; the locator has it open.

    `read` counts the tokens that its requests can read from a cache; `recorder` notes what a
    replay of them needs.
    """

    def __init__(self, source: str, market: Market, locator: Locator, gatherer: Gatherer) -> None:
        """Start before the first request."""
        self.recorder = Recorder(source)
        self.problems: list[Problem] = []
        self.read = 0
        self._source = source
        self._market = market
        self._locator = locator
        self._gatherer = gatherer
        self._programs: OrderedDict[int, Program] = OrderedDict()
        self._firsts: dict[int, WireRequest] = {}
        self._reports: list[ProgramReport] = []
        self._seen: set[int] = set()
        self._unknown: set[tuple[str, str]] = set()
        self._requests = 0

    def requests(self, items: Iterable[WireRequest | Problem]) -> Iterator[WireRequest]:
        """Yield the requests among what was read; faults are kept aside."""
        for item in items:
            for problem in item.problems if isinstance(item, WireRequest) else (item,):
                if len(self.problems) < _PROBLEMS:
                    self.problems.append(problem)
            if isinstance(item, WireRequest):
                yield item

    def take(self, step: Step) -> None:
        """Take up one request."""
        self._requests += 1
        known = self._market.of(step.request)
        self.recorder.met(step.request, known)
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

    def causes(self) -> dict[Cause, Finding]:
        """Return every cause that was seen, reported or not."""
        return self._gatherer.findings(self._requests)

    def answer(
        self,
        reported: Callable[[Finding], bool],
        silences: Sequence[Suppression],
        repairs: Repairs = NO_REPAIRS,
    ) -> FileReport:
        """Return the report about the file, with the repairs that were found for it."""
        if not self._requests:
            faults = [one for one in self.problems if one.level is Level.ERROR]
            reason = faults[0].message if faults else "holds no request"
            return not_analysed(self._source, reason)
        causes = self.causes().items()
        every = [replace(one, fix=repairs.fixes.get(cause)) for cause, one in causes]
        kept, silenced = apply(every, silences)
        found = [one for one in kept if reported(one)]
        found.sort(key=lambda finding: (-finding.severity, finding.place, finding.code))
        return FileReport(
            path=self._source,
            status=FileStatus.FINDINGS if found else FileStatus.CLEAN,
            findings=tuple(found),
            suppressed=silenced,
            notes=(*self._notes(), *repairs.notes),
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
                self.recorder.seen(rule, number, sighting, encounter)

    def _conclude(self, program: Program) -> None:
        facts = program.facts()
        for rule in request_rules():
            for sighting in rule.conclude(facts):
                self._gatherer.add(rule, program.number, sighting)
                self.recorder.concluded(rule, program.number, sighting, facts.terms)
        self.read += program.read
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


def not_analysed(source: str, reason: str) -> FileReport:
    """Return the answer about a file without any request."""
    return FileReport(path=source, status=FileStatus.NOT_ANALYSED, reason=reason)
