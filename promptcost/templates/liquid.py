"""Liquid as Jinja: filters with colons, and the tags that Jinja names otherwise.

The grammar is that of shopify.github.io/liquid.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.templates._runs import Turned, is_free, printed, tagged
from promptcost.templates.marks import Ends

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_TAGS = 5_000
_LONGEST = 1_000  # characters of a tag
_FILTER = re.compile(r"\|\s*([a-z_]+)\s*(?::\s*([^|]*))?")
_CONTAINS = re.compile(r"(?<![\w.])([\w.]++)\s+contains\s+((?:[\w.]+|'[^']*'|\"[^\"]*\"))")
_WORDS = {"nil": "none", "blank": "none", "empty": "none", "forloop": "loop", "size": "length"}
_WORD = re.compile(r"\b(?:nil|blank|empty|forloop)\b")
_LOOP = re.compile(r"(\w+)\s+in\s+([\w.]+)")
_SAME = frozenset({"endif", "endfor", "else", "break", "continue"})
_ENDS = {"endunless": "endif", "endcase": "endif", "endcapture": "endset"}


class _Unread(ValueError):  # noqa: N818 - an answer, not a fault
    """A tag that this reader does not know."""


def turn_liquid(text: str) -> list[Turned] | None:
    """Return a text as Jinja; None where a tag is not known."""
    if not is_free(text):
        return None
    try:
        return list(_runs(text))
    except _Unread:
        return None


def _runs(text: str) -> Iterator[Turned]:
    ends, at, subject = Ends(text), 0, ""
    for number, opened in enumerate(re.finditer(r"\{[{%]", text)):
        start = opened.start()
        if start < at:
            continue
        closing = "}}" if opened[0] == "{{" else "%}"
        end = ends.after(closing, opened.end())
        if end is None or end - start > _LONGEST or number > _MOST_TAGS:
            raise _Unread
        inside, stop = text[opened.end() : end].strip("- \t\r\n"), end + len(closing)
        word, _, rest = inside.partition(" ")
        yield Turned(text[at:start], at, start)
        if closing == "%}" and word in {"comment", "raw"}:
            stop = _skipped(text, word, stop)
            yield Turned(text[start:stop] if word == "raw" else "", start, stop)
        elif closing == "%}":
            subject = rest if word == "case" else subject
            yield tagged(_statement(word, rest.strip(), subject), start, stop)
        else:
            yield printed(_expression(inside), start, stop)
        at = stop
    yield Turned(text[at:], at, len(text))


def _skipped(text: str, word: str, at: int) -> int:
    found = re.compile(rf"\{{%-?\s*end{word}\s*-?%\}}").search(text, at)
    if found is None:
        raise _Unread
    return found.end()


def _statement(word: str, rest: str, subject: str) -> str:
    """Return a statement of Jinja; a case is a condition none of whose arms came before."""
    match word:
        case "if" | "unless" | "elsif":
            test = _condition(rest)
            made = f"elif {test}" if word == "elsif" else f"if {_negated(test, word)}"
        case "assign":
            name, _, value = rest.partition("=")
            made = f"set {name.strip()} = {_expression(value)}"
        case "capture":
            made = f"set {rest}"
        case "for" if loop := _LOOP.match(rest):
            made = f"for {loop[1]} in {loop[2]}"
        case "case":
            made = "if false"
        case "when":
            values = re.split(r"\s+or\s+|\s*,\s*", rest)
            made = f"elif {subject.strip()} in [{', '.join(values)}]"
        case _:
            made = word if word in _SAME else _ENDS.get(word, "")
    if not made:
        raise _Unread
    return made


def _negated(test: str, word: str) -> str:
    return f"not ({test})" if word == "unless" else test


def _condition(text: str) -> str:
    return _plain(_CONTAINS.sub(r"\2 in \1", text)).replace("<>", "!=")


def _expression(text: str) -> str:
    """Return a value with its filters: ``x | default: 'y'`` is ``x | default('y')``."""
    return _FILTER.sub(_filter, _plain(text.strip()))


def _filter(found: re.Match[str]) -> str:
    name = _WORDS.get(found[1], found[1])
    return f"| {name}({found[2].strip()}) " if found[2] else f"| {name} "


def _plain(text: str) -> str:
    return _WORD.sub(lambda found: _WORDS[found[0]], text)
