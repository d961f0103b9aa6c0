"""Whether a prompt with moved text still says the same, each part of it byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


def whole_lines(text: str) -> list[str]:
    """Return the lines of a render that are not blank, for blank ones part paragraphs."""
    return [line for line in text.split("\n") if line.strip()]


def sentences(text: str) -> list[str]:
    """Return the sentences of a render."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def only_moved(before: str, after: str, parts: Callable[[str], list[str]] = whole_lines) -> bool:
    """Say whether parts of a render moved back, in order, and all others are what they were."""
    theirs = parts(after)
    kept, moved = 0, []
    for part in parts(before):
        if kept < len(theirs) and part == theirs[kept]:
            kept += 1
        else:
            moved.append(part)
    return moved == theirs[kept:]
