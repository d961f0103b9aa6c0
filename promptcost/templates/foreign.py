"""Template languages that are not Jinja, known by what only they write.

Some are turned into Jinja and read.  Of the others it is said that they are not read, so that the
answer is neither a fault in the text nor a clean bill.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from promptcost.errors import Level, Problem
from promptcost.templates.fields import turn_fields
from promptcost.templates.golang import turn_go
from promptcost.templates.handlebars import turn_handlebars
from promptcost.templates.liquid import turn_liquid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promptcost.templates._runs import Turned

GO, HANDLEBARS, LIQUID, ERB = "Go templates", "Handlebars or Mustache", "Liquid", "ERB or EJS"

_GO = re.compile(
    r"\{\{-?\s*(?:\.(?!\.?/)|\$\w*\s*:?=|end\s*-?\}\}|(?:template|define|block)\s+\""
    r"|(?:range|with|if|else if|template)\s[^{}]*[\s(]\.)"
)
_HANDLEBARS = re.compile(
    r"\{\{\{?~?\s*[#/^>!]|\{\{\s*(?:\w+\s+\"[^\"{}]*\"|[a-zA-Z]\w*(?:\.\w+)?\s+\$\w+)\s*\}\}"
)
_SECTION = re.compile(r"\{\{~?[#/][a-zA-Z]")  # Go knows neither
_TRIPLE = re.compile(r"\{\{\{\s*[a-zA-Z][\w.]*\s*\}\}\}")
_DOUBLE = re.compile(r"\{\{(?<!\{\{\{)\s*[a-zA-Z][\w.]*\s*\}\}(?!\})")
_SINGLE = re.compile(r"\{(?<!\{\{)[a-zA-Z]\w*\}(?!\})")
_LIQUID = re.compile(
    r"\{(?:%-?\s*(?:assign|unless|endunless|capture|case|comment)\b"
    r"|\{[^{}|]{1,200}\|(?:[^{}:'\"]{0,200}\|)?\s*[a-z_]+\s*:)"
)
_ERB = re.compile(r"<%[=-]?\s*[^%<>]{1,300}%>")


# In which a suppression can stand.
COMMENTS = {HANDLEBARS: ("{{!", "}}"), LIQUID: ("{% comment %}", "{% endcomment %}")}
LEAVE_OUT = "leave it out with --exclude, or audit the requests that it makes"


class Reading(NamedTuple):
    """A text of another language as Jinja.

    `is_weak` where that language alone says little of a prompt: charts and pages are written in Go
    templates, and fields between unusual marks are known by their names only.
    """

    language: str
    runs: Sequence[Turned]
    is_weak: bool = False


def language_of(text: str) -> str | None:
    """Return the name of the language other than Jinja that a text is written in, if it shows."""
    if "{{" in text:
        if not _SECTION.search(text) and _GO.search(text):
            return GO
        if _HANDLEBARS.search(text) or _has_triples(text):
            return HANDLEBARS
    if "{" in text and _LIQUID.search(text):
        return LIQUID
    return ERB if "<%" in text and _ERB.search(text) else None


_TURNED: dict[str, Callable[[str], list[Turned] | None]] = {
    HANDLEBARS: turn_handlebars,
    LIQUID: turn_liquid,
    GO: turn_go,
}


def _has_triples(text: str) -> bool:
    """Say whether a text prints with three braces and with two, and with single ones nothing."""
    if "{{{" not in text or not _TRIPLE.search(text):
        return False
    return bool(_DOUBLE.search(text)) and not _SINGLE.search(text)


def not_read(path: str, language: str) -> Problem:
    """Return the warning that a text in another language is not audited."""
    message = f"is written for {language}, which is not read"
    return Problem(path=path, message=message, repair=LEAVE_OUT, level=Level.WARNING)


@lru_cache(maxsize=8)
def turned(text: str) -> Reading | None:
    """Return a text of another language as Jinja; None for Jinja, and for what cannot be turned."""
    if "{%" in text and not _LIQUID.search(text):
        return None
    language = language_of(text)
    if language is None or language == ERB:
        return _of_fields(text)
    turn = _TURNED.get(language)
    runs = None if turn is None else turn(text)
    return None if runs is None else Reading(language, runs, is_weak=language == GO)


def _of_fields(text: str) -> Reading | None:
    found = turn_fields(text)
    return None if found is None else Reading(f"fields between {found[0]}", found[1], is_weak=True)
