"""How much two texts have in common at their ends, by bisection over slices."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import AnyStr


_PIECE = re.compile(rb"[^\n.]+[\n.]?")
_TELLING = 24  # bytes of a line or sentence that hardly comes twice by chance


def common_behind(was: bytes, now: bytes) -> bytes:
    """Return what two texts have in common behind their first difference.

    Their common end, and in front of it the lines or sentences of `now` that `was` holds too.
    """
    start = common_start(was, now)
    end = common_end(was[start:], now[start:])
    old, new = was[start : len(was) - end], now[start : len(now) - end]
    known = Counter(piece for piece in _PIECE.findall(old) if len(piece) >= _TELLING)
    kept = []
    for piece in _PIECE.findall(new):
        if known[piece] > 0:
            known[piece] -= 1
            kept.append(piece)
    return b"".join(kept) + now[len(now) - end :]


def common_start(a: AnyStr, b: AnyStr) -> int:
    """Return how many leading items two texts have in common."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(a: AnyStr, b: AnyStr) -> int:
    """Return how many last items two texts have in common."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[len(a) - middle : len(a) - low] == b[len(b) - middle : len(b) - low]:
            low = middle
        else:
            high = middle - 1
    return low
