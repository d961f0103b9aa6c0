"""TOML within bounds: what Python's reader is too slow or too shallow for is a fault of a file."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from promptcost.errors import Problem

MOST_PARTS = 64  # of a dotted key, which tomllib reads in time that is the square of their number
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"""(?<![\w"'-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}""")
_PLACE = re.compile(r"line (\d+), column (\d+)")


def parse_toml(text: str, path: str) -> dict[str, Any] | Problem:
    """Return the top table of a TOML document, or what is wrong with it."""
    long = _LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        message, repair = f"has a key of more than {MOST_PARTS} parts", "write it flatter"
        return Problem(path=path, message=message, repair=repair, line=line)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError also for a number of many digits
        place = _PLACE.search(str(error))
        at, column = (int(place[1]), int(place[2])) if place else (None, None)
        repair = "check quotes and brackets there"
        return Problem(path=path, message="is not TOML", repair=repair, line=at, column=column)
