from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from simulate.simulation_cases import card, offer, rates, workload

from promptcost.catalogue import RateTable, SizeTier
from promptcost.catalogue.card import HourWindow
from promptcost.simulate.tariff import Tariff, start_of

HOUR_US = 3_600_000_000
START = datetime(2026, 11, 2, tzinfo=UTC)

BASE, LARGE, PEAK = (RateTable(name, rates()) for name in ("standard", "large", "peak"))
TIER = SizeTier(above=1_000, rates=rates())
WINDOW = HourWindow(
    name="peak",
    hours=((time(1), time(4)),),
    weekdays=frozenset(range(5)),
    zone=ZoneInfo("UTC"),
    factor=Decimal(2),
)


def test_one_table_serves_everything():
    tariff = Tariff(offer(tables=((BASE,),)), START)
    assert tariff.of(10**9, 10**15) is BASE
    assert tariff.storage is BASE


@pytest.mark.parametrize(("tokens", "table"), [(1_000, BASE), (1_001, LARGE)])
def test_the_prompt_decides_the_size_tier(tokens, table):
    made = offer(made=card(size_tiers=(TIER,)), tables=((BASE, LARGE),))
    assert Tariff(made, START).of(tokens, 0) is table


@pytest.mark.parametrize(
    ("hour", "table"), [(0.99, BASE), (1, PEAK), (3.99, PEAK), (4, BASE), (5 * 24 + 2, BASE)]
)
def test_the_arrival_decides_the_hour_window(hour, table):
    made = offer(made=card(windows=(WINDOW,)), tables=((BASE,), (PEAK,)))
    assert Tariff(made, START).of(1, int(hour * HOUR_US)) is table


def test_hours_are_counted_from_where_the_period_begins():
    made = offer(made=card(windows=(WINDOW,)), tables=((BASE,), (PEAK,)))
    berlin = datetime(2026, 11, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    assert Tariff(made, berlin).of(1, int(1.5 * HOUR_US)) is BASE
    assert Tariff(made, berlin).of(1, 2 * HOUR_US) is PEAK


def test_a_period_begins_at_its_own_midnight():
    made = workload()
    assert start_of(made) == START
    assert start_of(made).utcoffset() == timedelta(0)
