"""What every o200k token adds to an estimate, so that estimates are sums over tokens."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from promptcost.tokens._vocabulary import bundled

if TYPE_CHECKING:
    from promptcost.tokens.families import Rule

BEYOND_ASCII = bytes(range(0x80, 0x100))
NOT_CJK = bytes(set(range(0x100)) - set(range(0xE3, 0xEA)))  # first bytes of U+3000 to U+9FFF
_CONTINUATION = bytes(range(0x80, 0xC0))
_LONGEST_NUMBER = 3


def weights(rule: Rule, text: str) -> tuple[int, ...]:
    """Return the hundredths of a token that each o200k token of `text` adds under a rule, by id."""
    return _ascii_weights(rule) if text.isascii() else _all_weights(rule)


@cache
def _ascii_weights(rule: Rule) -> tuple[int, ...]:
    """Weigh the tokens that are ASCII; five times faster to build than the whole table."""
    vocabulary = bundled("o200k")
    sizes = range(max(vocabulary.lengths) + 1)
    by_size = [max(rule.token + rule.ascii * size, rule.least) for size in sizes]
    table = list(map(by_size.__getitem__, vocabulary.lengths))
    for size in range(2, _LONGEST_NUMBER + 1):
        for number in range(10**size):
            table[vocabulary.ranks[b"%0*d" % (size, number)]] += rule.digit * (size - 1)
    return tuple(table)


@cache
def _all_weights(rule: Rule) -> tuple[int, ...]:
    table = list(_ascii_weights(rule))
    for rank, token in enumerate(bundled("o200k").ranks):
        if not token.isascii():
            table[rank] = _weigh(rule, token)
    return tuple(table)


def _weigh(rule: Rule, token: bytes) -> int:
    """Weigh a token with bytes beyond ASCII; a code point counts where its first byte is."""
    plain = len(token.translate(None, BEYOND_ASCII))
    other = len(token.translate(None, _CONTINUATION)) - plain
    cjk = len(token.translate(None, NOT_CJK))
    weight = rule.token + rule.ascii * plain + rule.other * other + rule.cjk * cjk
    return max(weight, rule.least)
