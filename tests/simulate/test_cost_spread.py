from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from policies.cache_cases import breakpoint_spec
from simulate.simulation_cases import card, offer, rates, stall, workload

from promptcost.catalogue.spec import NoCacheSpec
from promptcost.model.simulation_report import Percentiles
from promptcost.simulate.spread import EvenNormals, Spread, spreads
from promptcost.workload.spec import ArrivalProcess


def made(*uncertainty, **changes):
    return workload(uncertainty=tuple((name, Decimal(x)) for name, x in uncertainty), **changes)


def spread_of(case, spec=None, *, replicates=60, seed=0):
    one = stall(case, offer(spec or NoCacheSpec()))
    found = spreads(case, [one], seed=seed, replicates=replicates, progress=lambda _: None)
    return found[0]


def test_without_caching_the_cost_follows_the_volume_exactly():
    spread = spread_of(made(("requests_per_day", "0.2"), process=ArrivalProcess.POISSON))
    drawn = spread.factors["requests_per_day"]
    assert spread.ratios == pytest.approx(drawn, rel=1e-4)


def test_twenty_percent_of_volume_is_0_72_to_1_39_times_the_cost():
    spread = spread_of(made(("requests_per_day", "0.2")), replicates=400)
    found = spread.percentiles(Decimal(100))
    assert (float(found.p5), float(found.p50), float(found.p95)) == pytest.approx(
        (72, 100, 139), rel=0.02
    )
    assert found.replicates == 400


def test_output_moves_only_its_share_of_the_cost():
    # 4,100 prompt tokens at $3 are $12.30 a thousand requests, 50 output tokens at $15 $0.75
    spread = spread_of(made(("output_tokens", "0.3")))
    factors = np.array(spread.factors["output_tokens"])
    expected = (12.30 + 0.75 * factors) / 13.05
    assert np.allclose(spread.ratios, expected, rtol=3e-3)


def test_the_input_that_moves_the_cost_most_is_named():
    volume = made(("output_tokens", "0.3"), ("requests_per_day", "0.3"))
    answers = made(("requests_per_day", "0.01"), ("output_tokens", "0.9"))
    assert spread_of(volume).dominant() == "requests_per_day"
    assert spread_of(answers).dominant() == "output_tokens"


def test_a_single_input_is_the_dominant_one():
    assert spread_of(made(("output_tokens", "0.1"))).dominant() == "output_tokens"


def test_where_nothing_moves_nothing_dominates():
    still = Spread(ratios=(1.0, 1.0), factors={"users": (0.9, 1.1)})
    assert still.dominant() == ""


def test_an_inverse_input_dominates_too():
    spread = Spread(
        ratios=(1.3, 1.2, 1.1, 1.0), factors={"a": (1.0, 3.0, 2.0, 4.0), "b": (4.0, 3.0, 2.0, 1.0)}
    )
    assert spread.dominant() == "b"
    assert replace(spread, ratios=(1.0, 1.1, 1.2, 1.3)).dominant() == "b"


def test_prompt_tokens_change_the_layout():
    spread = spread_of(made(("prompt_tokens", "0.3")))
    factors = np.array(spread.factors["prompt_tokens"])
    expected = (12.30 * factors + 0.75) / 13.05
    assert np.allclose(spread.ratios, expected, rtol=2e-3)


def test_a_cache_turns_more_volume_into_cheaper_requests():
    rare = made(("requests_per_day", "0.5"), per_day=300, process=ArrivalProcess.POISSON)
    spread = spread_of(rare, breakpoint_spec())
    factors = np.array(spread.factors["requests_per_day"])
    per_request = np.array(spread.ratios) / factors
    assert per_request[factors.argmin()] > 1.1
    assert per_request[factors.argmax()] < 0.9


def test_a_free_window_has_no_spread():
    case = made(("requests_per_day", "0.2"))
    nothing = rates(usd_in="0", read="0", write_5m="0", write_1h="0", out="0")
    free = stall(case, offer(made=card(nothing)))
    assert spreads(case, [free], seed=0, replicates=2, progress=lambda _: None) == [None]


def test_every_target_sees_the_same_draws():
    case = made(("requests_per_day", "0.2"), ("output_tokens", "0.2"))
    stalls = [stall(case, offer(spec)) for spec in (NoCacheSpec(), breakpoint_spec())]
    first, second = spreads(case, stalls, seed=0, replicates=5, progress=lambda _: None)
    assert first.factors == second.factors
    assert first.ratios != second.ratios


def test_the_seed_decides_the_draws():
    case = made(("requests_per_day", "0.2"))
    assert spread_of(case, replicates=3) == spread_of(case, replicates=3)
    assert spread_of(case, replicates=3) != spread_of(case, replicates=3, seed=1)


def test_progress_counts_replicates():
    told = []
    case = made(("requests_per_day", "0.2"))
    spreads(case, [stall(case, offer())], seed=0, replicates=3, progress=told.append)
    assert told == [0, 1, 2]


def test_a_tiny_workload_still_has_a_spread():
    case = made(("output_tokens", "0.2"), per_day=3, process=ArrivalProcess.POISSON)
    assert spread_of(case, replicates=4) is not None


def test_percentiles_interpolate_between_ratios():
    spread = Spread(ratios=(0.5, 1.0, 1.5), factors={"x": (1.0, 2.0, 3.0)})
    assert spread.percentiles(Decimal(10)) == Percentiles(
        p5=Decimal("5.500000"), p50=Decimal("10.000000"), p95=Decimal("14.500000"), replicates=3
    )


@pytest.mark.parametrize(("inputs", "correlation"), [(1, 0.02), (2, 0.02), (4, 0.1)])
def test_even_normals_are_normal_and_almost_uncorrelated(inputs, correlation):
    source = EvenNormals(np.random.default_rng(0), inputs)
    drawn = np.array([[source.standard_normal() for _ in range(inputs)] for _ in range(2_000)])
    assert np.allclose(drawn.mean(axis=0), 0, atol=0.01)
    assert np.allclose(drawn.std(axis=0), 1, atol=0.01)
    assert np.allclose(np.corrcoef(drawn.T), np.eye(inputs), atol=correlation)


def test_parts_may_be_uncertain_one_by_one():
    spread = spread_of(made(("system.tokens", "0.4")))
    factors = np.array(spread.factors["system.tokens"])
    assert np.allclose(spread.ratios, (12.00 * factors + 0.30 + 0.75) / 13.05, rtol=2e-3)
