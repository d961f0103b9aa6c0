"""Each arrival process against its closed form: counts, gaps, tails and local time.

Statistical tests have fixed seeds and bounds 5 standard errors from the closed form: a correct
process would fail one of them for about one seed in 1.7 million.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workload_examples import MONDAY, talks, traffic, workload

from promptcost.workload.arrivals import Arrivals, arrivals
from promptcost.workload.profiles import HOURS, WEEKDAYS
from promptcost.workload.spec import ArrivalProcess, Workload

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SIGMAS = 5

CONSTANT = {"process": ArrivalProcess.CONSTANT}
DIURNAL = {"process": ArrivalProcess.DIURNAL}


def drawn(made: Workload, seed: int = 1, limit: int | None = None) -> Arrivals:
    return arrivals(made, np.random.default_rng(seed), limit=limit)


def shares(values: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(values, minlength=size) / len(values)


def test_ten_an_hour_evenly_spaced_are_six_minutes_apart() -> None:
    found = drawn(workload(traffic=traffic(240, **CONSTANT)))
    assert len(found) == 7_200
    assert found.time_us[0] == 0
    assert set(np.diff(found.time_us).tolist()) == {6 * MINUTE}


@given(st.integers(1, 2_000), st.integers(1, 40))
def test_evenly_spaced_requests_are_exactly_as_many_as_declared(per_day: int, days: int) -> None:
    found = drawn(workload(days=days, traffic=traffic(per_day, **CONSTANT)))
    assert len(found) == per_day * days
    exact = [number * DAY // per_day for number in range(len(found))]
    assert found.time_us.tolist() == exact


def test_a_rate_without_a_whole_spacing_does_not_drift() -> None:
    found = drawn(workload(traffic=traffic(7, **CONSTANT)))
    assert found.time_us[7 * 29] == 29 * DAY
    assert set(np.diff(found.time_us).tolist()) == {DAY // 7, DAY // 7 + 1}


def test_evenly_spaced_conversations_have_the_declared_rate_of_requests() -> None:
    made = workload(traffic=traffic(2_400, **CONSTANT), conversation=talks(turns=4))
    found = drawn(made)
    starts = found.time_us[found.turn == 0]
    assert set(np.diff(starts).tolist()) == {144 * SECOND}
    assert len(starts) == 18_000


def test_poisson_counts_have_mean_and_variance_of_the_rate() -> None:
    made = workload(traffic=traffic(100), days=1)
    counts = np.array([len(drawn(made, seed)) for seed in range(1_000)])
    assert counts.mean() == pytest.approx(100, abs=SIGMAS * math.sqrt(100 / 1_000))
    spread = math.sqrt((2 * 100**2 + 100) / 1_000)  # of the sample variance of a Poisson law
    assert counts.var() == pytest.approx(100, abs=SIGMAS * spread)


@pytest.mark.parametrize("means", [0.1, 1, 3, 5, 8])
def test_poisson_gaps_have_the_exponential_tail(means: float) -> None:
    gaps = np.diff(drawn(workload(traffic=traffic(14_400))).time_us)
    tail = math.exp(-means)
    error = math.sqrt(tail * (1 - tail) / len(gaps))
    assert (gaps > means * 6 * SECOND).mean() == pytest.approx(tail, abs=SIGMAS * error)


def test_a_rare_request_arrives_anywhere_in_the_period() -> None:
    made = workload(traffic=traffic(1), days=1)
    times = np.concatenate([drawn(made, seed).time_us for seed in range(1_000)])
    assert times.mean() / DAY == pytest.approx(0.5, abs=SIGMAS / math.sqrt(12 * 1_000))


@pytest.mark.parametrize("name", sorted(HOURS))
def test_a_daily_profile_is_followed_hour_by_hour(name: str) -> None:
    made = workload(traffic=traffic(20_000, hours=HOURS[name], **DIURNAL), days=7)
    hours = drawn(made).wall_us % DAY // HOUR
    expected = np.array(HOURS[name]) / sum(HOURS[name])
    errors = np.sqrt(expected * (1 - expected) / len(hours))
    assert np.all(np.abs(shares(hours, 24) - expected) <= SIGMAS * errors)


def test_weekdays_are_followed_day_by_day() -> None:
    made = workload(traffic=traffic(5_000, weekdays=WEEKDAYS["working_days"], **DIURNAL), days=14)
    days = drawn(made).wall_us // DAY
    assert set(days.tolist()) == {0, 1, 2, 3, 4, 7, 8, 9, 10, 11}
    assert shares(days, 14).max() == pytest.approx(0.1, abs=SIGMAS * math.sqrt(0.09 / len(days)))


def test_weights_do_not_change_the_number_of_requests() -> None:
    weights = {"hours": HOURS["evening"], "weekdays": (1, 2, 3, 4, 5, 0, 0), **DIURNAL}
    made = workload(traffic=traffic(1_000, **weights), days=10)
    counts = [len(drawn(made, seed)) for seed in range(100)]
    assert np.mean(counts) == pytest.approx(10_000, abs=SIGMAS * math.sqrt(10_000 / 100))


BERLIN = {"timezone": "Europe/Berlin", **DIURNAL}


def test_the_night_that_clocks_go_back_has_its_third_hour_twice() -> None:
    made = workload(traffic=traffic(100_000, start=date(2026, 10, 25), **BERLIN), days=25 / 24)
    found = drawn(made)
    hours = shares(found.wall_us % DAY // HOUR, 24) * 25
    assert hours[2] == pytest.approx(2, abs=0.1)
    assert np.delete(hours, 2) == pytest.approx(np.ones(23), abs=0.1)
    assert found.time_us.max() > 24 * HOUR
    assert found.wall_us.max() < DAY


def test_the_night_that_clocks_go_forward_lacks_its_third_hour() -> None:
    made = workload(traffic=traffic(100_000, start=date(2026, 3, 29), **BERLIN), days=23 / 24)
    found = drawn(made)
    hours = shares(found.wall_us % DAY // HOUR, 24) * 23
    assert hours[2] == 0
    assert np.delete(hours, 2) == pytest.approx(np.ones(23), abs=0.1)
    assert found.wall_us.max() < DAY


def test_office_hours_stay_on_the_local_clock_when_it_changes() -> None:
    only_noon = tuple(float(hour == 12) for hour in range(24))
    start = date(2026, 10, 24)
    made = workload(traffic=traffic(1_000, start=start, hours=only_noon, **BERLIN), days=3)
    found = drawn(made)
    assert set((found.wall_us % DAY // HOUR).tolist()) == {12}
    assert sorted(set((found.time_us // HOUR).tolist())) == [12, 24 + 13, 48 + 13]


def test_an_offset_of_three_quarters_of_an_hour_is_followed() -> None:
    only_noon = tuple(float(hour == 12) for hour in range(24))
    made = workload(traffic=traffic(1_000, hours=only_noon, timezone="Asia/Kathmandu", **DIURNAL))
    assert set((drawn(made).time_us % DAY // HOUR).tolist()) == {12}


def test_a_period_that_ends_within_a_quarter_of_an_hour_is_full_of_traffic() -> None:
    made = workload(traffic=traffic(100_000), days=1, period=timedelta(hours=1, minutes=7))
    times = drawn(made).time_us
    assert 66 * MINUTE < times.max() < 67 * MINUTE
    assert times.mean() == pytest.approx(33.5 * MINUTE, rel=0.05)


def test_the_wall_clock_goes_on_after_the_period() -> None:
    pauses = talks(turns=2, wait=2 * 86_400)
    saturday = traffic(100, start=date(2026, 10, 24), **BERLIN)
    late = drawn(workload(traffic=saturday, days=1, conversation=pauses))
    last = late.time_us > 30 * HOUR
    assert last.any()
    assert set((late.time_us - late.wall_us)[last].tolist()) == {HOUR}


@pytest.mark.parametrize(
    ("limit", "days", "scale"),
    [
        (None, 30, "1"),
        (30_000, 30, "1"),
        (29_999, 28, "1.071428571"),
        (20_000, 14, "2.142857143"),
        (13_999, 7, "4.285714286"),
        (6_999, 6, "5"),
        (1_000, 1, "30"),
    ],
)
def test_a_limit_keeps_whole_weeks_or_days(limit: int | None, days: int, scale: str) -> None:
    found = drawn(workload(traffic=traffic(1_000)), limit=limit)
    assert found.window_us == (0, days * DAY)
    assert found.scale == Decimal(scale)
    assert found.time_us.max() < days * DAY
    assert len(found) == pytest.approx(1_000 * days, abs=SIGMAS * math.sqrt(1_000 * days))


def test_a_limit_below_a_day_keeps_the_middle_of_the_first_days_traffic() -> None:
    found = drawn(workload(traffic=traffic(24_000)), limit=1_000)
    assert found.window_us == (11 * HOUR + 30 * MINUTE, 12 * HOUR + 30 * MINUTE)
    assert found.scale == Decimal(720)
    assert len(found) == pytest.approx(1_000, abs=SIGMAS * math.sqrt(1_000))


def test_a_limit_below_a_day_skips_days_without_traffic() -> None:
    only_friday = (0, 0, 0, 0, 1, 0, 0)
    made = workload(traffic=traffic(1_000, weekdays=only_friday, **DIURNAL), days=14)
    found = drawn(made, limit=70)
    low, high = found.window_us
    assert 4 * DAY < low < 4 * DAY + 12 * HOUR < high < 5 * DAY
    assert found.scale == Decimal(200)


def test_days_without_traffic_before_the_limit_are_kept() -> None:
    weekend = (0, 0, 0, 0, 0, 1, 1)
    made = workload(traffic=traffic(1_000, weekdays=weekend, **DIURNAL), days=14)
    assert drawn(made, limit=3_500).window_us == (0, 6 * DAY)


def test_an_evenly_spaced_window_continues_the_spacing() -> None:
    made = workload(traffic=traffic(24_000, **CONSTANT))
    found = drawn(made, limit=1_000)
    assert len(found) == 1_000
    assert set((found.time_us % (3_600 * SECOND // 1_000)).tolist()) == {0}


def test_the_first_weekday_is_that_of_the_start_date() -> None:
    assert MONDAY.weekday() == 0
    only_monday = (1, 0, 0, 0, 0, 0, 0)
    start = date(2026, 11, 4)
    made = workload(traffic=traffic(100, weekdays=only_monday, start=start, **DIURNAL), days=7)
    assert set((drawn(made).wall_us // DAY).tolist()) == {5}
