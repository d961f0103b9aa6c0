"""Counting: one interface for exact and for estimated tokenizers, entirely offline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from promptcost.model.count import CountMethod, TokenCount
from promptcost.tokens._encode import MEMO, prepared_offsets
from promptcost.tokens._shared import shared_tokens
from promptcost.tokens._tokenizer_json import load_tokenizer_json
from promptcost.tokens._vocabulary import Vocabulary, bundled
from promptcost.tokens._weights import BEYOND_ASCII, NOT_CJK, weights
from promptcost.tokens.calibration import Calibration
from promptcost.tokens.families import Band, Family, Rule, Script, family

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from promptcost.tokens._encode import Encoded

_FOREIGN = Fraction(1, 5)
_HUNDREDTHS = 100


class TokenCounter(Protocol):
    """Counts tokens of one tokenizer; every count says how sure it is.

    A text is counted by itself, as providers count each message by itself.  Special tokens in a
    text are ordinary text, lone surrogates count as U+FFFD.  The count of a prefix never exceeds
    the count of the whole.
    """

    @property
    def tokenizer(self) -> str:
        """The name of the family, as in the catalogue."""

    def count(self, text: str) -> TokenCount:
        """Return the tokens of a text."""

    def prefix_counts(self, text: str, byte_offsets: Sequence[int]) -> list[TokenCount]:
        """Return the tokens that lie wholly before each UTF-8 byte offset, in the given order.

        Offsets past the end are clamped.
        """

    def shared(self, a: str, b: str) -> TokenCount:
        """Return the leading tokens that two texts have in common."""


@dataclass(frozen=True, slots=True)
class _ExactCounter:
    tokenizer: str
    vocabulary: Callable[[], Vocabulary]

    def count(self, text: str) -> TokenCount:
        return self._exact(len(_encoded(self.vocabulary(), text).ids))

    def prefix_counts(self, text: str, byte_offsets: Sequence[int]) -> list[TokenCount]:
        return [self._exact(n) for n in _tokens_before(self.vocabulary(), text, byte_offsets)]

    def shared(self, a: str, b: str) -> TokenCount:
        return self._exact(_shared(self.vocabulary(), a, b))

    def _exact(self, tokens: int) -> TokenCount:
        return TokenCount.exact(tokens, self.tokenizer)


@dataclass(frozen=True, slots=True)
class _EstimatingCounter:
    """Sums the weights of o200k tokens and rounds once, at the end."""

    family: Family
    rule: Rule
    calibration: Calibration | None

    @property
    def tokenizer(self) -> str:
        return self.family.name

    def count(self, text: str) -> TokenCount:
        return self._estimate(self._weight(text), self._band(text))

    def prefix_counts(self, text: str, byte_offsets: Sequence[int]) -> list[TokenCount]:
        vocabulary = bundled("o200k")
        table = weights(self.rule, text)
        ids = _encoded(vocabulary, text).ids
        sums = list(accumulate(map(table.__getitem__, ids), initial=0))
        band = self._band(text)
        tokens = _tokens_before(vocabulary, text, byte_offsets)
        return [self._estimate(sums[n], band) for n in tokens]

    def shared(self, a: str, b: str) -> TokenCount:
        vocabulary = bundled("o200k")
        table = weights(self.rule, a)
        ids = _encoded(vocabulary, a).ids[: _shared(vocabulary, a, b)]
        ours, theirs = self._band(a), self._band(b)
        # The narrower end on each side: a shared part has at most the tokens of either text.
        band = Band(min(ours.low, theirs.low), min(ours.high, theirs.high))
        return self._estimate(sum(map(table.__getitem__, ids)), band)

    def _weight(self, text: str) -> int:
        """Return the hundredths of a token a text weighs, remembered with its encoding."""
        encoded = _encoded(bundled("o200k"), text)
        if self.family.name not in encoded.weights:
            table = weights(self.rule, text)
            encoded.weights[self.family.name] = sum(map(table.__getitem__, encoded.ids))
        return encoded.weights[self.family.name]

    def _band(self, text: str) -> Band:
        known = self.calibration
        if known and known.low is not None and known.high is not None:
            return Band(known.low, known.high)
        return self.family.band(_script(text))

    def _estimate(self, hundredths: int, band: Band) -> TokenCount:
        factor = self.calibration.factor if self.calibration else 1
        # Whole numbers, as fractions are slow to multiply.
        above, below = factor.numerator * hundredths, factor.denominator * _HUNDREDTHS
        low, high = band.low, band.high
        return TokenCount(
            value=_rounded(above, below),
            low=above * low.numerator // (below * low.denominator),
            high=-(-above * high.numerator // (below * high.denominator)),
            method=CountMethod.CALIBRATED if self.calibration else CountMethod.ESTIMATED,
            tokenizer=self.family.name,
        )


def counter(
    family_name: str,
    *,
    tokenizer_json: Path | None = None,
    calibration: Calibration | None = None,
) -> TokenCounter:
    """Return the counter of a family; nothing is loaded before the first count.

    A Hugging Face `tokenizer_json` makes the count exact and is read at once; a calibration
    corrects an estimate, and an exact count has no use for it.  Raises ValueError for an unknown
    family (the nearest names are in the message) and DataError when the file cannot be used.
    """
    found = family(family_name)
    if tokenizer_json is not None:
        vocabulary = load_tokenizer_json(tokenizer_json)
        return _ExactCounter(found.name, lambda: vocabulary)
    if found.rule is None:
        return _ExactCounter(found.name, partial(bundled, found.name))
    return _EstimatingCounter(found, found.rule, calibration)


def _encoded(vocabulary: Vocabulary, text: str) -> Encoded:
    return MEMO.encoded(vocabulary, vocabulary.prepare(text))


def _tokens_before(vocabulary: Vocabulary, text: str, offsets: Sequence[int]) -> list[int]:
    ends = _encoded(vocabulary, text).ends
    return [bisect_right(ends, k) for k in prepared_offsets(vocabulary.prepare, text, offsets)]


@lru_cache(maxsize=1)
def _shared(vocabulary: Vocabulary, a: str, b: str) -> int:
    """Return the shared tokens; families counted by one vocabulary ask for them in turn."""
    ends = _encoded(vocabulary, a).ends
    return shared_tokens(vocabulary, vocabulary.prepare(a), vocabulary.prepare(b), ends)


def _rounded(above: int, below: int) -> int:
    """Return a fraction rounded as `round` does: halves to the even neighbour."""
    whole, rest = divmod(above, below)
    return whole + (2 * rest > below or (2 * rest == below and whole % 2))


@lru_cache(maxsize=4)
def _script(text: str) -> Script:
    """Return the script of a text; every family asks for that of the same two."""
    if text.isascii():
        return Script.ASCII
    data = text.encode("utf-8", "surrogatepass")
    beyond = len(text) - len(data.translate(None, BEYOND_ASCII))
    if beyond <= _FOREIGN * len(text):
        return Script.ASCII
    return Script.CJK if 2 * len(data.translate(None, NOT_CJK)) >= beyond else Script.OTHER
