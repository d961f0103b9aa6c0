"""Go templates as Jinja: fields, conditions, ranges and variables.

The grammar is that of pkg.go.dev/text/template.  A function prints its arguments; templates that
are defined by name are not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from promptcost.templates._runs import Turned, is_free, printed, tagged
from promptcost.templates.marks import Ends

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_TAGS = 5_000
_DEEPEST = 40  # blocks in blocks
_LONGEST = 1_000  # characters of a tag
_TAG = re.compile(r"\{\{")
_OPERAND = re.compile(r"(?P<text>\"[^\"]*\"|`[^`]*`)|(?P<path>\$?\.?(?:\w+(?:\.\w+)*)?)")
_RANGE = re.compile(r"(?:\$\w+\s*,\s*)?\$(\w+)\s*:?=\s*(.*)", re.DOTALL)
_SET = re.compile(r"\$(\w+)\s*:?=\s*(.*)", re.DOTALL)
_UNREAD = frozenset({"template", "define", "block"})


class _Unread(ValueError):  # noqa: N818 - an answer, not a fault
    """A tag that this reader does not know."""


class _Block(NamedTuple):
    """An open block: what ends it in Jinja, and what a dot is in it."""

    end: str
    dot: str


def turn_go(text: str) -> list[Turned] | None:
    """Return a text as Jinja; None where a tag is not known or a block is never closed."""
    if not is_free(text):
        return None
    blocks: list[_Block] = []
    try:
        made = list(_runs(text, blocks))
    except _Unread:
        return None
    return None if blocks else made


def _runs(text: str, blocks: list[_Block]) -> Iterator[Turned]:
    ends, at = Ends(text), 0
    for number, opened in enumerate(_TAG.finditer(text)):
        start = opened.start()
        if start < at:
            continue
        end = ends.after("}}", opened.end())
        if end is None or end - start > _LONGEST or number > _MOST_TAGS:
            raise _Unread
        yield Turned(text[at:start], at, start)
        at = end + 2
        yield _run(text[opened.end() : end].strip("- \t\r\n"), blocks, start, at)
    yield Turned(text[at:], at, len(text))


def _run(inside: str, blocks: list[_Block], start: int, end: int) -> Turned:
    word, _, rest = inside.partition(" ")
    if inside.startswith("/*"):
        return Turned("", start, end)
    if word in _UNREAD or not inside:
        raise _Unread
    if word in {"if", "range", "with"}:
        return tagged(_opened(word, rest.strip(), blocks), start, end)
    if word in {"end", "else"}:
        return tagged(_next(word, rest.strip(), blocks), start, end)
    given = _SET.fullmatch(inside)
    dot = blocks[-1].dot if blocks else ""
    if given is not None:
        return tagged(f"set {given[1]} = {_value(given[2], dot)}", start, end)
    return printed(_value(inside, dot), start, end)


def _opened(word: str, rest: str, blocks: list[_Block]) -> str:
    dot = blocks[-1].dot if blocks else ""
    if len(blocks) >= _DEEPEST:
        raise _Unread
    if word == "range":
        named = _RANGE.fullmatch(rest)
        variable = named[1] if named else f"this{len(blocks) or ''}"
        blocks.append(_Block("endfor", variable))
        return f"for {variable} in {_value(named[2] if named else rest, dot)}"
    of = _value(rest, dot)
    blocks.append(_Block("endif", of if word == "with" else dot))
    return f"if {of}"


def _next(word: str, rest: str, blocks: list[_Block]) -> str:
    if not blocks:
        raise _Unread
    if word == "end":
        return blocks.pop().end
    return f"elif {_value(rest.removeprefix('if '), blocks[-1].dot)}" if rest else "else"


def _value(text: str, dot: str) -> str:
    """Return the operands of a pipeline, joined where a function takes several."""
    found = (operand for operand in _OPERAND.finditer(text) if operand[0].startswith((".", "$")))
    paths = [_path(operand[0], dot) for operand in found]
    return " ~ ".join(paths) or "none"


def _path(text: str, dot: str) -> str:
    """Return the path of ``.A.B``, ``$.A.B``, ``$a.B`` or the dot itself."""
    if text.startswith("$"):
        return text[1:].removeprefix(".") or "this"
    return ".".join(filter(None, (dot, text[1:]))) or "this"
