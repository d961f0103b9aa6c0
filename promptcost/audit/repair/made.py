"""Edits made: of one text, and of the files that a report's fixes change."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from promptcost.model.finding import Edit
from promptcost.templates.textmap import size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promptcost.model.finding import Finding, Fix


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


def difference(path: str, before: str, after: str) -> list[Edit]:
    """Return edits that lead from one text to another, line by line."""
    ours, theirs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    ends = [0, *accumulate(map(size, ours))]
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return [
        Edit(path=path, start=ends[i], end=ends[j], replacement="".join(theirs[k:m]))
        for tag, i, j, k, m in codes
        if tag != "equal"
    ]


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
    held: list[tuple[int, int]] = []
    for fix in dict.fromkeys(fixes):
        if not any(_touches(edit, held) for edit in fix.edits):
            chosen.append(fix)
            held = sorted([*held, *((edit.start, edit.end) for edit in fix.edits)])
    return chosen


def _touches(edit: Edit, held: Sequence[tuple[int, int]]) -> bool:
    """Say whether an edit changes bytes of a range; insertions at one place follow one another."""
    before = bisect_left(held, (edit.end, 0))
    return before > 0 and held[before - 1][1] > edit.start
