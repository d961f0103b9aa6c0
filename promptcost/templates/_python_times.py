"""How precise a time is that Python source prints, and what of several values moves fastest."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from promptcost.model.stability import Clock
from promptcost.templates._kinds import Assigned, Kind, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONSTANT = Assigned(reading=Reading(kind=Kind.SETTING))
PARTS = {
    "date": Clock.DAY,
    "day": Clock.DAY,
    "weekday": Clock.DAY,
    "isoweekday": Clock.DAY,
    "hour": Clock.HOUR,
    "minute": Clock.MINUTE,
    "year": Clock.NEVER,
    "month": Clock.NEVER,
}
_SPECS = (
    (Clock.SECOND, "SfsTcrX+"),
    (Clock.MINUTE, "MR"),
    (Clock.HOUR, "HIklp"),
    (Clock.DAY, "daAjwuUWVxDFeGg"),
)
_SIGN = re.compile(r"%[-#]?([a-zA-Z+])")
_TOKENS = (
    (Clock.SECOND, ("ss", "X", "x")),
    (Clock.MINUTE, ("mm",)),
    (Clock.HOUR, ("HH", "hh")),
    (Clock.DAY, ("D", "d")),
    (Clock.NEVER, ("Y", "M")),
)
_PRECISIONS = (Clock.SECOND, Clock.MINUTE, Clock.HOUR, Clock.DAY)
_PACES = (
    (Kind.RANDOM, Kind.ID),
    (Kind.PAYLOAD, Kind.RETRIEVAL),
    (Kind.HISTORY, Kind.COUNTER),
    (Kind.SESSION, Kind.ENVIRONMENT),
    (Kind.USER,),
    (Kind.TENANT,),
)


def shown_as(found: Assigned, spec: ast.expr) -> Assigned:
    """Return a time in a format: as precise as the finest of its parts.

    ``%H:%M`` is that of the standard library, ``HH:mm`` that of arrow and pendulum.
    """
    text = "".join(str(part.value) for part in ast.walk(spec) if isinstance(part, ast.Constant))
    if found.reading.kind is not Kind.TIME or not text:
        return found
    if "%" in text:
        signs = set(_SIGN.findall(text))
        clocks = (clock for clock, known in _SPECS if not signs.isdisjoint(known))
        return at_most(found, next(clocks, Clock.NEVER))
    clocks = (clock for clock, known in _TOKENS if any(token in text for token in known))
    return at_most(found, next(clocks, found.reading.clock))


def at_most(found: Assigned, clock: Clock) -> Assigned:
    """Return a time that is no more precise than a clock."""
    if clock is Clock.NEVER:
        return CONSTANT
    coarser = max(clock, found.reading.clock, key=_PRECISIONS.index)
    return Assigned(reading=Reading(kind=Kind.TIME, clock=coarser), is_certain=found.is_certain)


def set_by(parts: Iterable[str | None]) -> Clock:
    """Return how precise a time still is of which some parts are set to constants."""
    names = set(parts)
    if "hour" in names:
        return Clock.DAY
    if "minute" in names:
        return Clock.HOUR
    return Clock.MINUTE if "second" in names else Clock.SECOND


def fastest(found: Sequence[Assigned | None]) -> Assigned | None:
    """Return what moves fastest of several parts; a constant where all are."""
    moving = [each for each in found if each is not None and each != CONSTANT]
    if moving:
        return min(moving, key=_pace)
    return CONSTANT if None not in found else None


def _pace(found: Assigned) -> int:
    if found.reading.kind is Kind.TIME:
        return {Clock.SECOND: 0, Clock.MINUTE: 3}.get(found.reading.clock, len(_PACES))
    return next((at for at, kinds in enumerate(_PACES) if found.reading.kind in kinds), len(_PACES))
