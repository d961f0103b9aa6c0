"""Every distribution is what its name says: mean, variance and tail against the closed form.

The statistical tests have fixed seeds.  Their bounds lie 5 standard errors from the closed form, so
a correct sampler would fail one of them for about one seed in 1.7 million.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.workload.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
    Zipf,
    round_at_random,
    sample_evenly,
    sample_whole,
)

N = 400_000
SIGMAS = 5

LAWS = [
    Constant(value=4.5),
    Geometric(mean=6),
    Geometric(mean=1),
    Geometric(mean=1.25),
    Lognormal(median=300, sigma=0.6),
    Lognormal(median=45, sigma=0),
    Exponential(mean=60),
    Uniform(low=2, high=10),
    Empirical(values=(1, 5, 20), weights=(0.5, 0.3, 0.2)),
]

laws = st.one_of(
    st.builds(Constant, value=st.floats(0, 100)),
    st.builds(Geometric, mean=st.floats(1, 50)),
    st.builds(Lognormal, median=st.floats(0.01, 100), sigma=st.floats(0, 2)),
    st.builds(Exponential, mean=st.floats(0.01, 100)),
    st.builds(Uniform, low=st.floats(0, 9), high=st.floats(10, 100)),
    st.just(Empirical(values=(1, 5, 20), weights=(0.5, 0.3, 0.2))),
)


def draws(law: Distribution) -> np.ndarray:
    return law.sample(np.random.default_rng(1), N)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_the_mean_is_the_closed_form(law: Distribution) -> None:
    error = math.sqrt(law.variance / N)
    assert draws(law).mean() == pytest.approx(law.mean, abs=SIGMAS * error + 1e-9)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_the_variance_is_the_closed_form(law: Distribution) -> None:
    squares = (draws(law) - law.mean) ** 2
    error = squares.std() / math.sqrt(N)
    assert squares.mean() == pytest.approx(law.variance, abs=SIGMAS * error + 1e-9)


@pytest.mark.parametrize("threshold", [0, 1, 2.5, 7, 400])
@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_the_excess_is_the_closed_form(law: Distribution, threshold: float) -> None:
    above = np.maximum(draws(law) - threshold, 0)
    error = above.std() / math.sqrt(N)
    assert above.mean() == pytest.approx(law.excess(threshold), abs=SIGMAS * error + 1e-9)


@pytest.mark.parametrize(
    ("law", "limit", "tail"),
    [
        (Exponential(mean=60), 300, math.exp(-5)),
        (Exponential(mean=60), 600, math.exp(-10)),
        (Geometric(mean=6), 30, (5 / 6) ** 30),
        (Lognormal(median=45, sigma=1.0), 45 * math.exp(3), math.erfc(3 / math.sqrt(2)) / 2),
    ],
    ids=repr,
)
def test_the_tail_is_not_clipped(law: Distribution, limit: float, tail: float) -> None:
    error = math.sqrt(tail * (1 - tail) / N)
    assert (draws(law) > limit).mean() == pytest.approx(tail, abs=SIGMAS * error)


def test_a_clipped_exponential_would_be_caught() -> None:
    law = Exponential(mean=60)
    clipped = np.minimum(draws(law), 180)
    assert abs((clipped > 300).mean() - math.exp(-5)) > SIGMAS * math.sqrt(math.exp(-5) / N)


@given(laws, st.floats(0, 200), st.floats(0, 200))
def test_the_excess_falls_from_the_mean(law: Distribution, one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert law.excess(0) == pytest.approx(law.mean)
    assert law.excess(high) <= law.excess(low) + 1e-9
    assert law.excess(low) - law.excess(high) <= high - low + 1e-9


@given(laws, st.floats(0.5, 2))
def test_scaling_multiplies_the_mean(law: Distribution, factor: float) -> None:
    first = 1 if isinstance(law, Geometric) else 0
    assert law.scaled(factor).mean - first == pytest.approx((law.mean - first) * factor)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_whole_numbers_keep_the_mean(law: Distribution) -> None:
    drawn = sample_whole(law, np.random.default_rng(2), N)
    error = math.sqrt((law.variance + 0.25) / N)
    assert drawn.dtype == np.int64
    assert drawn.mean() == pytest.approx(law.mean, abs=SIGMAS * error)


def test_a_whole_number_stays_itself() -> None:
    drawn = round_at_random(np.arange(1000.0), np.random.default_rng(3))
    assert drawn.tolist() == list(range(1000))


def test_a_fraction_goes_to_one_of_its_neighbours() -> None:
    drawn = round_at_random(np.full(1000, 2.5), np.random.default_rng(3))
    assert set(drawn.tolist()) == {2, 3}


@pytest.mark.parametrize("exponent", [0, 0.8, 1, 1.1, 2])
def test_items_are_as_popular_as_their_rank_says(exponent: float) -> None:
    law = Zipf(size=50, exponent=exponent)
    drawn = law.sample(np.random.default_rng(4), N)
    shares = np.array(law.shares())
    seen = np.bincount(drawn, minlength=50) / N
    errors = np.sqrt(shares * (1 - shares) / N)
    assert np.all(np.abs(seen - shares) <= SIGMAS * errors)
    assert drawn.mean() == pytest.approx(law.mean, abs=SIGMAS * math.sqrt(law.variance / N))


@given(st.integers(1, 40), st.floats(0, 3))
def test_shares_sum_to_one_and_fall(size: int, exponent: float) -> None:
    shares = Zipf(size=size, exponent=exponent).shares()
    assert math.fsum(shares) == pytest.approx(1)
    assert all(later <= earlier for earlier, later in pairwise(shares))


@pytest.mark.parametrize("exponent", [0, 1.5])
def test_items_within_a_part_of_the_law_follow_the_shorter_law(exponent: float) -> None:
    law = Zipf(size=10, exponent=exponent)
    drawn = law.sample_within(np.random.default_rng(5), np.tile([3, 10], N // 2))
    shorter = np.bincount(drawn[::2], minlength=3) / (N / 2)
    expected = np.array(Zipf(size=3, exponent=exponent).shares())
    assert shorter == pytest.approx(expected, abs=SIGMAS * math.sqrt(0.25 / (N / 2)))
    assert drawn[1::2].max() == 9


def test_equal_seeds_draw_the_same() -> None:
    law = Lognormal(median=300, sigma=0.6)
    assert np.array_equal(draws(law), draws(law))


SPREAD_LAWS = [
    Geometric(mean=6),
    Lognormal(median=300, sigma=0.6),
    Exponential(mean=60),
    Empirical(values=(1, 5, 20), weights=(0.5, 0.3, 0.2)),
]


def even_draws(law: Distribution, n: int, repeats: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.array([sample_evenly(law, rng, n) for _ in range(repeats)])


@pytest.mark.parametrize("law", SPREAD_LAWS, ids=repr)
def test_even_draws_have_the_law_and_steadier_means_than_independent_ones(
    law: Distribution,
) -> None:
    found = even_draws(law, 100, 2_000)
    independent = math.sqrt(law.variance / 100)
    assert found.mean(axis=1).std() < independent / 2
    assert found.mean() == pytest.approx(law.mean, abs=SIGMAS * independent / math.sqrt(2_000))
    assert found.var() == pytest.approx(law.variance, rel=0.05)


def test_even_draws_come_in_no_order() -> None:
    found = even_draws(Exponential(mean=1), 10_000, 1)[0]
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < SIGMAS / math.sqrt(10_000)


@pytest.mark.parametrize("n", [0, 1, 1_000_001])
def test_even_draws_are_as_many_as_asked_for(n: int) -> None:
    assert even_draws(Exponential(mean=1), n, 1).shape == (1, n)
