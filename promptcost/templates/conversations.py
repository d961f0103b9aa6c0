"""Texts of one file that are parts of one request, and what is fixed behind each of them.

Items with a role in a list are a conversation, in order; so are the neighbours ``system`` and
``user`` of a mapping, and ``prefix`` and ``suffix``, whatever else their names share.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from promptcost.model.span import Span
from promptcost.templates._kinds import Kind
from promptcost.templates._words import words
from promptcost.templates.names import classify, split_words
from promptcost.templates.source import Behind
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promptcost.templates.source import Section

_MOST = 200  # parts of one conversation
_LONGEST = 40_000  # characters that are counted behind a text
_FIRST, _SECOND = words("system sys developer prefix"), words("user human suffix")
_ROLES = words("system developer user human assistant ai model tool function")
# What the keys of one conversation may differ in.
_FILLERS = words("prompt prompts template templates message content text instruction instructions")
_ITEM = re.compile(r"(?P<list>.*?)\[(?P<number>\d+)\]\.(?P<key>\w+)(?P<part>\[\d+\]\.text)?")
_HELD = frozenset({"content", "text", "value", "message"})
_TAG = re.compile(r"\{[{%#]|[$%#]\{|\{[^\W\d]\w*|<%|\[\[|<<")
_PRINT = re.compile(r"(?:\{\{-?|[$%#]?\{)\s*(?P<path>[^\W\d][\w.]*)\s*-?\}\}?")
_FIXED = frozenset({Kind.SETTING, Kind.TOOLS})


def behind(sections: Sequence[Section], path: str) -> Mapping[str, Behind]:
    """Return what is fixed behind the texts of a file, by their names."""
    found: dict[str, Behind] = {}
    for parts in _conversations(sections):
        later: Behind | None = None
        for part, following in reversed(list(pairwise(parts))):
            later = _fixed(following, later, path)
            if later is not None:
                found[part.name] = later
    return found


def _fixed(section: Section, later: Behind | None, path: str) -> Behind | None:
    """Return the fixed beginning of a text, with what is behind it where all of it is fixed."""
    text = normalise(section.text)
    end = _end(text)
    if not text[:end].strip():
        return later if end == len(text) else None
    start, stop = section.place().span(0, end)
    more = later.text if later is not None and end == len(text) else ""
    return Behind((text[:end] + more)[:_LONGEST], Span(source=path, start=start, end=stop))


def _end(text: str) -> int:
    """Return where the first tag begins that may print what varies."""
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        told = _PRINT.match(text, tag.start())
        if told is None or classify(told["path"]).kind not in _FIXED:
            return tag.start()
        at = told.end()
    return len(text)


def _conversations(sections: Sequence[Section]) -> list[list[Section]]:
    groups: dict[tuple[str, ...], dict[int, Section]] = defaultdict(dict)
    roles = _roles(sections)
    for section in sections:
        item = _ITEM.fullmatch(section.name)
        if item is not None and _is_spoken(item, roles):
            group = groups["[]", item["list"]]
            group[len(group)] = section
        elif item is None or not item["part"]:
            parent, _, key = section.name.rpartition(".")
            place, *stem = _of_key(split_words(key))
            if place in {"0", "1"}:
                group = groups[parent, *stem]
                group[int(place) if int(place) not in group else 2] = section
    return [
        [group[at] for at in sorted(group)]
        for key, group in groups.items()
        if 1 < len(group) <= _MOST and (key[0] == "[]" or sorted(group) == [0, 1])
    ]


def _roles(sections: Sequence[Section]) -> frozenset[str]:
    """Return the items that say whose words they are."""
    return frozenset(
        section.name.removesuffix(".role")
        for section in sections
        if section.name.endswith("].role") and section.text.strip().lower() in _ROLES
    )


def _is_spoken(item: re.Match[str], roles: frozenset[str]) -> bool:
    has_role = f"{item['list']}[{item['number']}]" in roles and item["key"] in _HELD
    return has_role or (item["key"] in _ROLES and not item["part"])


def _of_key(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return whether a key is of what comes first (0) or second (1), and the words left of it."""
    rest = tuple(word for word in found if word not in _FILLERS)
    for place, roles in (("0", _FIRST), ("1", _SECOND)):
        mine = [word for word in rest if word in roles]
        if len(mine) == 1:
            return (place, *(word for word in rest if word != mine[0]))
    return ("",)
