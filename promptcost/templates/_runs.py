"""A text in another language as Jinja: runs of it, each with the place it was turned from.

Private signs stand for the delimiters, so that braces of the text stay text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from promptcost.templates.settings import SourceKind
from promptcost.templates.textmap import Segment, TextMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.templates.settings import Settings

# Signs of the Unicode private use area.
VARIABLE = ("\ue000", "\ue001")
BLOCK = ("\ue002", "\ue003")
COMMENT = ("\ue004", "\ue005")
_SIGNS = frozenset("".join((*VARIABLE, *BLOCK, *COMMENT)))


class Turned(NamedTuple):
    """A run of Jinja, and the half-open range of characters of the text that it stands for."""

    text: str
    start: int
    end: int


def printed(expression: str, start: int, end: int) -> Turned:
    """Return a run that prints an expression."""
    return Turned(f"{VARIABLE[0]} {expression} {VARIABLE[1]}", start, end)


def tagged(statement: str, start: int, end: int) -> Turned:
    """Return a run that is a statement."""
    return Turned(f"{BLOCK[0]} {statement} {BLOCK[1]}", start, end)


def is_free(text: str) -> bool:
    """Say whether a text holds none of the signs that stand for delimiters."""
    return text.isascii() or _SIGNS.isdisjoint(text)


def joined(runs: Sequence[Turned]) -> str:
    """Return the Jinja that runs make."""
    return "".join(run.text for run in runs)


def turned_settings(settings: Settings, comment: tuple[str, str] | None) -> Settings:
    """Return the settings with which turned runs are read.

    `comment` are the marks of the language's own comments; none of them is left in the runs.
    """
    return replace(
        settings,
        kind=SourceKind.JINJA,
        keep_trailing_newline=True,
        variable=VARIABLE,
        block=BLOCK,
        comment=comment or COMMENT,
        trim_blocks=False,
        lstrip_blocks=False,
    )


def turned_map(runs: Sequence[Turned], where: TextMap) -> TextMap:
    """Return the map of turned runs; `where` is that of the text they were turned from."""
    segments, char = [], 0
    for run in runs:
        segments.append(Segment(char, *where.span(run.start, run.end)))
        char += len(run.text)
    return TextMap(joined(runs), segments, exact=where.exact)
