"""Which parts of a prompt another prompt has otherwise: whole words, close ones put together."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Range = tuple[int, int]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes time in the product of the lengths.
_MOST_PARTS = 1_000


def changed(base: str, other: str) -> list[Range]:
    """Return the half-open character ranges of the base that differ; empty ones are insertions."""
    if base == other:
        return []
    head = _word_start(base, _shared(base, other))
    tail = _shared(base[head:][::-1], other[head:][::-1])
    tail = _word_start(base[::-1], tail)
    mine, theirs = base[head : len(base) - tail], other[head : len(other) - tail]
    found = _differing(mine.splitlines(keepends=True), theirs.splitlines(keepends=True))
    ranges: list[Range] = []
    for (start, end), text in found:
        words = _differing(_WORD.findall(mine[start:end]), _WORD.findall(text))
        ranges.extend((head + start + at, head + start + to) for (at, to), _ in words)
    return ranges


def _shared(one: str, other: str) -> int:
    """Return the length of the longest common prefix."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _word_start(text: str, at: int) -> int:
    while at and text[at - 1].isalnum():
        at -= 1
    return at


def _differing(mine: list[str], theirs: list[str]) -> Iterator[tuple[Range, str]]:
    """Yield the character ranges of my parts that differ, with the text that is there instead."""
    starts = [0, *accumulate(map(len, mine))]
    if not mine or not theirs or max(len(mine), len(theirs)) > _MOST_PARTS:
        yield (0, starts[-1]), "".join(theirs)
        return
    for tag, low, high, first, last in SequenceMatcher(
        None, mine, theirs, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            yield (starts[low], starts[high]), "".join(theirs[first:last])


def joined(ranges: Iterable[Range], text: str, gap: int, *, lines: bool) -> list[Range]:
    """Return ranges in order, those at most `gap` characters apart as one.

    Across the end of a line only where `lines` says so.
    """
    made: list[Range] = []
    for start, end in sorted(ranges):
        if made and start - made[-1][1] <= gap:
            between = text[made[-1][1] : start]
            if lines or "\n" not in between:
                made[-1] = made[-1][0], max(end, made[-1][1])
                continue
        made.append((start, end))
    return made


def is_reordered(one: str, other: str) -> bool:
    """Say whether two texts hold the same words in another order."""
    return one != other and sorted(_WORD.findall(one)) == sorted(_WORD.findall(other))
