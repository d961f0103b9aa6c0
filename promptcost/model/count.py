"""Token counts that know how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CountMethod(StrEnum):
    """How a count was made; the least sure method of a sum names the sum."""

    EXACT = "exact"
    CALIBRATED = "calibrated"
    ESTIMATED = "estimated"
    DECLARED = "declared"


_DIGITS = 3
_CERTAINTY = (
    CountMethod.EXACT,
    CountMethod.DECLARED,
    CountMethod.CALIBRATED,
    CountMethod.ESTIMATED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCount:
    """A number of tokens with the band ``low <= value <= high`` and the tokenizer it is for."""

    value: int
    low: int
    high: int
    method: CountMethod
    tokenizer: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high:
            message = f"band {self.low} <= {self.value} <= {self.high} does not hold"
            raise ValueError(message)

    @classmethod
    def exact(cls, value: int, tokenizer: str) -> TokenCount:
        """Return a count without a band."""
        return cls(
            value=value, low=value, high=value, method=CountMethod.EXACT, tokenizer=tokenizer
        )

    def __str__(self) -> str:
        """Return the number as people read it; an estimate as three digits: ``≈1,240``."""
        if self.is_exact:
            return f"{self.value:,d}"
        step = 10 ** max(len(str(self.value)) - _DIGITS, 0)
        return f"≈{(self.value + step // 2) // step * step:,d}"

    def __add__(self, other: TokenCount) -> TokenCount:
        """Add two counts of the same tokenizer; the bands add and the less sure method stays."""
        if self.tokenizer != other.tokenizer:
            message = f"cannot add tokens of {self.tokenizer} and {other.tokenizer}"
            raise ValueError(message)
        return TokenCount(
            value=self.value + other.value,
            low=self.low + other.low,
            high=self.high + other.high,
            method=max(self.method, other.method, key=_CERTAINTY.index),
            tokenizer=self.tokenizer,
        )

    @property
    def is_exact(self) -> bool:
        """Whether the band has no width."""
        return self.low == self.high

    def reaches(self, limit: int) -> bool | None:
        """Say whether the count is at least `limit`; None when the band straddles it."""
        if self.low >= limit:
            return True
        return False if self.high < limit else None

    def exceeds(self, limit: int) -> bool | None:
        """Say whether the count is strictly above `limit`; None when the band straddles it."""
        return self.reaches(limit + 1)
