"""Prompts in Python source: f-strings and long texts with placeholders, read without running it.

An f-string becomes a Jinja template whose expressions are those of the f-string, between signs that
no text holds.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.templates._python_assembled import (
    BLOCK,
    COMMENT,
    SHORTEST,
    VARIABLE,
    Assembled,
    Joined,
)
from promptcost.templates._python_expressions import as_jinja
from promptcost.templates._python_places import Places
from promptcost.templates._python_strings import NotReadable, Part, between_quotes, read_literals
from promptcost.templates.detect import kind_of
from promptcost.templates.settings import Settings, SourceKind
from promptcost.templates.source import Section
from promptcost.templates.textmap import Segment, TextMap, normalise
from promptcost.templates.written import Run, checked, inside, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promptcost.files.text import TextFile
    from promptcost.templates.written import Written

FEWEST_WORDS = 20
_MOST_WAITING = 200_000  # characters of source whose trees are kept; a tree is fifty times larger
MOST_FIELDS = 5_000  # in one text

_WITHOUT_TEXT = (ast.expr_context, ast.operator, ast.cmpop, ast.Name, ast.arg, ast.alias)
_FAULTS = (SyntaxError, ValueError, RecursionError, MemoryError)


def holds_prompts(text: str) -> bool:
    """Say whether Python source holds a prompt; it is not read further than to the first one."""
    try:
        tree = _parsed(text)
    except _FAULTS:
        return False
    holds = any(True for _ in _sections(tree, text, Settings()))
    if holds and sum(map(len, _waiting)) + len(text) < _MOST_WAITING:
        _waiting[text] = tree
    return holds


def python_sections(
    file: TextFile, settings: Settings
) -> tuple[list[tuple[Section, Settings]], list[Problem]]:
    """Return the prompts of a Python file with the settings each is read with."""
    try:
        tree = _parsed(file.text)
    except _FAULTS as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        problem = Problem(
            path=file.path, message="is not Python", repair="check the syntax", line=line
        )
        return [], [problem]
    found = list(_sections(tree, file.text, settings))
    if found:
        return _numbered(found), []
    message, repair = "holds no prompt that can be read without running it", "name another file"
    return [], [Problem(path=file.path, message=message, repair=repair, level=Level.WARNING)]


_waiting: dict[str, ast.Module] = {}  # trees of files that were found, until they are read


def _parsed(text: str) -> ast.Module:
    if text in _waiting:
        return _waiting.pop(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _sections(
    tree: ast.Module, source: str, settings: Settings
) -> Iterator[tuple[Section, Settings]]:
    places = Places(source)
    for text in _texts(tree, source, places):
        yield from _section(source, places, text, settings)


def looks_like_prompts(text: str) -> bool:
    """Say whether Python source is worth parsing for prompts."""
    return "prompt" in text.lower() and ('"""' in text or "'''" in text or "{" in text)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of the tree and the name of the variable or function it belongs to."""

    node: ast.JoinedStr | ast.Constant | Assembled
    name: str


def _texts(tree: ast.Module, source: str, places: Places) -> Iterator[_Text]:
    """Yield texts in order, without docstrings and without the parts of f-strings."""
    joined = Joined(source, places)
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, name = waiting.pop()
        if joined.holds(node):
            begun = joined.beginning(node)
            if begun is not None:
                yield _Text(begun, name)
            continue
        if isinstance(node, ast.JoinedStr):
            yield _Text(node, name)
            continue
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield _Text(node, name)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = (
                node.name if isinstance(node, ast.ClassDef) or not name else f"{name}.{node.name}"
            )
        joined.look(node)
        inner = [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, _WITHOUT_TEXT) and not _is_docstring(child)
        ]
        waiting.extend((child, _owner(child, name)) for child in reversed(inner))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _owner(node: ast.AST, name: str) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return ".".join(filter(None, [name, *names[:1]])) if names else name


def _section(
    source: str, places: Places, text: _Text, settings: Settings
) -> Iterator[tuple[Section, Settings]]:
    if isinstance(text.node, Assembled):
        yield from _assembled(text.node, text.name, places, settings)
        return
    start, end = places.range(text.node)
    try:
        parts = list(read_literals(source, start, end))
    except NotReadable:
        return
    fixed = "".join(part.text for part in parts if not part.is_field)
    if not _is_prompt(fixed, parts):
        return
    if isinstance(text.node, ast.JoinedStr):
        yield _placed(text.name, _as_jinja(parts), source[start:end], places), _computed(settings)
    elif kind_of(fixed) is not None:
        yield _placed(text.name, parts, source[start:end], places), settings


def _assembled(
    node: Assembled, name: str, places: Places, settings: Settings
) -> Iterator[tuple[Section, Settings]]:
    if not _is_prompt(node.fixed, node.parts):
        return
    if not node.is_jinja and kind_of(node.fixed) is None:
        return
    parts = _as_jinja(node.parts) if node.is_jinja else node.parts
    text = "".join(part.text for part in parts)
    where = _map(text, parts, places)
    section = Section(name=name, text=text, place=lambda: where)
    yield section, _computed(settings) if node.is_jinja else settings


def _is_prompt(fixed: str, parts: Sequence[Part]) -> bool:
    if len(fixed) < SHORTEST or len(fixed.split()) < FEWEST_WORDS:
        return False
    return sum(part.is_field for part in parts) <= MOST_FIELDS


def _computed(settings: Settings) -> Settings:
    """Return the settings of a text whose fields are expressions of the source."""
    return replace(
        settings,
        kind=SourceKind.JINJA,
        keep_trailing_newline=True,
        variable=VARIABLE,
        block=BLOCK,
        comment=COMMENT,
    )


def _placed(name: str, parts: list[Part], literals: str, places: Places) -> Section:
    text = "".join(part.text for part in parts)
    where = _map(text, parts, places)
    return Section(
        name=name,
        text=text,
        place=lambda: where,
        written=partial(_written, text, parts, literals),
    )


def _written(text: str, parts: list[Part], literals: str) -> Written | None:
    """Return how a text is written; None where it is put together from several literals."""
    if sum(part.end - part.start for part in parts) != len(between_quotes(literals)):
        return None
    runs = [
        run
        for part in parts
        for run in (
            plainly(part.text, part.start)
            if len(part.text) == part.end - part.start and not part.is_field
            else (Run(part.text, part.start, part.end),)
        )
    ]
    return checked(inside(runs), text)


def _as_jinja(parts: Sequence[Part]) -> list[Part]:
    written = []
    for part in parts:
        text = f"{VARIABLE[0]} {as_jinja(part.text)} {VARIABLE[1]}" if part.is_field else part.text
        written.append(replace(part, text=text))
    return written


def _map(text: str, parts: Sequence[Part], places: Places) -> TextMap:
    segments, char = [], 0
    for part in parts:
        first, last = places.byte(part.start), places.byte(part.end)
        segments.append(Segment(char=char, start=first, end=last))
        char += len(normalise(part.text))
    return TextMap(text, segments)


def _numbered(found: list[tuple[Section, Settings]]) -> list[tuple[Section, Settings]]:
    """Give sections of one name different ones: the second is ``name#2``."""
    seen: dict[str, int] = {}
    made = []
    for section, settings in found:
        seen[section.name] = seen.get(section.name, 0) + 1
        number = seen[section.name]
        name = section.name if number == 1 else f"{section.name}#{number}"
        made.append((replace(section, name=name), settings))
    return made
