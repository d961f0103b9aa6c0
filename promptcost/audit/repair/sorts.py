"""What has no order of its own, sorted where it is printed: safe, as any order is as good."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from promptcost.audit.repair.inserts import expression_in, file_char, inserting
from promptcost.audit.repair.tokens import TokenKind
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.repair.outline import Outline
    from promptcost.audit.repair.tokens import Token
    from promptcost.model.finding import Fix
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.written import Run, Written

# The iterable of a for-tag, or the value of an expression, where it is a plain path; a method that
# gives entries or keys may follow it.  What `values()` gives need not be sortable.
_FOR = re.compile(
    r"\s+[\w\s,()]+?\s+in\s+(?P<value>(?![\w.]+\.values\(\))[\w.]+(?:\(\))?)\s*(?:\|\s*list\b|[-+]?$|if\b)"
)
_PATH = re.compile(r"\s*(?P<value>[\w.]+(?:\(\))?)\s*(?:\||$)")
_ENTRIES = re.compile(r"[\w.]+\.(?:items|keys)(?P<value>\(\))(?!\s*\|)")


def sorts(source: TemplateSource, outline: Outline, written: Written, char: int) -> Iterator[Fix]:
    """Yield the ways to sort what a finding at a character of the text speaks of."""
    if source.kind is not SourceKind.JINJA:
        return
    if source.path.endswith(".py") and source.settings.block != ("{%", "%}"):
        for run in written:
            if run.text and _holds(run, written, char):
                yield from _in_python(source, run)
        return
    for token in _around(outline, char):
        for at in _places(outline.text[token.start : token.end], token, char):
            yield inserting(source, "sort it", [(file_char(written, at), " | sort")])


def _around(outline: Outline, char: int) -> list[Token]:
    """Return the token that holds a character, and the for-tags of the loops around it."""
    loops: list[Token] = []
    for token in outline.tokens:
        if token.start > char:
            break
        if token.end > char:
            return [token, *reversed(loops)]
        if token.word == "for":
            loops.append(token)
        if token.word == "endfor" and loops:
            loops.pop()
    return list(reversed(loops))


def _places(text: str, token: Token, char: int) -> Iterator[int]:
    """Yield the characters behind which a token's value may be sorted."""
    entries = _ENTRIES.match(text, max(char - token.start, 0))
    if entries is not None:
        yield token.start + entries.end("value")
    if token.kind is TokenKind.EXPRESSION:
        begin = re.match(r"\W*", text)
        inside = 0 if begin is None else begin.end()
        found = _PATH.match(re.sub(r"[-\s]*[^\w\s)|'\"\]]+$", "", text), inside)
        if found is not None:
            yield token.start + found.end("value")
    elif token.word == "for" and not token.start < char < token.end:
        rest = text.index(token.rest, text.index(token.word) + len(token.word))
        found = _FOR.match(token.rest.rstrip())
        if found is not None:
            yield token.start + rest + found.end("value")


def _holds(run: Run, written: Written, char: int) -> bool:
    at = sum(len(each.text) for each in written[: written.index(run)])
    return at <= char < at + len(run.text)


def _in_python(source: TemplateSource, run: Run) -> Iterator[Fix]:
    """Yield ``sorted(...)`` around what a field of an f-string joins or lists."""
    field = source.container[run.start + 1 : run.end - 1]
    tree = expression_in(field)
    if tree is None or "\n" in field or not field.isascii():
        return
    first = run.start + 1 + len(field) - len(field.lstrip())
    for node in ast.walk(tree):
        for start, end in _sortable(node):
            yield inserting(source, "sort it", [(first + start, "sorted("), (first + end, ")")])


def _sortable(node: ast.AST) -> Iterator[tuple[int, int]]:
    if not isinstance(node, ast.Call) or node.keywords:
        return
    function = node.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else ""
    if method in {"items", "keys"} and not node.args:
        yield node.col_offset, node.end_col_offset or 0
    if len(node.args) == 1 and (method == "join" or name in {"list", "tuple"}):
        (value,) = node.args
        if isinstance(value, ast.Name | ast.Attribute):
            yield value.col_offset, value.end_col_offset or 0
