"""What a template draws by chance itself, and another chance for the next request."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from promptcost.templates._kinds import Kind

_DRAWN = re.compile(r"\|\s*random\b|\blipsum\s*\(")
_MOST_ITEMS = 20  # in a list that is drawn from, for which another item is sure to be drawn


@lru_cache(maxsize=64)
def drawn(text: str) -> frozenset[Kind]:
    """Return the kinds of what a template's own filters and functions draw."""
    may_draw = "random" in text or "lipsum" in text
    return frozenset({Kind.RANDOM} if may_draw and _DRAWN.search(text) else ())


@lru_cache(maxsize=64)
def other_chance(seed: int) -> int:
    """Return a seed with which the first draw from any short list is another item."""
    first, other = _draws(seed), seed + 1
    while any(one == two for one, two in zip(first, _draws(other), strict=True)):
        other += 1
    return other


def _draws(seed: int) -> list[int]:
    chances = (Random(seed) for _ in range(_MOST_ITEMS - 1))  # noqa: S311 - no secret
    return [chance.choice(range(size)) for size, chance in enumerate(chances, start=2)]
