"""Lines on stderr: what is not the result.  Colour only on a terminal that wants it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from promptcost.errors import Level
from promptcost.report.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from promptcost.errors import Problem

_RED, _YELLOW, _PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"


def wants_colour(stream: TextIO) -> bool:
    """Say whether a stream gets colour: by NO_COLOR, FORCE_COLOR, or because it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(message: str, level: Level = Level.ERROR) -> None:
    """Write one line to stderr, with nothing in it that a terminal would obey."""
    colour = _RED if level is Level.ERROR else _YELLOW
    start, stop = (colour, _PLAIN) if wants_colour(sys.stderr) else ("", "")
    sys.stderr.write(f"{start}{level}:{stop} {visible(message)}\n")


def say_problems(problems: Iterable[Problem]) -> None:
    """Write each problem as one line to stderr."""
    for problem in problems:
        say(str(problem), problem.level)
