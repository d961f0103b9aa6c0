"""Names in braces that a text shows, and no program fills in.

``/users/{id}`` and ``{app}_{id}`` are parts of paths and of longer names; ``{output: animal}`` is
no format that Python knows ("Format Specification Mini-Language"), but code.
"""

from __future__ import annotations

import re

from promptcost.templates._kinds import Kind
from promptcost.templates.names import classify

_GLUE = frozenset("/_")
_SAYS_LITTLE = frozenset({Kind.UNKNOWN, Kind.ID})
_FORMAT = re.compile(r"(?:.?[<>=^])?[-+ ]?z?#?0?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnosxX%]?|.*%[a-zA-Z].*")


def is_notation(text: str, start: int, end: int) -> bool:
    """Say whether a name in braces is shown: by its format, or by what it is glued to."""
    name, colon, form = text[start + 1 : end - 1].partition(":")
    if colon and not _FORMAT.fullmatch(form):
        return True
    if text[start - 1 : start] not in _GLUE and text[end : end + 1] not in _GLUE:
        return False
    return classify(name).kind in _SAYS_LITTLE
