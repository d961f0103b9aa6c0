"""The files behind a template: places for people, and the lines findings point into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.files.text import read_text
from promptcost.model.audit_report import SourceLine
from promptcost.model.span import LineIndex, Place, Span, line_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.model.finding import Finding
    from promptcost.templates.source import TemplateSource

_LONGEST_LINE = 2_000


class Sources:
    """Line indices of a template's file and of what it includes, read when first needed."""

    def __init__(self, source: TemplateSource) -> None:
        self._indices = {source.path: line_index(source.container)}

    def place(self, span: Span) -> Place:
        """Return a span as lines and columns of its file."""
        return self._index(span.source).place(span)

    def lines(self, findings: Iterable[Finding]) -> tuple[SourceLine, ...]:
        """Return the first line of every place that findings name."""
        wanted = sorted({(place.path, place.start_line) for place in _places(findings)})
        return tuple(
            SourceLine(
                path=path, number=number, text=self._index(path).line(number)[:_LONGEST_LINE]
            )
            for path, number in wanted
        )

    def _index(self, path: str) -> LineIndex:
        if path not in self._indices:
            found = read_text(Path(path))
            text = "" if isinstance(found, Problem) else found.text
            self._indices[path] = line_index(text)
        return self._indices[path]


def _places(findings: Iterable[Finding]) -> Iterable[Place]:
    for finding in findings:
        yield finding.place
        for related in finding.related:
            yield related.place
