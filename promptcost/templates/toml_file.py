"""TOML files that hold prompt templates, one per string value (pr-agent)."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.files.toml import parse_toml
from promptcost.templates.align import aligned
from promptcost.templates.source import Section
from promptcost.templates.textmap import NEWLINE
from promptcost.templates.written import checked, escaped, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.files.text import TextFile
    from promptcost.templates.written import Written

_STRING = re.compile(
    r"#[^\n]*"
    r'|(?P<long>"""|\'\'\')(?P<body>(?:\\.|(?!(?P=long)).)*+)(?P<tail>(?P=long)["\']{0,2})'
    r'|"(?P<basic>(?:\\.|[^"\\\n])*+)"'
    r"|'(?P<literal>[^'\n]*)'",
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:[ \t]*\r?\n[ \t\r\n]*|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.)", re.DOTALL
)


def toml_sections(file: TextFile) -> tuple[Iterator[Section], list[Problem]]:
    """Return the string values of a TOML file."""
    table = parse_toml(file.text, file.path)
    if isinstance(table, Problem):
        return iter(()), [table]
    literals = _literals(file.text)
    return _sections(list(_values(table, "")), literals, file.text), []


def _sections(
    values: list[tuple[str, str]], literals: dict[str, list[_Literal]], text: str
) -> Iterator[Section]:
    """Yield a section for each value; of equal values the second stands in the second place."""
    seen: dict[str, int] = defaultdict(int)
    for name, value in values:
        places = literals.get(value) or [_Literal("", 0, len(text))]
        literal = places[min(seen[value], len(places) - 1)]
        seen[value] += 1
        written = partial(_written, value, text, literal)
        yield Section(
            name=name,
            text=value,
            place=partial(aligned, value, text, literal.start, literal.end, written),
            written=written,
        )


def _values(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _values(inner, f"{path}[{at}]")


@dataclass(frozen=True, slots=True)
class _Literal:
    """The inside of a string: its quotes, and the half-open range of characters between them."""

    quotes: str
    start: int
    end: int


def _literals(text: str) -> dict[str, list[_Literal]]:
    """Return where string literals stand, by their value."""
    found: dict[str, list[_Literal]] = defaultdict(list)
    for match in _STRING.finditer(text):
        if match[0].startswith("#"):
            continue
        group = next(name for name in ("body", "basic", "literal") if match[name] is not None)
        value = tomllib.loads(f"x = {match[0]}")["x"]
        start, end = match.span(group)
        # Quotes in front of the closing ones belong to the text.
        end += len(match["tail"]) - 3 if group == "body" else 0
        found[value].append(_Literal(match["long"] or match[0][0], start, end))
    return found


def _written(value: str, text: str, literal: _Literal) -> Written | None:
    start, end = literal.start, literal.end
    if len(literal.quotes) > 1:
        first = NEWLINE.match(text, start, end)  # is not part of the text
        start = start if first is None else first.end()
    match literal.quotes[:1]:
        case '"':
            return checked(escaped(text, start, end, _ESCAPE, _read), value)
        case "'":
            return checked(plainly(text[start:end], start), value)
        case _:
            return None


def _read(escape: str) -> str:
    made: str = tomllib.loads(f'x = """{escape}"""')["x"]
    return made
