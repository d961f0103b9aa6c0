"""A fault of the builder without its words: the type, and the line of the user's code."""

from __future__ import annotations

import re
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_LONGEST = 80  # characters of a name
_OURS = str(Path(__file__).parents[2])


def fault_of(error: BaseException) -> dict[str, Any]:
    """Return what may be told about an exception; its message may hold prompt text."""
    file, line = _place(error)
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return {
        "type": bare(type(error).__name__),
        "file": file,
        "line": line,
        "missing": bare(missing or ""),
    }


def bare(name: str) -> str:
    """Return a name with nothing in it that names do not have: it is printed on terminals."""
    return re.sub(r"[^\w. ]", "?", str(name))[:_LONGEST]


def _place(error: BaseException) -> tuple[str, int]:
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 1
    frames = list(_frames(error.__traceback__))
    own = [frame for frame in frames if is_own(frame[0])]
    return (own or frames or [("", 0)])[-1]


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def is_own(file: str) -> bool:
    """Say whether a file is the user's: not Python's, not an installed package's, not ours."""
    if file.startswith(("<", _OURS)) or "site-packages" in Path(file).parts:
        return False
    paths = sysconfig.get_paths()
    return not any(file.startswith(paths[name]) for name in ("stdlib", "platstdlib"))
