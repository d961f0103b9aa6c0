"""Whether a path matches a glob, as settings and options mean it."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import PurePath


def matches(path: str, pattern: str) -> bool:
    """Say whether a path matches: as it is written, from its end, or in full.

    ``*`` also stands for slashes.  A pattern that begins with a slash means the full path.
    """
    written = PurePath(path)
    full = os.path.abspath(path)  # noqa: PTH100 - follows no link
    return (
        fnmatchcase(written.as_posix(), pattern)
        or written.match(pattern)
        or fnmatchcase(full, pattern)
    )
