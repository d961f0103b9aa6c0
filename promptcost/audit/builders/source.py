"""The source of a builder: its function and parameters, and where a part of a prompt comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promptcost.audit.builders.paths import shown
from promptcost.audit.builders.slots import Slot, best_slot, slots_of
from promptcost.audit.builders.unordered import makes_sets, read_sets
from promptcost.audit.builders.uses import Function, find_assignment, find_function
from promptcost.errors import Problem
from promptcost.files.text import read_text
from promptcost.model.audit_report import SourceLine
from promptcost.model.span import LineIndex, Place, Span
from promptcost.templates.python_literals import parsed

if TYPE_CHECKING:
    from promptcost.builders.target import BuilderTarget
    from promptcost.model.finding import Finding

_MOST_FILES = 50
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a part of a prompt comes from, and the source of the expression that made it."""

    place: Place
    expression: str = ""


@dataclass(slots=True)
class _File:
    path: str
    text: str
    tree: ast.Module | None
    index: LineIndex
    slots: list[Slot] | None = None

    def read_slots(self) -> list[Slot]:
        if self.slots is None:
            self.slots = [] if self.tree is None else list(slots_of(self.text, self.tree))
        return self.slots


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderSource:
    """The source of one builder.

    `path` is that of its file, `line` that of its definition, `parameters` are as the process
    describes them.  `function` is None where the builder is a value or its source is not there.
    """

    path: str
    line: int
    span: Span
    parameters: Sequence[Mapping[str, Any]]
    function: Function | None
    is_called: bool
    _files: dict[str, _File] = field(repr=False)

    def spot(self, text: str, start: int, end: int, names: Sequence[str]) -> Spot:
        """Return where characters of a prompt come from: a field, a parameter, or the builder."""
        found = [
            (slot, file)
            for file in self._files.values()
            for slot in [best_slot(file.read_slots(), text, start, end, self._home(file))]
            if slot is not None
        ]
        if found:
            (_, slot), file = max(found, key=lambda pair: pair[0][0])  # the first file on a tie
            span = Span(source=file.path, start=slot.start, end=slot.end)
            return Spot(place=file.index.place(span), expression=slot.expression)
        for name in names:
            made = self._parameter(name.split(".", 1)[0].split("[", 1)[0])
            if made is not None:
                return Spot(place=made, expression=name)
        return Spot(place=self._files[self.path].index.place(self.span))

    def _home(self, file: _File) -> range:
        if file.path != self.path or self.function is None:
            return range(0)
        first, last = self.function.lineno, self.function.end_lineno or self.function.lineno
        end = file.index.offset(last, len(file.index.line(last)) + 1)
        return range(file.index.offset(first, 1), end)

    @property
    def makes_sets(self) -> bool:
        """Whether sets are made in the user's code, whose order one more process may not show."""
        trees = (file.tree for file in self._files.values())
        return any(makes_sets(tree) for tree in trees if tree is not None)

    @property
    def tree(self) -> ast.Module | None:
        """The syntax tree of the builder's file, None where it cannot be parsed."""
        return self._files[self.path].tree

    def text_of(self, path: str) -> str:
        """Return the text of one of the user's files."""
        return self._files[path].text

    def unordered(self) -> Spot | None:
        """Return the set that the builder goes through, where there is just one."""
        file = self._files[self.path]
        if self.function is None or file.tree is None:
            return None
        found = read_sets(self.function, file.tree)
        if len(found) != 1:
            return None
        first, last = found[0].lineno, found[0].end_lineno or found[0].lineno
        end = found[0].end_col_offset or 0
        place = Place(
            path=self.path,
            start_line=first,
            start_column=found[0].col_offset + 1,
            end_line=last,
            end_column=end + 1,
        )
        return Spot(place=place, expression=ast.unparse(found[0]))

    def _parameter(self, name: str) -> Place | None:
        if self.function is None:
            return None
        given = self.function.args
        for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
            if argument.arg == name:
                line, column = argument.lineno, argument.col_offset + 1
                return Place(
                    path=self.path,
                    start_line=line,
                    start_column=column,
                    end_line=line,
                    end_column=column + len(name),
                )
        return None

    def lines(self, findings: Iterable[Finding]) -> tuple[SourceLine, ...]:
        """Return the first line of every place that findings name."""
        places = {
            (place.path, place.start_line)
            for finding in findings
            for place in (finding.place, *(each.place for each in finding.related))
        }
        return tuple(
            SourceLine(
                path=path,
                number=number,
                text=self._files[path].index.line(number)[:_LONGEST_LINE],
            )
            for path, number in sorted(places)
        )


def open_source(
    described: Mapping[str, Any], files: Iterable[str], target: BuilderTarget
) -> BuilderSource:
    """Read the source of a described builder and of the user's other files that it loaded."""
    main = shown(described["file"] or target.file)
    read = {main: _read(main)}
    for each in list(files)[:_MOST_FILES]:
        if shown(each) not in read:
            read[shown(each)] = _read(shown(each))
    tree = read[main].tree
    function = None if tree is None else find_function(tree, described["line"])
    last = target.attribute.rsplit(".", 1)[-1]
    node = function if tree is None or function is not None else find_assignment(tree, last)
    line = described["line"] or 1 if node is None else node.lineno
    return BuilderSource(
        path=main,
        line=line,
        span=_name_span(read[main], line, last),
        parameters=described["parameters"],
        function=function,
        is_called=described["called"],
        _files=read,
    )


def _name_span(file: _File, line: int, name: str) -> Span:
    """Return the bytes of a name on a line; the start of the file where it is not there."""
    lines = file.text.split("\n")
    column = lines[line - 1].find(name) if line <= len(lines) else -1
    if column < 0:
        return Span(source=file.path, start=0, end=0)
    start = file.index.offset(line, column + 1)
    return Span(source=file.path, start=start, end=start + len(name.encode()))


def _read(path: str) -> _File:
    found = read_text(Path(path))
    text = "" if isinstance(found, Problem) else found.text
    return _File(path=path, text=text, tree=parsed(text), index=LineIndex(text))
