"""Which template language a text is written in, by conservative signs.

Signs are those of real prompt files: Jinja tags, ``${x}`` together with Jinja tags (custom
delimiters), names that only Hugging Face chat templates use, and single-brace placeholders
beside doubled braces (``str.format``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from promptcost.templates.foreign import language_of, turned
from promptcost.templates.notation import is_notation
from promptcost.templates.settings import Settings, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

# A word is taken whole: giving letters back would take time in the square of its length.
_BLOCK = re.compile(r"\{%[-+]?\s*+\w++[^{}%]{0,2000}?[-+]?%\}")
_COMMENT = re.compile(r"\{#(?:(?!\{#).){0,2000}?#\}", re.DOTALL)
_PRINT = re.compile(r"\{\{[-+]?(\s*[^\W\d](?:[^{}]|\{[^{}]{0,200}\}){0,500}?)[-+]?\}\}")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NEIGHBOURS = re.compile(r"\b([^\W\d]\w*)\s+(\w+)")
_KEYWORDS = frozenset({"if", "else", "is", "in", "not", "and", "or"})
# The escape of str.format for a name in braces, or for a field of an f-string that is shown;
# Jinja's own style has blanks inside.
_ESCAPED = re.compile(r"[^\W\d]\w*(?:[:!][^\s{}|]*)?")
_LATEX = re.compile(r"[\w\\}$^]")
_PROSE = re.compile(r"\{(?<!\{\{)[^\W\d]\w*,?[ ][^{}\n]{1,80}\}(?!\})")
_MANY = 3
MOST_PRINTS = 50  # looked at
_CHAT_NAMES = ("add_generation_prompt", "bos_token", "eos_token", "raise_exception")
_DOLLARED = re.compile(r"(\{\{[ ]?\$|\{\$)[^\W\d]\w*[ ]?\}")
_BARE_DOLLAR = re.compile(r"\$(?<!\{\$)(?<!\{[ ]\$)[^\W\d]")
_DOLLAR = re.compile(r"\$\{[-+]?\s*[^\W\d]\w*")
# Behind a colon and a blank stands a value, as in the objects of JavaScript, and no format.
_FIELD = re.compile(
    r"\{(?<!\{\{)[^\W\d]\w*(?:\.\w+|\[\w+\])*(?:![rsa])?(?::(?! )[^{}\n]{0,40})?\}(?!\})"
)
_FORMAT_PRINT = re.compile(r"\{\{[^{}]*\}\}")
_FOREIGN = re.compile(r"\{\{-?\s*(?:[.$/]|(?:range|end|define|template)\b)")
_WORKFLOW = "${{"  # an expression of GitHub


def kind_of(text: str) -> SourceKind | None:
    """Return the language of a text; None when nothing in it looks like a template."""
    if _BLOCK.search(text):
        return _jinja_kind(text)
    if _dollared(text) or turned(text) is not None:
        return SourceKind.JINJA
    if _FOREIGN.search(text):
        return None
    prints = [match[1] for match in islice(_PRINT.finditer(text), MOST_PRINTS)]
    told = [inside for inside in prints if _is_expression(inside)]
    if (told or _WORKFLOW in text) and not _is_escaped(text, told):
        return None if _WORKFLOW in text else _jinja_kind(text)
    if _COMMENT.search(text) and not _FIELD.search(text):
        return SourceKind.JINJA
    return SourceKind.STR_FORMAT if _has_fields(text) and not _is_form(text) else None


def _has_fields(text: str) -> bool:
    fields = islice(_FIELD.finditer(text), MOST_PRINTS)
    return any(not is_notation(text, *field.span()) for field in fields)


def _is_escaped(text: str, told: Iterable[str]) -> bool:
    """Say whether doubled braces are those of `str.format`, which has several fields beside."""
    return all(map(_ESCAPED.fullmatch, told)) and _fills_fields(text)


def _dollared(text: str) -> tuple[str, str] | None:
    """Return the marks of ``{{$x}}`` or ``{$x}``, where no dollar stands without them.

    Bare dollars are variables of a program that the text shows, in PHP or a shell.
    """
    if "{$" not in text and "{ $" not in text:
        return None
    marks = {found[1] for found in islice(_DOLLARED.finditer(text), MOST_PRINTS)}
    if len(marks) != 1 or language_of(text) == "Go templates":
        return None
    if _BARE_DOLLAR.search(_FORMAT_PRINT.sub("", text)):
        return None
    start = marks.pop()
    return start, "}}" if start.startswith("{{") else "}"


def _prints_dollars(text: str) -> bool:
    """Say whether ``${x}`` stands outside of quoted texts, as which code and JSON are shown."""
    return any(
        text.count('"', text.rfind("\n", 0, found.start()) + 1, found.start()) % 2 == 0
        for found in islice(_DOLLAR.finditer(text), MOST_PRINTS)
    )


def _is_form(text: str) -> bool:
    """Say whether braces hold prose: blanks that the model fills in, and no program does."""
    prose = sum(1 for _ in islice(_PROSE.finditer(text), MOST_PRINTS))
    fields = sum(1 for _ in islice(_FIELD.finditer(text), MOST_PRINTS))
    return prose >= _MANY and 2 * prose >= fields


def _fills_fields(text: str) -> bool:
    """Say whether a text has several fields in single braces; braces behind a word are LaTeX's."""
    fields = islice(_FIELD.finditer(text), MOST_PRINTS)
    starts = ((field[0], max(field.start() - 1, 0), field.start()) for field in fields)
    named = {name for name, before, at in starts if not _LATEX.fullmatch(text, before, at)}
    return len(named) > 1


def _is_expression(inside: str) -> bool:
    """Say whether the inside of doubled braces is an expression and not prose (a BibTeX title)."""
    pairs = _NEIGHBOURS.finditer(_QUOTED.sub("''", inside))
    return all(not _KEYWORDS.isdisjoint(pair.groups()) for pair in pairs)


def _jinja_kind(text: str) -> SourceKind:
    named = "messages" in text and [name for name in _CHAT_NAMES if name in text]
    is_chat = named and re.search(rf"\b(?:{'|'.join(named)})\b", text)
    return SourceKind.CHAT_TEMPLATE if is_chat else SourceKind.JINJA


def resolve_settings(
    text: str, settings: Settings, kind: SourceKind
) -> tuple[Settings, tuple[str, ...]]:
    """Return settings with every open choice made, and notes on what was found by looking."""
    notes: list[str] = []
    variable = settings.variable
    if variable is None:
        variable = ("{{", "}}")
        if _prints_dollars(text) and _BLOCK.search(text) and not _FORMAT_PRINT.search(text):
            variable = ("${", "}")
            notes.append("expressions are read between ${ and }")
        elif (dollared := _dollared(text)) is not None:
            variable = dollared
            notes.append(f"expressions are read between {variable[0]} and {variable[1]}")
    chat = kind is SourceKind.CHAT_TEMPLATE
    if chat and (settings.trim_blocks is None or settings.lstrip_blocks is None):
        notes.append("read as a chat template: blocks are trimmed as Hugging Face does")
    made = replace(
        settings,
        variable=variable,
        trim_blocks=chat if settings.trim_blocks is None else settings.trim_blocks,
        lstrip_blocks=chat if settings.lstrip_blocks is None else settings.lstrip_blocks,
    )
    return made, tuple(notes)
