"""Templates that others include: what moves in one of them moves in the middle of the others."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.files.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_TAG = re.compile(r"\b(?:include|import|from|extends)\s*\(?\[?\s*(?:['\"][^'\"\n]+['\"][\s,]*)+")
_NAME = re.compile(r"['\"]([^'\"\n]+)['\"]")


def included(files: Sequence[Path]) -> frozenset[Path]:
    """Return those of some templates whose names stand in an include tag of another one."""
    names = {name for file in files for name in _names(file)}
    return frozenset(file for file in files if not names.isdisjoint(_endings(file)))


def _names(file: Path) -> Iterable[str]:
    found = read_text(file)
    if isinstance(found, Problem):
        return []
    named = (name for tag in _TAG.findall(found.text) for name in _NAME.findall(tag))
    return (str(PurePosixPath(name)) for name in named)


def _endings(file: Path) -> set[str]:
    """Return the names by which a template loader may know a file."""
    parts = file.parts
    return {"/".join(parts[start:]) for start in range(len(parts))}
