"""Finds files of recorded requests among the paths of an audit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.wire import PACKED_SUFFIX, WireRequest, open_log, read_requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LINES = frozenset({".jsonl", ".ndjson", ".log"})
SUFFIXES = frozenset({".jsonl", ".ndjson", ".json", ".har"})
_BOM = b"\xef\xbb\xbf"
_START = 64  # bytes of a file in which its first bracket is looked for
_SNIFFED = 3  # records of a file in a directory of which one must be a request
_LARGEST_SNIFFED = 64 << 20  # bytes of a JSON file that is looked into without being named
_SKIPPED = frozenset(
    [
        "node_modules",
        "venv",
        "env",
        "site-packages",
        "__pycache__",
        "build",
        "dist",
        "target",
        "vendor",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """The files of requests, the paths left for other auditors, and directories that hold logs."""

    files: tuple[Path, ...]
    rest: tuple[Path, ...]
    directories: frozenset[str]


def find_logs(paths: Sequence[Path]) -> Logs:
    """Return files named directly by their suffix, and others by their content.

    A directory is searched for what is usually called a log; a file that is named may be called
    anything, as long as it begins like JSON and holds requests.
    """
    files: dict[Path, None] = {}
    rest, directories = [], set()
    for path in paths:
        if path.is_dir():
            rest.append(path)
            found = [file for file in sorted(_walk(path)) if _holds_requests(file)]
            directories |= {str(path)} if found else set()
            files.update(dict.fromkeys(found))
        elif path.exists() and (_suffix(path) in SUFFIXES or _is_log(path)):
            files[path] = None
        else:
            rest.append(path)
    return Logs(files=tuple(files), rest=tuple(rest), directories=frozenset(directories))


def _walk(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root, followlinks=False):
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in _SKIPPED)
        for name in files:
            path = Path(folder) / name
            if _suffix(path) in SUFFIXES | LINES and not path.is_symlink():
                yield path


def _suffix(path: Path) -> str:
    """Return the suffix of a file, the one before ``.gz`` where it is packed."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == PACKED_SUFFIX else suffix


def _is_log(path: Path) -> bool:
    """Say whether a file of any name begins like JSON and holds requests."""
    if not path.is_file():
        return False
    try:
        with open_log(path) as stream:
            start = stream.read(_START).removeprefix(_BOM).lstrip()
    except OSError:
        return False
    return start.startswith((b"{", b"[")) and _holds_requests(path)


def _holds_requests(path: Path) -> bool:
    if _suffix(path) not in LINES and path.stat().st_size > _LARGEST_SNIFFED:
        return False
    return any(isinstance(item, WireRequest) for item in islice(read_requests(path), _SNIFFED))
