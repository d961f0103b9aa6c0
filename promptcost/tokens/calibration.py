"""One factor per tokenizer, fitted from counts that the user has measured.

The factor is total measured over total estimated, so long texts weigh more.  The band is the
observed range of measured over fitted, each side widened by (n + 1) / (n - 1), the expected share
of a uniform range that n samples miss, and by at least one percent.  One pair says nothing about
spread: it keeps the band of the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEAST_SPREAD = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the estimate of a family is multiplied by, and how far measured counts strayed from it.

    `low` and `high` are multiples of the calibrated count; None keeps those of the family.
    Raises ValueError unless ``0 <= low <= 1 <= high`` and the factor is positive.
    """

    factor: Fraction
    low: Fraction | None = None
    high: Fraction | None = None
    samples: int

    def __post_init__(self) -> None:
        low, high = self.low or Fraction(0), self.high or Fraction(1)
        if not (self.factor > 0 and 0 <= low <= 1 <= high):
            message = "a calibration needs a positive factor and low <= 1 <= high"
            raise ValueError(message)


def fit(pairs: Iterable[tuple[int, int]]) -> Calibration:
    """Fit (estimated, measured) token counts.

    Raises ValueError when there is no pair or a count is not positive.
    """
    known = list(pairs)
    if not known or min(map(min, known)) <= 0:
        message = "a calibration needs pairs of positive counts"
        raise ValueError(message)
    estimated, measured = map(sum, zip(*known, strict=True))
    factor = Fraction(measured, estimated)
    if len(known) == 1:
        return Calibration(factor=factor, samples=1)
    low, high = _spread([Fraction(count) / (factor * base) for base, count in known])
    return Calibration(factor=factor, low=low, high=high, samples=len(known))


def _spread(ratios: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    unseen = Fraction(len(ratios) + 1, len(ratios) - 1)
    below = max((1 - min(ratios)) * unseen, _LEAST_SPREAD)
    above = max((max(ratios) - 1) * unseen, _LEAST_SPREAD)
    return max(1 - below, Fraction(0)), 1 + above
