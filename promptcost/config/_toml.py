"""The table ``[tool.promptcost]`` of a pyproject.toml, with the line of each of its keys."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

from promptcost.errors import Problem
from promptcost.files.text import read_text
from promptcost.files.toml import parse_toml
from promptcost.files.yaml import Document

if TYPE_CHECKING:
    from pathlib import Path

TABLE = ("tool", "promptcost")
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)")

Keys = tuple[str | int, ...]


def read_table(path: Path) -> tuple[Document | None, list[Problem]]:
    """Return the table as a document, None where the file has none, and what is wrong with it."""
    found = read_text(path)
    if isinstance(found, Problem):
        return None, [found]
    if TABLE[1] not in found.text:
        return None, []
    top: Any = parse_toml(found.text, str(path))
    if isinstance(top, Problem):
        return None, [top]
    for key in TABLE:
        top = top.get(key) if isinstance(top, dict) else None
    if top is None:
        return None, []
    return Document(path=str(path), value=top, places=_places(found.text)), []


def _places(text: str) -> dict[Keys, tuple[int, int]]:
    """Return where every key below the table stands first, as far as lines begin with keys."""
    places: dict[Keys, tuple[int, int]] = {}
    header: Keys = ()
    tables: Counter[Keys] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        column = len(line) - len(line.lstrip()) + 1
        if line.lstrip().startswith("["):
            header = _keys(line.strip(" \t\r["))
            if line.lstrip().startswith("[["):  # one more item of a list of tables
                tables[header] += 1
                header = (*header, tables[header] - 1)
            keys = header
        else:
            own = _keys(line) if "=" in line else ()
            keys = (*header, *own) if own else ()
        if keys[:2] == TABLE:
            for length in range(len(TABLE), len(keys) + 1):
                places.setdefault(keys[len(TABLE) : length], (number, column))
    return places


def _keys(text: str) -> Keys:
    """Return a dotted key at the start of a text, as TOML reads it."""
    found = _KEY.match(text)
    if found is None:
        return ()
    try:
        inner: Any = tomllib.loads(f"{found[1]} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(inner, dict):
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)
