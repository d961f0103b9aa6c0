"""Fixes that only insert text into expressions: where, and as edits of the file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from promptcost.model.finding import Edit, Fix, Safety
from promptcost.templates.textmap import size

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.written import Written


def file_char(written: Written, char: int) -> int:
    """Return the character of the file that writes a character of the text."""
    at = 0
    for run in written:
        if at + len(run.text) > char:
            return run.start + char - at
        at += len(run.text)
    return written[-1].end


def expression_in(field: str) -> ast.Expression | None:
    """Return the expression of a field, without its conversion and format."""
    for text in (field, field.rpartition("!")[0], field.rpartition(":")[0]):
        try:
            return ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def inserting(source: TemplateSource, message: str, insertions: list[tuple[int, str]]) -> Fix:
    """Return a safe fix that inserts texts behind so many characters of the file."""
    edits = []
    for char, text in insertions:
        at = size(source.container[:char])
        edits.append(Edit(path=source.path, start=at, end=at, replacement=text))
    return Fix(message=message, safety=Safety.SAFE, edits=tuple(edits))
