"""Repairs: edits of a template that are offered only after an audit of the edited text agrees.

Safe: sort what has no order of its own.  Unsafe, because it moves words of a prompt: move the line
of a volatile value to the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from promptcost.model.finding import Edit, Finding, Fix, Safety, Severity
from promptcost.model.span import LineIndex, Span
from promptcost.templates.blocks import Blocks
from promptcost.templates.settings import SourceKind
from promptcost.templates.source import TemplateSource
from promptcost.templates.textmap import TextMap

_MOVABLE = frozenset({"PC101", "PC102", "PC103", "PC104", "PC106", "PC108", "PC109"})
_SORTABLE = "PC105"
_WHOLE_FILE = frozenset({SourceKind.JINJA, SourceKind.STR_FORMAT})
# The iterable of a for-tag, or the value of an expression, where it is a plain path; a method that
# gives entries or keys may follow it.  What `values()` gives need not be sortable.
_FOR = re.compile(rb"for\s+[\w\s,()]+?\s+in\s+(?P<value>[\w.]+(?:\(\))?)\s*(?:[-+]?%\}|\|\s*list)")
_PATH = re.compile(rb"\{\{[-+]?\s*(?P<value>[\w.]+(?:\(\))?)\s*(?:\||[-+]?\}\})")
_ENTRIES = re.compile(rb"[\w.]+\.(?:items|keys)(?P<value>\(\))(?!\s*\|)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """Offers fixes for the findings of one template; `audit` says what an edited one shows."""

    source: TemplateSource
    safety: Safety
    audit: Callable[[TemplateSource], Sequence[Finding] | None]

    def offer(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings, with a fix where one was found that loses less."""
        return [self._offered(finding, findings) for finding in findings]

    def _offered(self, finding: Finding, findings: Sequence[Finding]) -> Finding:
        for fix in self._candidates(finding):
            text = edited(self.source.container, fix.edits)
            new = replace(self.source, text=text, container=text, map=TextMap(text))
            after = self.audit(new)
            if after is not None and _cost(after) < _cost(findings):
                return replace(finding, fix=fix)
        return finding

    def _candidates(self, finding: Finding) -> Iterator[Fix]:
        source = self.source
        if source.section or source.kind not in _WHOLE_FILE or not source.is_exact:
            return
        if Path(source.path).suffix == ".py" or finding.place.path != source.path:
            return
        if finding.code == _SORTABLE:
            yield from self._sorted(finding)
        if finding.code in _MOVABLE and self.safety is Safety.UNSAFE:
            yield from self._moved(finding)

    def _sorted(self, finding: Finding) -> Iterator[Fix]:
        index, data = LineIndex(self.source.container), self.source.container.encode()
        place = finding.place
        start = index.offset(place.start_line, place.start_column)
        for at in (start, *self._loop_tags(start)):
            for pattern in (_ENTRIES, _FOR, _PATH):
                found = pattern.search(data, at)
                if found is not None and found.start() - at <= _NEAR:
                    end = found.end("value")
                    edit = Edit(path=self.source.path, start=end, end=end, replacement=" | sort")
                    yield Fix(message="sort it", safety=Safety.SAFE, edits=(edit,))

    def _loop_tags(self, offset: int) -> list[int]:
        """Return the starts of the for-tags around a place, innermost first."""
        span = Span(source=self.source.path, start=offset, end=offset)
        arms = Blocks(self.source).around(span)
        return [arm.tag.start for arm in reversed(arms) if arm.is_loop]

    def _moved(self, finding: Finding) -> Iterator[Fix]:
        """Move the line of a value that stands outside of every block to the end of the file."""
        index, text = LineIndex(self.source.container), self.source.container
        number = finding.place.start_line
        start, line = index.offset(number, 1), index.line(number)
        span = Span(source=self.source.path, start=start, end=start)
        end = start + len(line.encode()) + 1
        size = len(text.encode())
        if Blocks(self.source).around(span) or "%}" in line or end >= size:
            return
        glue = "" if text.endswith("\n") else "\n"
        edits = (
            Edit(path=self.source.path, start=start, end=end, replacement=""),
            Edit(path=self.source.path, start=size, end=size, replacement=f"{glue}{line}\n"),
        )
        yield Fix(message="move the line to the end", safety=Safety.UNSAFE, edits=edits)


_NEAR = 4  # bytes between a place and the tag or path that starts there


def _cost(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return the tokens that findings lose, and how many findings there are."""
    lost = sum(f.tokens_at_risk.value for f in findings if f.tokens_at_risk is not None)
    return lost, len([f for f in findings if f.severity > Severity.NOTE or f.code == _SORTABLE])


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits made; ones that touch an earlier one are left out."""
    data = text.encode("utf-8", "surrogatepass")
    made, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start >= at:
            made += [data[at : edit.start], edit.replacement.encode("utf-8", "surrogatepass")]
            at = edit.end
    made.append(data[at:])
    return b"".join(made).decode("utf-8", "surrogatepass")


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
