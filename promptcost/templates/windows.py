"""How much history a template shows at most, for conversations to be longer than that."""

from __future__ import annotations

import re
from functools import lru_cache

# The last few of a list: ``messages[-6:]``.
_WINDOW = re.compile(r"\[[ ]?-(\d{1,3})[ ]?:[ ]?\]")
_LONGEST = 30  # a longer conversation takes time and shows nothing new


@lru_cache(maxsize=64)
def rounds_to_fill(text: str) -> int:
    """Return the rounds after which the widest window of a template begins to slide."""
    has_window = "[-" in text or "[ -" in text
    sizes = [int(size) for size in _WINDOW.findall(text)] if has_window else []
    return max((size for size in sizes if size <= _LONGEST), default=0)
