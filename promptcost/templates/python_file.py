"""Prompts in Python source: f-strings and long texts with placeholders, read without running it.

An f-string becomes a Jinja template whose expressions are those of the f-string, between signs that
no text holds.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from promptcost.errors import Level, Problem
from promptcost.templates._python_assembled import Joined
from promptcost.templates._python_docstrings import described_by
from promptcost.templates._python_known import Known
from promptcost.templates._python_places import Places
from promptcost.templates._python_prompts import Found, prompt_of
from promptcost.templates._python_scopes import SCOPED
from promptcost.templates._words import words
from promptcost.templates.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.files.text import TextFile
    from promptcost.templates.source import Section

_MOST_WAITING = 200_000  # characters of source whose trees are kept; a tree is fifty times larger

_WITHOUT_TEXT = (ast.expr_context, ast.operator, ast.cmpop, ast.Name, ast.arg, ast.alias)
# What is printed, logged or asked on a terminal.
_TELLING = words(
    "print pprint echo secho warn warning info debug error critical exception log add_argument"
)
# What only source that talks to models holds.
_SIGNS = (
    "prompt",
    '"role": "system"',
    "'role': 'system'",
    '"role": "user"',
    "'role': 'user'",
    "system_message",
    "systemmessage(",
    "humanmessage(",
    "backstory=",
    "expected_output=",
)
_FAULTS = (SyntaxError, ValueError, RecursionError, MemoryError)


def holds_prompts(text: str) -> bool:
    """Say whether Python source holds a prompt; it is not read further than to the first one."""
    try:
        parsed = _parsed(text)
    except _FAULTS:
        return False
    holds = any(True for _ in _sections(parsed, text, Settings()))
    if holds and sum(map(len, _waiting)) + len(text) < _MOST_WAITING:
        _waiting[text] = parsed
    return holds


def python_sections(
    file: TextFile, settings: Settings
) -> tuple[list[tuple[Section, Settings]], list[Problem]]:
    """Return the prompts of a Python file with the settings each is read with."""
    try:
        parsed = _parsed(file.text)
    except _FAULTS as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        problem = Problem(
            path=file.path, message="is not Python", repair="check the syntax", line=line
        )
        return [], [problem]
    found = list(_sections(parsed, file.text, settings))
    if found:
        return _numbered(found), []
    message, repair = "holds no prompt that can be read without running it", "name another file"
    return [], [Problem(path=file.path, message=message, repair=repair, level=Level.WARNING)]


class _Parsed(NamedTuple):
    """The tree of a file, and what is known of its places and names."""

    tree: ast.Module
    places: Places
    known: Known


_waiting: dict[str, _Parsed] = {}  # files that were found, until they are read


def _parsed(text: str) -> _Parsed:
    if text in _waiting:
        return _waiting.pop(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    return _Parsed(tree, Places(text), Known(tree, text))


def _sections(
    parsed: _Parsed, source: str, settings: Settings
) -> Iterator[tuple[Section, Settings]]:
    tree, places, known = parsed
    for text in _texts(tree, source, places, known):
        made = prompt_of(text, source, places, known, settings)
        if made is not None:
            yield made


def looks_like_prompts(text: str) -> bool:
    """Say whether Python source is worth parsing for prompts."""
    lowered = text.lower()
    is_long = '"""' in text or "'''" in text or "{" in text
    return is_long and any(sign in lowered for sign in _SIGNS)


def _texts(tree: ast.Module, source: str, places: Places, known: Known) -> Iterator[Found]:
    """Yield texts in order, without docstrings and without the parts of f-strings."""
    joined = Joined(source, places, known.constant)
    waiting: list[tuple[ast.AST, str, ast.AST | None]] = [(tree, "", None)]
    while waiting:
        node, name, scope = waiting.pop()
        if joined.holds(node):
            begun = joined.beginning(node)
            if begun is not None:
                yield Found(begun, name, node, scope)
            continue
        if isinstance(node, ast.JoinedStr):
            yield Found(node, name, node, scope)
            continue
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield Found(node, name, node, scope)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = (
                node.name if isinstance(node, ast.ClassDef) or not name else f"{name}.{node.name}"
            )
        if isinstance(node, SCOPED):
            scope = node
            described = described_by(node)
            if described is not None:
                yield Found(described, name, described, scope)
        joined.look(node, scope)
        inner = [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, _WITHOUT_TEXT) and not _is_no_prompt(child)
        ]
        waiting.extend((child, _owner(child, name), scope) for child in reversed(inner))


def _is_no_prompt(node: ast.AST) -> bool:
    """Say whether a part of the tree holds texts for people: docstrings, messages of errors."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _TELLING
        case ast.ClassDef(bases=bases):
            names = (base.attr if isinstance(base, ast.Attribute) else "" for base in bases)
            plain = (base.id if isinstance(base, ast.Name) else "" for base in bases)
            return any(name.endswith(("Error", "Exception")) for name in (*names, *plain))
    return False


def _owner(node: ast.AST, name: str) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return ".".join(filter(None, [name, *names[:1]])) if names else name


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
