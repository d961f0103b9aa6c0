"""The texts of Python source with their places: fixed runs, and the fields between them."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.templates._python_places import Places
from promptcost.templates._python_strings import NotReadable, Part, read_literals

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralPart:
    """A run of a text of the source: decoded text, or the source of a field of an f-string.

    `start` and `end` are a half-open range of bytes of the file.
    """

    text: str
    start: int
    end: int
    is_field: bool


def parsed(text: str) -> ast.Module | None:
    """Return the syntax tree of Python source; None when it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def literal_parts(text: str, tree: ast.Module) -> Iterator[tuple[LiteralPart, ...]]:
    """Yield the parts of every text of the source that this reader knows how to read."""
    places = Places(text)
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in inside or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        if isinstance(node, ast.JoinedStr):
            inside.update(ast.walk(node))
        elif not isinstance(node.value, str):
            continue
        try:
            parts = list(read_literals(text, *places.range(node)))
        except NotReadable:
            continue
        yield tuple(_placed(part, places) for part in parts)


def _placed(part: Part, places: Places) -> LiteralPart:
    return LiteralPart(
        text=part.text,
        start=places.byte(part.start),
        end=places.byte(part.end),
        is_field=part.is_field,
    )
