"""Neutral words of realistic lengths for values nobody gave; deterministic from a seed.

Two halves of the vocabulary serve alternate versions of a value, so that two versions of one value
differ from their first byte on.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

_SENTENCE = 12  # words

# Knuth's linear congruential generator (MMIX); its high bits are the random ones.
_MULTIPLIER, _INCREMENT, _MASK = 6364136223846793005, 1442695040888963407, 2**64 - 1
_TOP_BITS = 33


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_EVEN = _listed(
    "amber basin cedar delta ember field grain hazel inlet jolly kelp linen maple north oaken"
    " plain quiet river slate timber under valley willow yonder anchor bridge copper dune early"
    " forest"
)
_ODD = _listed(
    "Zephyr Yarrow Xenon Woven Violet Upper Tidal Solar Rustic Quartz Pebble Onyx Noble Marble"
    " Lunar Keen Jade Ivory Humble Golden Fable Eager Drift Coral Birch Azure Zinc Young Wheat"
    " Vivid"
)


def number(*key: object) -> int:
    """Return a large number that only depends on the key."""
    data = "\x1f".join(str(part) for part in key).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


def sentence(length: int, version: int, *key: object) -> str:
    """Return about `length` words, in sentences of up to twelve; all versions equally long."""
    made = _words(length, version, *key)
    if not version:
        return made
    width = len(_words(length, 0, *key))
    return made[:width].rstrip(" .").ljust(width, "e")


@lru_cache(maxsize=4096)
def _words(length: int, version: int, *key: object) -> str:
    vocabulary = _ODD if version % 2 else _EVEN
    state = number(version, *key)
    picked = []
    for at in range(max(length, 1)):
        state = (state * _MULTIPLIER + _INCREMENT) & _MASK
        word = vocabulary[(state >> _TOP_BITS) % len(vocabulary)]
        ends = at % _SENTENCE == _SENTENCE - 1 and at < length - 1
        picked.append(f"{word}." if ends else word)
    return " ".join(picked)


def identifier(length: int, version: int, *key: object) -> str:
    """Return hexadecimal digits, the first of which tells even versions from odd ones."""
    digits = f"{number(version, *key):016x}{number(version, 'more', *key):016x}"
    return ("a" if version % 2 else "4") + digits[1:length]
