"""JSON printed with sorted keys, where Python's own `json.dumps(value)` prints it.

Of other functions nobody knows whether they can sort.  The `tojson` of chat templates is left as it
is: a model reads the order that it was trained with.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from promptcost.audit.repair.inserts import expression_in, file_char, inserting
from promptcost.audit.repair.tokens import TokenKind
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.repair.outline import Outline
    from promptcost.model.finding import Fix
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.written import Written

_OPEN = "{-+ "  # what may stand before the expression of a tag


def keyed(source: TemplateSource, outline: Outline, written: Written) -> Iterator[Fix]:
    """Yield the fix that sorts the keys of all that is printed so."""
    if source.kind is not SourceKind.JINJA:
        return
    if source.path.endswith(".py"):
        found = list(_in_python(source, written))
    else:
        found = [(file_char(written, at), text) for at, text in _in_tags(outline)]
    if found:
        yield inserting(source, "print JSON with sorted keys", found)


def _in_python(source: TemplateSource, written: Written) -> Iterator[tuple[int, str]]:
    """Yield what is inserted into the fields of an f-string."""
    for run in written:
        field = source.container[run.start : run.end]
        if run.text and field.startswith("{"):
            for at, text in _insertions(field[1:-1]):
                yield run.start + 1 + at, text


def _in_tags(outline: Outline) -> Iterator[tuple[int, str]]:
    """Yield what is inserted into printed expressions."""
    for token in outline.tokens:
        if token.kind is TokenKind.EXPRESSION:
            tag = outline.text[token.start : token.end]
            first = len(tag) - len(tag.lstrip(_OPEN))
            for at, text in _insertions(tag[first:].rstrip("}-+ ")):
                yield token.start + first + at, text


def _insertions(field: str) -> Iterator[tuple[int, str]]:
    """Yield what is inserted at which characters of an expression."""
    tree = expression_in(field)
    if tree is None or "\n" in field or not field.isascii():
        return
    lead = len(field) - len(field.lstrip())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_unsorted(node):
            end = lead + (node.end_col_offset or 0) - 1
            comma = "" if field[:end].rstrip().endswith(",") else ", "
            yield end, f"{comma}sort_keys=True"


def _is_unsorted(call: ast.Call) -> bool:
    """Say whether a call is one of `json.dumps` that does not say how keys are sorted."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="json"), attr="dumps"):
            names = {keyword.arg for keyword in call.keywords}
            return bool(call.args) and not names & {None, "sort_keys"}
    return False
