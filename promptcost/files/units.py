"""Quantities as people write them in files: ``45s``, ``30d``, ``20%``."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

_UNITS = {
    "us": 1,
    "ms": 1_000,
    "s": 10**6,
    "m": 60 * 10**6,
    "h": 3_600 * 10**6,
    "d": 86_400 * 10**6,
}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s|m|h|d)", re.ASCII)
_PERCENT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*%", re.ASCII)
_LONGEST_US = 3_660 * _UNITS["d"]


def parse_duration(text: str) -> timedelta:
    """Return a duration such as ``90s``, ``1.5h``.  Raises ValueError with the accepted form."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        message = (
            f"{text[:40]!r} is not a duration; write a number and us, ms, s, m, h or d, as in 45s"
        )
        raise ValueError(message)
    microseconds = Decimal(found[1]) * _UNITS[found[2]]
    if microseconds > _LONGEST_US:
        message = f"{text[:40]!r} is longer than ten years"
        raise ValueError(message)
    if microseconds != int(microseconds):
        message = f"{text[:40]!r} is finer than a microsecond"
        raise ValueError(message)
    return timedelta(microseconds=int(microseconds))


def parse_share(text: str) -> Decimal:
    """Return a percentage such as ``20%`` as a fraction.  Raises ValueError otherwise."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        message = f"{text[:40]!r} is not a share; write a percentage, as in 20%"
        raise ValueError(message)
    return Decimal(found[1]) / 100
