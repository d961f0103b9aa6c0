"""Edits of valid JSON text that leave everything around them as it was written.

Places are those of characters; what is added is spaced like its neighbours.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from promptcost.wire.json_path import Member, elements, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class TextEdit(NamedTuple):
    """Replace the characters of a half-open range."""

    start: int
    end: int
    text: str


Range = tuple[int, int]


def with_member(text: str, position: int, key: str, value: str) -> TextEdit:
    """Return the edit that adds a member behind the others of an object."""
    found = list(members(text, position))
    name = json.dumps(key)
    if not found:
        return TextEdit(position + 1, position + 1, f"{name}: {value}")
    last = found[-1]
    colon = _colon(text, last)
    ranges = [(member.start, member.end) for member in found]
    glue = _glue(text, position, ranges, len(ranges) - 1, "," if colon == ":" else ", ")
    return TextEdit(last.end, last.end, f"{glue}{name}{colon}{value}")


def with_element(text: str, position: int, index: int, value: str) -> TextEdit:
    """Return the edit that adds an element to an array, behind the one with that index."""
    ranges = list(elements(text, position))
    end = ranges[index][1]
    return TextEdit(end, end, f"{_glue(text, position, ranges, index, ', ')}{value}")


def without(ranges: Sequence[Range], index: int) -> TextEdit:
    """Return the edit that removes one of several elements or members, with its comma."""
    start, end = ranges[index]
    if index:
        return TextEdit(ranges[index - 1][1], end, "")
    return TextEdit(start, ranges[1][0] if len(ranges) > 1 else end, "")


def moved(
    text: str, slots: Sequence[Range], into: Sequence[Range], edits: Iterable[TextEdit]
) -> list[TextEdit]:
    """Return the edits that put into each slot what stands in the range given for it.

    The ranges are the slots in another order.  `edits` are other ones; those inside of what moves
    are made on the way.
    """
    turned = [(slot, other) for slot, other in zip(slots, into, strict=True) if slot != other]
    ordered = sorted(edits)
    starts = [edit.start for edit in ordered]
    inner = {}
    for _, (start, end) in turned:
        low, high = bisect_right(starts, start), bisect_left(starts, end)
        inner[start] = range(low, high)
    carried = {number for numbers in inner.values() for number in numbers}
    kept = [edit for number, edit in enumerate(ordered) if number not in carried]
    for slot, other in turned:
        within = [ordered[number] for number in inner[other[0]]]
        kept.append(TextEdit(*slot, made(text, within, other)))
    return kept


def reordered(
    text: str, found: Sequence[Member], keys: Sequence[str], edits: Iterable[TextEdit]
) -> list[TextEdit] | None:
    """Return `edits` and those that write members in the order of `keys`; others stay in place.

    None when a key is not there, or there twice.
    """
    by_key = {member.key: (member.start, member.end) for member in found}
    wanted = set(keys)
    slots = [(member.start, member.end) for member in found if member.key in wanted]
    if len(slots) != len(keys) or not wanted <= by_key.keys():
        return None
    return moved(text, slots, [by_key[key] for key in keys], edits)


def made(text: str, edits: Iterable[TextEdit], within: Range | None = None) -> str:
    """Return a text, or a range of it, with edits made that do not overlap."""
    at, end = within or (0, len(text))
    parts = []
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:end]])


def overlap(edits: Iterable[TextEdit]) -> bool:
    """Say whether two edits change the same characters."""
    return any(one.end > other.start for one, other in pairwise(sorted(edits)))


def _colon(text: str, member: Member) -> str:
    """Return what stands between the key and the value of a member."""
    head = text[member.start : member.value]
    return head[len(head.rstrip().removesuffix(":").rstrip()) :]


def _glue(text: str, position: int, ranges: Sequence[Range], index: int, usual: str) -> str:
    """Return what separates a part of an array or object from its neighbour."""
    if index + 1 < len(ranges):
        return text[ranges[index][1] : ranges[index + 1][0]]
    if index:
        return text[ranges[index - 1][1] : ranges[index][0]]
    lead = text[position + 1 : ranges[0][0]]
    return f",{lead}" if lead else usual
