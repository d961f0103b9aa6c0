"""What an audit found: per file a status, findings and the survival table, and the basis of it all.

The contract between `audit` and every reporter; a reporter renders it and computes nothing.  One
literal example, shortened to a single file, row and target:

    place = Place(path="support.j2", start_line=2, start_column=10, end_line=2, end_column=17)
    count = partial(TokenCount.exact, tokenizer="o200k_base")
    row = SurvivalRow(
        change=Change.NEXT_SECOND,
        confidence=Confidence.SUSPECTED,
        bytes_shared=41,
        bytes_total=9_800,
        place=place,
        expression="{{ now }}",
        targets=(
            TargetSurvival(
                target="openai/gpt-6.1-sol@30m",
                tokens_shared=count(9),
                tokens_total=count(2_140),
                minimum=1_024,
            ),
        ),
    )
    AuditReport(
        files=(
            FileReport(
                path="support.j2",
                status=FileStatus.FINDINGS,
                contexts=ContextSource.SYNTHESISED,
                findings=(Finding(code="PC101", place=place, ...),),
                survival=(row,),
                notes=("'now' is a stand-in, read as a time from its name",),
                lines=(SourceLine(path="support.j2", number=2, text="Today is {{ now }}."),),
            ),
        ),
        basis=Basis(seed=0, clock=datetime(2026, 1, 5, 9, 30, tzinfo=UTC)),
    )
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from promptcost.errors import Problem
from promptcost.model.count import CountMethod
from promptcost.model.finding import Confidence, Excerpt, Finding
from promptcost.model.series_report import SeriesReport
from promptcost.model.span import Place
from promptcost.model.survival import TargetSurvival as TargetSurvival  # noqa: PLC0414 - a row's part

SCHEMA_VERSION = 1


class Change(StrEnum):
    """What differs between two renders; the value is how reports name it.  See `brings`."""

    NEXT_REQUEST = "next request"
    NEXT_TURN = "next turn"
    NEXT_SECOND = "next second"
    NEXT_MINUTE = "next minute"
    NEXT_HOUR = "next hour"
    NEXT_DAY = "next day"
    OTHER_SESSION = "other session"
    OTHER_USER = "other user"
    OTHER_TENANT = "other tenant"
    OTHER_PROCESS = "other process"


def brings(change: Change) -> tuple[Change, ...]:
    """Return what happens when a change does: no request comes within the second of another.

    The next turn is a request too.  Every other change is looked at by itself.
    """
    match change:
        case Change.NEXT_REQUEST:
            return (Change.NEXT_REQUEST, Change.NEXT_SECOND)
        case Change.NEXT_TURN:
            return (Change.NEXT_TURN, Change.NEXT_REQUEST, Change.NEXT_SECOND)
        case _:
            return (change,)


class FileStatus(StrEnum):
    """The answer about one file or section; every one gets exactly one."""

    FINDINGS = "findings"
    CLEAN = "clean"
    NOT_ANALYSED = "not analysed"


class ContextSource(StrEnum):
    """Where the values of the renders came from."""

    GIVEN = "given"
    SYNTHESISED = "synthesised"
    MIXED = "given and synthesised"
    NONE = "no variables"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalRow:
    """What stays shared when one thing changes.

    `place`, `expression` and `excerpt` are of the first differing byte and empty when the whole
    prompt survives; then `confidence` is that of "nothing changed".  The excerpt is private text.
    """

    change: Change
    confidence: Confidence
    bytes_shared: int
    bytes_total: int
    place: Place | None = None
    expression: str = ""
    excerpt: Excerpt | None = None
    targets: tuple[TargetSurvival, ...] = ()

    @property
    def survives(self) -> bool:
        """Whether the whole prompt stays shared."""
        return self.bytes_shared == self.bytes_total


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A line of a template that a finding points into (private text, for carets in reports)."""

    path: str
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A finding the user silenced, why, and where the silence is written.

    `place` is in the source of the finding or in the settings file.  A finding that `is_known`
    stands in the baseline, and has none.
    """

    finding: Finding
    reason: str
    place: Place | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """The answer about one template: a file, or a section of a file that holds several.

    `reason` says why the file was not analysed; `notes` qualify what was assumed (stand-ins,
    branches not reached, inexact mapping).  Findings are ordered by place.  `series` is there for
    recorded requests, where contexts and survival are empty.
    """

    path: str
    section: str = ""
    status: FileStatus
    reason: str = ""
    contexts: ContextSource = ContextSource.NONE
    findings: tuple[Finding, ...] = ()
    survival: tuple[SurvivalRow, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[SourceLine, ...] = ()
    series: SeriesReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetBasis:
    """What a target's figures rest on: how tokens are counted, minimum, and when it was checked."""

    target: str
    tokenizer: str
    method: CountMethod
    minimum: int | None
    evidence: str
    checked: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything that must be equal for the same audit to give the same report.

    `contexts` are the names of the user's contexts, empty when all values were synthesised.
    """

    seed: int
    clock: datetime
    contexts: tuple[str, ...] = ()
    targets: tuple[TargetBasis, ...] = ()


class Traffic(StrEnum):
    """Which requests dollars are those of."""

    SIMULATED = "simulated workload"
    RECORDED = "recorded requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Dollars per month of a workload at a target: as it is, and without any cause found."""

    target: str
    as_it_is: Decimal
    repaired: Decimal
    traffic: Traffic = Traffic.SIMULATED


class Clocking(StrEnum):
    """When replayed requests come."""

    RECORDED = "as recorded"
    WORKLOAD = "as in the workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What the dollars of recorded requests rest on.

    `requests` of the `recorded` ones were replayed in order, starting with empty caches, and
    stand for `requests_per_month`.  `output_tokens` of every answer are the workload's.  `priced`
    of the `findings` carry dollars: the cause of the others cannot be undone in a replay.
    """

    requests: int
    recorded: int
    requests_per_month: int
    times: Clocking
    output_tokens: int
    priced_at: date
    findings: int
    priced: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The result of one audit; `problems` are faults of the user's files, findings are causes."""

    files: tuple[FileReport, ...]
    basis: Basis
    problems: tuple[Problem, ...] = ()
    worth: tuple[Worth, ...] = ()
    replay: Replay | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every file, in file order."""
        return tuple(finding for file in self.files for finding in file.findings)

    @property
    def suppressed(self) -> tuple[Suppressed, ...]:
        """Every silenced finding of every file, in file order."""
        return tuple(item for file in self.files for item in file.suppressed)
