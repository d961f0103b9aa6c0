"""Edits made: of one text, and of the files that a report's fixes change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promptcost.model.finding import Edit, Finding, Fix


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits made; ones that touch an earlier one are left out."""
    data = text.encode("utf-8", "surrogatepass")
    made, at = [], 0
    for edit in ordered(edits):
        if edit.start >= at:
            made += [data[at : edit.start], edit.replacement.encode("utf-8", "surrogatepass")]
            at = edit.end
    made.append(data[at:])
    return b"".join(made).decode("utf-8", "surrogatepass")


def ordered(edits: Sequence[Edit]) -> list[Edit]:
    """Return edits in the order of their places; insertions at one place keep theirs."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A file before and after its fixes, and how many were made."""

    path: str
    before: str
    after: str
    fixes: int


def repaired(findings: Sequence[Finding], text_of: Callable[[str], str | None]) -> list[Repaired]:
    """Return every file that offered fixes change; of several that overlap, the first is made."""
    edits: dict[str, list[Fix]] = {}
    for finding in findings:
        if finding.fix is not None and finding.fix.edits:
            edits.setdefault(finding.place.path, []).append(finding.fix)
    made = []
    for path, fixes in edits.items():
        before = text_of(path)
        if before is not None:
            chosen = _apart(fixes)
            after = edited(before, [edit for fix in chosen for edit in fix.edits])
            made.append(Repaired(path=path, before=before, after=after, fixes=len(chosen)))
    return made


def _apart(fixes: Sequence[Fix]) -> list[Fix]:
    """Return fixes that do not touch one another, in order; a fix is made whole or not at all."""
    chosen: list[Fix] = []
    for fix in dict.fromkeys(fixes):
        held = [edit for other in chosen for edit in other.edits]
        if not any(_touch(edit, other) for edit in fix.edits for other in held):
            chosen.append(fix)
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    """Say whether two edits change the same bytes; insertions at one place follow one another."""
    return one.start < other.end and other.start < one.end
