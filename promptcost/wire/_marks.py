"""Separates what takes part in the prompt from cache marks and from what is no prompt text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from promptcost.wire.block import Marker, MarkerStyle
from promptcost.wire.json_path import join

Json = dict[str, object]

NOTHING: frozenset[str] = frozenset()

_STYLES = {style.value: style for style in MarkerStyle if style is not MarkerStyle.IMPLICIT}
_TTL = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Kept:
    """An object without what is no prompt text: the fields kept (sorted), a mark, dropped paths."""

    fields: Json
    marker: Marker | None
    ignored: tuple[str, ...]


@dataclass(slots=True)
class Marks:
    """Reads cache marks; `ttl` is the request's own default, `faults` what could not be read."""

    ttl: timedelta | None = None
    faults: list[str] = field(default_factory=list)

    def strip(self, value: Json, path: str, drop: frozenset[str] = NOTHING) -> Kept:
        """Separate an object's prompt fields from its mark, from nulls and from `drop`."""
        fields: Json = {}
        ignored, marker = [], None
        for key in sorted(value):
            item, place = value[key], join(path, key)
            if key in _STYLES:
                marker = self.marker(item, place, _STYLES[key]) or marker
                ignored.append(place)
            elif item is None or key in drop:
                ignored.append(place)
            else:
                fields[key] = item
        return Kept(fields, marker, tuple(ignored))

    def marker(self, value: object, path: str, style: MarkerStyle) -> Marker | None:
        """Return the mark a field stands for; null is no mark."""
        if value is None:
            return None
        if not isinstance(value, dict):
            self.faults.append(f"{path} is not an object, so it marks nothing")
            return None
        ttl = self.lifetime(value.get("ttl"), join(path, "ttl"))
        return Marker(style=style, json_path=path, ttl=ttl)

    def lifetime(self, value: object, path: str) -> timedelta | None:
        """Return a lifetime written as ``5m``; the request's default when there is none."""
        if value is None:
            return self.ttl
        match = _TTL.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.faults.append(f"{path} is not a lifetime such as 5m or 1h; taken as the default")
            return self.ttl
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
