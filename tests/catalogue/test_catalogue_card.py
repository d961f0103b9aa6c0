from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from promptcost.catalogue import HourWindow, RateTable, SizeTier, price
from promptcost.catalogue._build import (
    parse_hours,
    parse_instant,
    parse_meter,
    parse_zone,
)
from promptcost.model.money import Rate
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT, Meter, MeterKind, Usage

WRITE_5M = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))
TABLE = RateTable(
    "standard",
    (
        (INPUT, Rate(amount=Decimal(3))),
        (CACHE_READ, Rate(amount=Decimal("0.30"))),
        (WRITE_5M, Rate(amount=Decimal("3.75"))),
        (OUTPUT, Rate(amount=Decimal(15))),
    ),
)


def test_usage_is_priced_to_the_last_digit():
    usage = Usage({INPUT: 1, CACHE_READ: 2569, WRITE_5M: 79, OUTPUT: 100})
    assert price(usage, TABLE).total == Decimal("0.00256995")


@pytest.mark.parametrize(
    ("usage", "unknown"),
    [
        (Usage({Meter(MeterKind.CACHE_WRITE): 5}), {Meter(MeterKind.CACHE_WRITE)}),
        (Usage({Meter(MeterKind.CACHE_WRITE, timedelta(hours=1)): 5}), {"cache_write@1h"}),
        (Usage({INPUT: 5}, frozenset({MeterKind.CACHE_READ})), {CACHE_READ}),
    ],
)
def test_usage_without_a_rate_is_unknown_and_not_free(usage, unknown):
    cost = price(usage, TABLE)
    assert not cost.is_known
    assert {str(meter) for meter in cost.unknown} == {str(meter) for meter in unknown}


def test_equal_tables_count_as_one_key():
    assert len({TABLE, RateTable(TABLE.name, TABLE.rates)}) == 1
    assert TABLE.rate(OUTPUT) == Rate(amount=Decimal(15))
    assert TABLE.rate(Meter(MeterKind.CACHE_STORAGE)) is None


@pytest.mark.parametrize(
    ("inclusive", "tokens", "applies"),
    [
        (False, 200_000, False),
        (False, 200_001, True),
        (True, 199_999, False),
        (True, 200_000, True),
    ],
)
def test_a_size_tier_is_strict_or_inclusive(inclusive, tokens, applies):
    assert SizeTier(above=200_000, inclusive=inclusive, rates=()).applies(tokens) is applies


def test_a_size_tier_names_its_threshold():
    assert str(SizeTier(above=200_000, rates=())) == "above 200,000 tokens"
    assert str(SizeTier(above=200_000, inclusive=True, rates=())) == "at least 200,000 tokens"


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 0, 59, 59, 999_999, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 4, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 1, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=8))), True),
        (datetime(2026, 11, 20, 23, 0, tzinfo=timezone(timedelta(hours=-8))), False),
        (datetime(2026, 11, 22, 18, 0, tzinfo=timezone(timedelta(hours=-8))), True),
    ],
)
def test_an_hour_window_follows_the_weekday_and_clock_of_its_zone(at, inside):
    weekdays = frozenset(range(5))
    window = HourWindow(
        name="peak", zone=UTC, weekdays=weekdays, hours=((time(1), time(4)),), factor=Decimal(2)
    )
    assert window.applies(at) is inside


def test_an_hour_window_in_a_zone_with_summer_time_moves_in_utc():
    window = HourWindow(
        name="office",
        zone=ZoneInfo("Europe/Berlin"),
        weekdays=frozenset(range(7)),
        hours=((time(9), time(17)),),
        factor=Decimal(2),
    )
    assert window.applies(datetime(2026, 7, 1, 7, tzinfo=UTC))
    assert not window.applies(datetime(2026, 12, 1, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-07", datetime(2026, 10, 7, tzinfo=UTC)),
        ("2026-10-07T16:00:00Z", datetime(2026, 10, 7, 16, tzinfo=UTC)),
        ("2026-10-07T16:00:00+08:00", datetime(2026, 10, 7, 8, tzinfo=UTC)),
    ],
)
def test_a_date_is_its_utc_midnight_and_an_instant_is_itself(text, expected):
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    "text", ["2026-10-07T16:00:00", "2026-13-01", "October", "", "20261007", "2026-W41-3"]
)
def test_an_instant_without_offset_or_sense_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["04:00-01:00", "01:00-01:00", "01:00", "25:00-26:00"])
def test_hours_that_do_not_end_later_are_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_hours(text)


def test_meters_are_read_with_their_lifetime():
    assert parse_meter("cache_write@5m") == WRITE_5M
    assert parse_meter("input") == INPUT
    with pytest.raises(ValueError, match="banana"):
        parse_meter("banana")


def test_zones_are_read_by_name():
    assert parse_zone("UTC") is UTC
    assert parse_zone("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")
    with pytest.raises(KeyError):
        parse_zone("Mars/Olympus")
