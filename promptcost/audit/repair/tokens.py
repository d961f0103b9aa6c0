"""The tags, expressions and comments of a template, and its text with them masked.

Read from the text alone and with the delimiters of its settings, as `templates.blocks` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.templates.settings import Settings

# Stand for every character of an expression, and of a tag or comment, in a masked text.
VALUE, SILENT = "\ue010", "\ue011"
_MOST_TOKENS = 50_000
_FIELD = re.compile(r"\{\{|\}\}|(?P<field>\{[^{}]*\})")


class TokenKind(StrEnum):
    """What stands between delimiters."""

    EXPRESSION = "expression"
    TAG = "tag"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A half-open character range of a template; `word` and `rest` are those of a tag."""

    kind: TokenKind
    start: int
    end: int
    word: str = ""
    rest: str = ""
    trims_before: bool = False
    trims_after: bool = False


def tokens_of(text: str, kind: SourceKind, settings: Settings) -> tuple[Token, ...]:
    """Return the tokens of a normalised text in order."""
    if kind is SourceKind.STR_FORMAT:
        fields = (found for found in _FIELD.finditer(text) if found["field"])
        made = (_token(TokenKind.EXPRESSION, found) for found in fields)
        return tuple(made)
    return tuple(_jinja(text, settings))


def _token(kind: TokenKind, found: re.Match[str]) -> Token:
    return Token(kind=kind, start=found.start(), end=found.end())


def _jinja(text: str, settings: Settings) -> Iterator[Token]:
    block, comment = map(_quoted, (settings.block, settings.comment))
    variable = _quoted(settings.variable or ("{{", "}}"))
    token = re.compile(
        rf"(?P<comment>{comment[0]}(?P<c1>-?).*?(?P<c2>-?){comment[1]})"
        rf"|(?P<tag>{block[0]}(?P<t1>[-+]?)\s*(?P<word>\w*)(?P<rest>.*?)(?P<t2>[-+]?){block[1]})"
        rf"|(?P<value>{variable[0]}(?P<v1>-?).*?(?P<v2>-?){variable[1]})",
        re.DOTALL,
    )
    closing = re.compile(rf"{block[0]}[-+]?\s*endraw\b")
    at = 0
    for _ in range(_MOST_TOKENS):
        found = token.search(text, at)
        if found is None:
            return
        at = found.end()
        yield _of_match(found)
        if found["word"] == "raw":
            closed = closing.search(text, at)
            at = len(text) if closed is None else closed.start()


def _quoted(marks: tuple[str, str]) -> tuple[str, str]:
    return re.escape(marks[0]), re.escape(marks[1])


def _of_match(found: re.Match[str]) -> Token:
    if found["tag"]:
        kind, left, right = TokenKind.TAG, found["t1"], found["t2"]
    elif found["comment"]:
        kind, left, right = TokenKind.COMMENT, found["c1"], found["c2"]
    else:
        kind, left, right = TokenKind.EXPRESSION, found["v1"], found["v2"]
    return Token(
        kind=kind,
        start=found.start(),
        end=found.end(),
        word=found["word"] or "",
        rest=found["rest"] or "",
        trims_before=left == "-",
        trims_after=right == "-",
    )


def masked(text: str, tokens: tuple[Token, ...]) -> str:
    """Return the text with signs of the private use area for every character of a token."""
    parts, at = [], 0
    for token in tokens:
        sign = VALUE if token.kind is TokenKind.EXPRESSION else SILENT
        inside = re.sub(r"[^\n]", sign, text[token.start : token.end])
        parts += [text[at : token.start], inside]
        at = token.end
    return "".join([*parts, text[at:]])
