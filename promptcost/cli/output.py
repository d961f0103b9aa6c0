"""Where results go: stdout, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from promptcost.cli.streams import wants_colour
from promptcost.errors import DataError, Problem
from promptcost.files.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.report.terminal import Screen

_PIPED_WIDTH = 120


def check_output(path: Path | None) -> None:
    """Raise DataError when a file can certainly not be written, before any work is done."""
    if path is None:
        return
    if path.is_dir():
        raise DataError([_fault(path, "is a directory", "name a file")])
    if not path.parent.is_dir():
        raise DataError([_fault(path, "is in a directory that does not exist", "create it first")])


def deliver(text: str, path: Path | None) -> None:
    """Write a result to stdout or to a file.  Raises DataError when the file cannot be written."""
    if path is None:
        sys.stdout.write(text)
        return
    try:
        if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
            path.write_text(text, encoding="utf-8")
        else:
            write_atomic(path.resolve(), text)  # a link keeps pointing where it points
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise DataError([_fault(path, f"cannot be written: {reason}", "choose another")]) from error


def _fault(path: Path, message: str, repair: str) -> Problem:
    return Problem(path=str(path), message=message, repair=repair)


def screen_for(path: Path | None) -> Screen:
    """Return width and colour of what a terminal report is written to; COLUMNS wins."""
    from promptcost.report.terminal import Screen  # noqa: PLC0415 - loads Rich

    width = shutil.get_terminal_size((_PIPED_WIDTH, 0)).columns
    if path is not None or (not sys.stdout.isatty() and "COLUMNS" not in os.environ):
        width = _PIPED_WIDTH
    return Screen(width=width, colour=path is None and wants_colour(sys.stdout))
