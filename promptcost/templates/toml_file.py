"""TOML files that hold prompt templates, one per string value (pr-agent)."""

from __future__ import annotations

import re
import tomllib
from functools import partial
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.templates.align import align
from promptcost.templates.source import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.files.text import TextFile
    from promptcost.templates.textmap import TextMap

_STRING = re.compile(
    r"#[^\n]*"
    r'|(?P<long>"""|\'\'\')(?P<body>(?:\\.|(?!(?P=long)).)*+)(?P<tail>(?P=long)["\']{0,2})'
    r'|"(?P<basic>(?:\\.|[^"\\\n])*+)"'
    r"|'(?P<literal>[^'\n]*)'",
    re.DOTALL,
)
_PLACE = re.compile(r"line (\d+), column (\d+)")


def toml_sections(file: TextFile) -> tuple[Iterator[Section], list[Problem]]:
    """Return the string values of a TOML file."""
    try:
        table = tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return iter(()), [_problem(file.path, str(error))]
    written = _written(file.text)
    sections = (
        Section(name=name, text=value, place=partial(_place, value, file.text, written))
        for name, value in _values(table, "")
    )
    return sections, []


def _problem(path: str, reason: str) -> Problem:
    found = _PLACE.search(reason)
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    repair = "check quotes and brackets there"
    return Problem(path=path, message="is not TOML", repair=repair, line=line, column=column)


def _values(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _values(inner, f"{path}[{at}]")


def _written(text: str) -> dict[str, tuple[int, int]]:
    """Return where each string literal stands, by its value."""
    places: dict[str, tuple[int, int]] = {}
    for match in _STRING.finditer(text):
        if match[0].startswith("#"):
            continue
        group = next(name for name in ("body", "basic", "literal") if match[name] is not None)
        value = tomllib.loads(f"x = {match[0]}")["x"]
        places.setdefault(value, match.span(group))
    return places


def _place(value: str, text: str, written: dict[str, tuple[int, int]]) -> TextMap:
    start, end = written.get(value, (0, len(text)))
    return align(value, text, start, end)
