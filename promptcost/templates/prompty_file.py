"""Prompty files: a YAML head between ``---`` lines, then the prompt with its role lines.

The role lines (``system:``, ``user:``) are kept as text: they stand where a request changes role,
so the order of the whole prompt is that of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.templates.source import Section
from promptcost.templates.textmap import TextMap, size
from promptcost.templates.written import checked, plainly

if TYPE_CHECKING:
    from promptcost.files.text import TextFile

_HEAD = re.compile(r"\s*---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def prompty_section(file: TextFile) -> Section:
    """Return the prompt of a prompty file, without its head."""
    head = _HEAD.match(file.text)
    start = head.end() if head else 0
    body = file.text[start:]
    before = size(file.text[:start])
    return Section(
        name="",
        text=body,
        place=lambda: TextMap(body, start=before),
        written=lambda: checked(plainly(body, start), body),
    )
