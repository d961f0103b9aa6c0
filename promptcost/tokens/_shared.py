"""The exact shared token prefix of two texts, by encoding only around the place where they part."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from promptcost.tokens._encode import SAFE, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.tokens._vocabulary import Vocabulary

_WINDOW = 64


def shared_tokens(vocabulary: Vocabulary, a: str, b: str, ends: Sequence[int]) -> int:
    """Return how many leading tokens two prepared texts share; `ends` are the byte ends of `a`.

    Both encodings are equal before the last safe boundary of the shared characters, and differ
    before the first safe boundary behind the differing character of either text.
    """
    parting = first_difference(a, b)
    if parting == len(a) == len(b):
        return len(ends)
    start = _safe_before(a, parting)
    known = bisect_right(ends, len(a[:start].encode()))
    ours = encode(vocabulary, a[start : _safe_after(a, parting)])
    theirs = encode(vocabulary, b[start : _safe_after(b, parting)])
    return known + first_difference(ours, theirs)


def first_difference(a: Sequence[object], b: Sequence[object]) -> int:
    """Return the index of the first difference, or the length of the shorter sequence."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _safe_before(text: str, parting: int) -> int:
    """Return the last boundary that is safe whatever stands at `parting`; 0 when there is none."""
    width = _WINDOW
    while True:
        start = max(parting - width, 0)
        found = [match.start() for match in SAFE.finditer(text, start, parting)]
        if found or not start:
            return found[-1] if found else 0
        width *= 4


def _safe_after(text: str, parting: int) -> int:
    """Return the first safe boundary behind the differing character; the end without one."""
    found = SAFE.search(text, parting + 1)
    return found.start() if found else len(text)
