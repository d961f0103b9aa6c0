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
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s|m|h|d)")
_PERCENT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*%")
_LONGEST = timedelta(days=3_660)


def parse_duration(text: str) -> timedelta:
    """Return a duration such as ``90s``, ``1.5h``.  Raises ValueError with the accepted form."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        message = (
            f"{text[:40]!r} is not a duration; write a number and us, ms, s, m, h or d, as in 45s"
        )
        raise ValueError(message)
    made = timedelta(microseconds=int(Decimal(found[1]) * _UNITS[found[2]]))
    if made > _LONGEST:
        message = f"{text[:40]!r} is longer than ten years"
        raise ValueError(message)
    return made


def parse_share(text: str) -> Decimal:
    """Return a percentage such as ``20%`` as a fraction.  Raises ValueError otherwise."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        message = f"{text[:40]!r} is not a share; write a percentage, as in 20%"
        raise ValueError(message)
    return Decimal(found[1]) / 100
