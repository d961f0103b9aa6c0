"""YAML files that hold prompt templates, one per text value (smolagents, mini-swe-agent)."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from promptcost.files.scalars import text_scalars
from promptcost.templates.align import align
from promptcost.templates.source import Section
from promptcost.templates.written import checked, escaped, indented, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.errors import Problem
    from promptcost.files.scalars import Scalar
    from promptcost.files.text import TextFile
    from promptcost.templates.written import Written

_QUOTE = re.compile("''")
_ESCAPE = re.compile(
    r"\\(?:\r?\n[ \t]*|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL
)
_SIGNS = dict(zip("0abtnvfre_NLP", "\0\a\b\t\n\v\f\r\x1b\xa0\x85\u2028\u2029", strict=True))


def yaml_sections(file: TextFile) -> tuple[Iterator[Section], list[Problem]]:
    """Return the text values of a YAML file."""
    scalars, problems = text_scalars(file.text, file.path)
    sections = (
        Section(
            name=scalar.path,
            text=scalar.value,
            place=partial(align, scalar.value, file.text, scalar.start, scalar.end),
            written=partial(_written, scalar, file.text),
        )
        for scalar in scalars
    )
    return sections, problems


def _written(scalar: Scalar, text: str) -> Written | None:
    """Return how a value is written; None where lines are folded or an alias repeats it."""
    if scalar.is_shared:
        return None
    start, end = scalar.start, scalar.end
    runs: Written | None = None
    match scalar.style:
        case "|":
            runs = indented(scalar.value, text, start, end)
        case '"':
            runs = escaped(text, start, end, _ESCAPE, _read)
        case "'":
            runs = escaped(text, start, end, _QUOTE, lambda _: "'")
        case "":
            runs = plainly(text[start:end], start)
    # A line end that no sign announces is read as a blank, so runs with one differ from the text.
    return checked(runs, scalar.value)


def _read(escape: str) -> str:
    """Return what an escape of a double-quoted scalar stands for (YAML 1.1, section 5.6)."""
    sign = escape[1]
    if sign in "\r\n":
        return ""
    digits = escape[2:]
    return chr(int(digits, 16)) if sign in "xuU" else _SIGNS.get(sign, sign)
