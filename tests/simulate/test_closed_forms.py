"""The formulas, and the engine against them on Poisson arrivals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from policies.cache_cases import breakpoint_spec, chain, request
from simulate.simulation_cases import FIVE_MINUTES, HOUR, played, rates, write

from promptcost.catalogue import RateTable
from promptcost.simulate.closed_form import (
    break_even_hit_rate,
    hit_rate_fixed,
    hit_rate_in_flight,
    hit_rate_refreshed,
    object_break_even_reads,
    rent_break_even_reads_per_hour,
)

ARRIVALS = 40_000
TTL_US = 300_000_000
PREFIX = chain(("system", 4_000))
SIGMAS = 4


def poisson(load, seed):
    """Return requests of one prefix whose lifetime holds `load` arrivals on average."""
    gaps = np.random.default_rng(seed).exponential(TTL_US / load, ARRIVALS)
    return [request(at, PREFIX, (1, None)) for at in np.cumsum(gaps).astype(np.int64).tolist()]


def hit_rate(requests, **knobs):
    return played(breakpoint_spec(ttl=FIVE_MINUTES, **knobs), requests).hits / ARRIVALS


@pytest.mark.parametrize("load", [0.1, 0.3, 1, 3, 7, 20])
def test_refreshed_by_use_the_hit_rate_is_one_minus_e_to_the_minus_load(load):
    expected = hit_rate_refreshed(load, 1)
    spread = (expected * (1 - expected) / ARRIVALS) ** 0.5
    # the first request never hits; at a load of 20 that one request is visible
    assert abs(hit_rate(poisson(load, 1)) - expected) <= SIGMAS * spread + 1 / ARRIVALS


@pytest.mark.parametrize("load", [0.1, 0.3, 1, 3, 7, 20])
def test_not_refreshed_the_hit_rate_is_load_over_one_plus_load(load):
    expected = hit_rate_fixed(load, 1)
    spread = (load / (1 + load) ** 3 / ARRIVALS) ** 0.5
    found = hit_rate(poisson(load, 2), refreshed_by_use=False)
    assert abs(found - expected) <= SIGMAS * spread + 1 / ARRIVALS


@pytest.mark.parametrize(("load", "delay"), [(1, 0.1), (1, 0.5), (3, 0.2), (7, 0.3)])
def test_in_flight_the_hit_rate_falls_by_what_arrives_meanwhile(load, delay):
    expected = hit_rate_in_flight(load, 1, delay)
    found = hit_rate(poisson(load, 3), readable_after=timedelta(microseconds=int(TTL_US * delay)))
    spread = (expected * (1 - expected) * (1 + 2 * load * delay) / ARRIVALS) ** 0.5
    assert abs(found - expected) <= SIGMAS * spread


def test_without_delay_the_forms_agree():
    assert hit_rate_in_flight(2, 3, 0) == pytest.approx(hit_rate_refreshed(2, 3))


@pytest.mark.parametrize(
    ("ttl", "write_5m", "write_1h", "read", "percent"),
    [
        (FIVE_MINUTES, "3.75", "6", "0.30", 21.74),
        (HOUR, "3.75", "6", "0.30", 52.63),
        (FIVE_MINUTES, "3.75", "6", "0.15", 20.83),
        (HOUR, "3.75", "6", "0.075", 50.63),
    ],
)
def test_break_even_hit_rates(ttl, write_5m, write_1h, read, percent):
    table = RateTable("x", rates(write_5m=write_5m, write_1h=write_1h, read=read))
    found = break_even_hit_rate(table, write(ttl))
    assert round(found * 100, 2) == percent


@pytest.mark.parametrize(
    "made",
    [
        rates(write_5m="3"),
        rates(write_5m="2"),
        rates(read="3"),
        rates(read=None),
        rates(write_5m=None),
        rates(usd_in=None),
    ],
)
def test_without_a_premium_or_a_rate_there_is_no_break_even(made):
    assert break_even_hit_rate(RateTable("x", made), write(FIVE_MINUTES)) is None


@pytest.mark.parametrize(
    ("usd_in", "read", "rent", "reads"),
    [
        ("1.25", "0.125", "4.50", "4.00"),
        ("2.50", "0.25", "4.50", "2.00"),
        ("2", "0.2", "4.50", "2.50"),
        ("0.30", "0.03", "1.00", "3.70"),
        ("0.75", "0.075", "0.50", "0.74"),
    ],
)
def test_reads_an_hour_that_pay_the_rent(usd_in, read, rent, reads):
    table = RateTable("gemini", rates(usd_in=usd_in, read=read, rent=rent))
    found = rent_break_even_reads_per_hour(table)
    assert found.quantize(Decimal("0.01")) == Decimal(reads)


@pytest.mark.parametrize("made", [rates(), rates(read="3", rent="1"), rates(read=None, rent="1")])
def test_without_rent_or_gain_no_reads_pay_it(made):
    assert rent_break_even_reads_per_hour(RateTable("x", made)) is None


@pytest.mark.parametrize(
    ("usd_in", "read", "rent", "hours", "reads"),
    [
        ("1.25", "0.125", "4.50", 1, "5.11"),
        ("1.25", "0.125", "4.50", 24, "97.11"),
        ("2", "0.2", "4.50", 24, "61.11"),
        ("0.30", "0.03", "1.00", 1, "4.81"),
        ("0.75", "0.075", "0.50", 1, "1.85"),
        ("0.75", "0.075", "0.50", 24, "18.89"),
    ],
)
def test_reads_in_a_lifetime_that_pay_creation_and_rent(usd_in, read, rent, hours, reads):
    table = RateTable("gemini", rates(usd_in=usd_in, read=read, rent=rent))
    found = object_break_even_reads(table, timedelta(hours=hours))
    assert found.quantize(Decimal("0.01")) == Decimal(reads)


def test_without_rent_the_creation_alone_must_pay():
    table = RateTable("x", rates(usd_in="1", read="0.5"))
    assert object_break_even_reads(table, HOUR) == 2


@pytest.mark.parametrize("made", [rates(read="3"), rates(read=None), rates(usd_in=None)])
def test_where_reading_saves_nothing_no_reads_pay_an_object(made):
    assert object_break_even_reads(RateTable("x", made), HOUR) is None
