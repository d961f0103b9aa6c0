"""Named distributions, sampled as named: no tail is ever cut.

Every distribution tells its exact mean and variance, so that what is sampled can be tested against
its closed form, and `excess(a)`, the mean of what exceeds `a`: E[max(X - a, 0)].
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]
    Numbers = NDArray[np.int64]


_FINER, _MOST_DRAWS = 16, 1_000_000  # draws for each one that is kept; what is sorted at most


class Distribution(Protocol):
    """A distribution of non-negative numbers: tokens, turns, or seconds."""

    @property
    def mean(self) -> float:
        """The exact mean."""

    @property
    def variance(self) -> float:
        """The exact variance."""

    def excess(self, threshold: float) -> float:
        """Return E[max(X - threshold, 0)] exactly, for a threshold of at least 0."""

    def scaled(self, factor: float) -> Distribution:
        """Return the same shape with the mean times a factor."""

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` independent draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Always the same value."""

    value: float

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def variance(self) -> float:
        """Zero."""
        return 0.0

    def excess(self, threshold: float) -> float:
        """Return what the value has above the threshold."""
        return max(self.value - threshold, 0.0)

    def scaled(self, factor: float) -> Constant:
        """Return the value times a factor."""
        return replace(self, value=self.value * factor)

    def sample(self, rng: Generator, n: int) -> Samples:  # noqa: ARG002 - the protocol's signature
        """Return the value `n` times; consumes no randomness."""
        import numpy as np  # noqa: PLC0415 - heavy

        return np.full(n, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometric:
    """The number of trials up to the first success: 1, 2, 3...; mean at least 1."""

    mean: float

    @property
    def variance(self) -> float:
        """The variance (1 - p) / p² with p = 1 / mean."""
        return self.mean * (self.mean - 1)

    def excess(self, threshold: float) -> float:
        """Return E[max(X - a, 0)]: past a whole number the law starts afresh."""
        whole, share = int(threshold), threshold - int(threshold)
        return (1 - 1 / self.mean) ** whole * (self.mean - share)

    def scaled(self, factor: float) -> Geometric:
        """Return the law with what comes after the first trial times a factor."""
        return replace(self, mean=1 + (self.mean - 1) * factor)

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` whole numbers of at least 1."""
        return rng.geometric(1 / self.mean, n).astype(float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal:
    """The exponential of a normal law: `median`, and `sigma` of the logarithm."""

    median: float
    sigma: float

    @property
    def mean(self) -> float:
        """The mean, median · exp(sigma² / 2)."""
        return self.median * math.exp(self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        """The variance, mean² · (exp(sigma²) - 1)."""
        return self.mean**2 * math.expm1(self.sigma**2)

    def excess(self, threshold: float) -> float:
        """Return E[max(X - a, 0)], the undiscounted Black-Scholes formula."""
        if threshold == 0 or self.sigma == 0:
            return max(self.mean - threshold, 0.0)
        d = math.log(self.median / threshold) / self.sigma
        return self.mean * _normal_cdf(d + self.sigma) - threshold * _normal_cdf(d)

    def scaled(self, factor: float) -> Lognormal:
        """Return the law with its median times a factor."""
        return replace(self, median=self.median * factor)

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` positive draws."""
        return self.median * rng.lognormal(0.0, self.sigma, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential:
    """The memoryless law of waiting times."""

    mean: float

    @property
    def variance(self) -> float:
        """The mean squared."""
        return self.mean**2

    def excess(self, threshold: float) -> float:
        """Return mean · exp(-a / mean)."""
        return self.mean * math.exp(-threshold / self.mean)

    def scaled(self, factor: float) -> Exponential:
        """Return the law with its mean times a factor."""
        return replace(self, mean=self.mean * factor)

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` positive draws."""
        return rng.exponential(self.mean, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Any number from `low` to `high`, `low` below `high`."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def variance(self) -> float:
        """The width squared over 12."""
        return (self.high - self.low) ** 2 / 12

    def excess(self, threshold: float) -> float:
        """Return E[max(X - a, 0)]."""
        if threshold <= self.low:
            return self.mean - threshold
        return max(self.high - threshold, 0.0) ** 2 / (2 * (self.high - self.low))

    def scaled(self, factor: float) -> Uniform:
        """Return the law with both ends times a factor."""
        return replace(self, low=self.low * factor, high=self.high * factor)

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` draws."""
        return rng.uniform(self.low, self.high, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Empirical:
    """Observed values, each as likely as its weight says; weights sum to 1."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The weighted mean."""
        return self._expect(self.values)

    @property
    def variance(self) -> float:
        """The weighted variance."""
        mean = self.mean
        return self._expect(tuple((value - mean) ** 2 for value in self.values))

    def excess(self, threshold: float) -> float:
        """Return E[max(X - a, 0)]."""
        return self._expect(tuple(max(value - threshold, 0.0) for value in self.values))

    def scaled(self, factor: float) -> Empirical:
        """Return the law with every value times a factor."""
        return replace(self, values=tuple(value * factor for value in self.values))

    def sample(self, rng: Generator, n: int) -> Samples:
        """Return `n` draws with replacement."""
        return rng.choice(self.values, n, p=self.weights).astype(float)

    def _expect(self, outcomes: tuple[float, ...]) -> float:
        return math.fsum(w * x for w, x in zip(self.weights, outcomes, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zipf:
    """Popularity of `size` items: item k (from 0) has weight 1 / (k + 1) ** exponent.

    The law is finite, so an exponent of 0 is uniform and one below 1 is allowed.
    """

    size: int
    exponent: float = 0.0

    @property
    def mean(self) -> float:
        """The mean item number."""
        return math.fsum(k * share for k, share in enumerate(self.shares()))

    @property
    def variance(self) -> float:
        """The variance of the item number."""
        mean = self.mean
        return math.fsum((k - mean) ** 2 * share for k, share in enumerate(self.shares()))

    def shares(self) -> list[float]:
        """Return the probability of each item."""
        weights = [(k + 1) ** -self.exponent for k in range(self.size)]
        total = math.fsum(weights)
        return [weight / total for weight in weights]

    def sample(self, rng: Generator, n: int) -> Numbers:
        """Return `n` item numbers."""
        import numpy as np  # noqa: PLC0415 - heavy

        return self.sample_within(rng, np.full(n, self.size))

    def sample_within(self, rng: Generator, sizes: Numbers) -> Numbers:
        """Return one item number per entry of `sizes`, of the law cut to that many items."""
        import numpy as np  # noqa: PLC0415 - heavy

        uniform = rng.random(len(sizes))
        if self.exponent == 0:
            return (uniform * sizes).astype(np.int64)
        edges = np.cumsum(np.arange(1, self.size + 1, dtype=float) ** -self.exponent)
        found = np.searchsorted(edges, uniform * edges[sizes - 1], side="right")
        return np.minimum(found, sizes - 1).astype(np.int64)


def sample_whole(law: Distribution, rng: Generator, n: int) -> Numbers:
    """Return `n` draws as whole numbers; see `round_at_random`."""
    return round_at_random(law.sample(rng, n), rng)


def sample_evenly(law: Distribution, rng: Generator, n: int) -> Samples:
    """Return `n` draws that together follow the law more closely than independent ones do.

    Of many more draws, sorted, one of each run of neighbours is taken, in random order.  Each has
    exactly the law; their mean varies about as little as that of all (stratified sampling).
    """
    import numpy as np  # noqa: PLC0415 - heavy

    each = max(1, min(_FINER, _MOST_DRAWS // max(n, 1)))
    drawn = np.sort(law.sample(rng, n * each)).reshape(n, each)
    return rng.permutation(drawn[np.arange(n), rng.integers(each, size=n)])


def round_at_random(drawn: Samples, rng: Generator) -> Numbers:
    """Round each number up with the probability of its fraction, else down.

    The mean stays exact, and a whole number stays itself.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    floor = np.floor(drawn)
    return (floor + (rng.random(len(drawn)) < drawn - floor)).astype(np.int64)


def _normal_cdf(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2
