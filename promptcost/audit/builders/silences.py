"""Suppressions in the source of a builder, and which of them its audit can judge."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from promptcost.audit.suppress import suppressions
from promptcost.templates.settings import Settings, SourceKind
from promptcost.templates.source import TemplateSource
from promptcost.templates.textmap import TextMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.audit.builders.source import BuilderSource
    from promptcost.audit.suppress import Suppression
    from promptcost.errors import Problem
    from promptcost.model.finding import Finding

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Silences(NamedTuple):
    """Suppressions that may apply, those that must silence something, and faulty ones.

    Only what the builder runs is judged: its own lines, those of what it names in its file, and
    the lines outside of any definition.
    """

    found: list[Suppression]
    judged: list[Suppression]
    problems: list[Problem]


def silences_of(source: BuilderSource, findings: Iterable[Finding]) -> Silences:
    """Return the suppressions in the file of a builder and in those that findings point into."""
    read = Silences([], [], [])
    for path in dict.fromkeys([source.path, *(finding.place.path for finding in findings)]):
        found, problems = suppressions(_template(path, source.text_of(path)))
        read.found.extend(found)
        read.problems.extend(problems)
    others = list(_not_run(source))
    read.judged.extend(one for one in read.found if _is_run(one, source.path, others))
    return read


def _template(path: str, text: str) -> TemplateSource:
    return TemplateSource(
        path=path,
        text=text,
        kind=SourceKind.PLAIN,
        settings=Settings(),
        container=text,
        map=TextMap(text),
    )


def _is_run(silence: Suppression, path: str, others: list[range]) -> bool:
    if silence.place.path != path:
        return False
    if silence.lines is None:
        return not others
    return not any(silence.place.start_line in lines for lines in others)


def _not_run(source: BuilderSource) -> Iterator[range]:
    """Yield the lines of the definitions that the builder does not name, however far down."""
    tree = source.tree
    if tree is None:
        return
    every = {node.name: node for node in tree.body if isinstance(node, _DEFINITIONS)}
    reached = {node.name for node in every.values() if _holds(node, source.line)}
    if not reached and source.function is None:
        return  # a value: all of the module made it
    waiting = list(reached)
    while waiting:
        named = _names(every[waiting.pop()]) & every.keys() - reached
        reached |= named
        waiting += named
    for name, node in every.items():
        if name not in reached:
            yield _lines(node)


def _holds(node: _Definition, line: int) -> bool:
    return line in _lines(node)


def _lines(node: _Definition) -> range:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
