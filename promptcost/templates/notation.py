"""Names in braces that a text shows, and no program fills in: ``/users/{id}``, ``{app}_{id}``."""

from __future__ import annotations

from promptcost.templates._kinds import Kind
from promptcost.templates.names import classify

_GLUE = frozenset("/_")
_SAYS_LITTLE = frozenset({Kind.UNKNOWN, Kind.ID})


def is_notation(text: str, start: int, end: int) -> bool:
    """Say whether a name in braces is a part of a longer name or path, as in ``/users/{id}``."""
    if text[start - 1 : start] not in _GLUE and text[end : end + 1] not in _GLUE:
        return False
    return classify(text[start + 1 : end - 1]).kind in _SAYS_LITTLE
