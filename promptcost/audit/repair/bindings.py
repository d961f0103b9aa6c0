"""Whether tags print the same when lines move: names that get a value, values that change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.audit.repair.tokens import TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.audit.repair.outline import Outline
    from promptcost.audit.repair.regions import Lines
    from promptcost.audit.repair.tokens import Token

# Tags whose blocks print what they hold where they stand.
_MOVABLE_TAGS = frozenset({"if", "elif", "else", "for", "with", "raw", "filter", "set", "include"})
_BINDS = frozenset({"set", "import", "from", "macro"})
_NAME = re.compile(r"[^\W\d]\w*")
_CHANGES = re.compile(
    r"\.(?:append|extend|insert|update|setdefault|pop|popitem|remove|clear|next)\("
    r"|\b(?:joiner|cycler)\b"
)


def evaluates_alike(outline: Outline, lines: Lines, target: int) -> bool:
    """Say whether lines print the same behind a later line, and all others without them."""
    mine = outline.tokens_in(lines)
    passed = outline.tokens_in((lines[1] + 1, target))
    words = {token.word.removeprefix("end") for token in mine if token.kind is TokenKind.TAG}
    if not words <= _MOVABLE_TAGS or any(_changes(outline, each) for each in (*mine, *passed)):
        return False
    places = {token.start for token in mine}
    rest = (token for token in outline.tokens if token.start not in places)
    bound, rebound = _bound(mine), _bound(passed)
    needed = _names(outline, rest) if bound else set()
    return not (bound & needed or rebound & _names(outline, mine))


def _changes(outline: Outline, token: Token) -> bool:
    source = outline.text[token.start : token.end]
    return token.word == "do" or _CHANGES.search(source) is not None


def _names(outline: Outline, tokens: Iterable[Token]) -> set[str]:
    texts = (outline.text[token.start : token.end] for token in tokens)
    return {name for text in texts for name in _NAME.findall(text)}


def _bound(tokens: Iterable[Token]) -> set[str]:
    """Return the names that tags give a value."""
    found: set[str] = set()
    for token in tokens:
        if token.word in _BINDS:
            names = token.rest.partition("=")[0] if token.word == "set" else token.rest
            found.update(_NAME.findall(names))
    return found
