"""A finding: one cause of cache loss, where it stands, how sure that is, and the repair."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from hashlib import blake2b

from promptcost.model.count import TokenCount
from promptcost.model.span import Place


class Severity(IntEnum):
    """How much a finding costs; ordered."""

    NOTE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The lower-case name used on the command line and in reports."""
        return self.name.lower()


class Confidence(StrEnum):
    """Where the knowledge comes from: bytes that differ, the user's word, or a name or pattern."""

    CONFIRMED = "confirmed"
    DECLARED = "declared"
    SUSPECTED = "suspected"


class Safety(StrEnum):
    """Whether applying a fix can change what the prompt means."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """What stood at the first differing byte before and after a perturbation (private text)."""

    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that explains a finding; `is_same_cause` where the same text stands again."""

    place: Place
    message: str
    is_same_cause: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the bytes of a half-open range of a file."""

    path: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A repair as edits to files."""

    message: str
    safety: Safety
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCost:
    """Dollars a cause costs per month of a workload at a target; negative where it saves.

    `together_with` are the codes of other findings that the same repair of recorded requests ends.
    """

    target: str
    per_month: Decimal
    together_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause of cache loss.

    `costs` are empty without a workload that holds the template, and where no replay of recorded
    requests can do without the cause.
    `tokens_at_risk` is what stops being shared because of it, None when it cannot be said.
    `expression` is the template source of the place (not prompt content); `excerpt` is private.
    `fingerprint` is that of `fingerprint`, empty until a report holds the finding.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    place: Place
    message: str
    help: str
    expression: str = ""
    tokens_at_risk: TokenCount | None = None
    related: tuple[Related, ...] = ()
    excerpt: Excerpt | None = None
    fix: Fix | None = None
    costs: tuple[FindingCost, ...] = ()
    fingerprint: str = ""


def fingerprint(finding: Finding, line: str) -> str:
    """Return a hash of what makes a finding the same one in its file, wherever its line moves to.

    Code, expression and the source line without regard to blanks; no text can be read back.
    """
    words = (finding.code, " ".join(finding.expression.split()), " ".join(line.split()))
    data = "\0".join(words).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=8).hexdigest()
