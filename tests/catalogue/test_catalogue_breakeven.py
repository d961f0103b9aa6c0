from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from promptcost.catalogue import RateTable, hit_rates, rent
from promptcost.model.money import TOKEN_SECONDS_PER_MTOK_HOUR, Rate
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, OUTPUT, Meter, MeterKind

PERCENT = Decimal("0.01")
PER_CENT_OF_CENT = Decimal("0.0001")


def table(read=None, write_5m=None, write_1h=None, storage=None, full="1"):
    rates = [(INPUT, full), (CACHE_READ, read), (OUTPUT, "5")]
    rates += [(Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5)), write_5m)]
    rates += [(Meter(MeterKind.CACHE_WRITE, timedelta(hours=1)), write_1h)]
    made = [(meter, Rate(amount=Decimal(amount))) for meter, amount in rates if amount]
    if storage:
        rate = Rate(amount=Decimal(storage), per=TOKEN_SECONDS_PER_MTOK_HOUR)
        made.append((CACHE_STORAGE, rate))
    return RateTable("standard", tuple(made))


@pytest.mark.parametrize(
    ("read", "five_minutes", "one_hour"),
    [
        ("0.1", "0.2174", "0.5263"),
        ("0.05", "0.2083", "0.5128"),
        ("0.025", "0.2041", "0.5063"),
    ],
)
def test_the_break_even_hit_rate_follows_from_write_and_read(read, five_minutes, one_hour):
    found = hit_rates(table(read=read, write_5m="1.25", write_1h="2"))
    shares = [rate.share.quantize(PER_CENT_OF_CENT) for rate in found]
    assert shares == [Decimal(five_minutes), Decimal(one_hour)]


def test_the_break_even_hit_rate_does_not_depend_on_the_unit_of_price():
    dear = hit_rates(table(full="3", read="0.30", write_5m="3.75"))
    assert [rate.share for rate in dear] == [
        rate.share for rate in hit_rates(table(read="0.1", write_5m="1.25"))
    ]


def test_without_a_write_fee_the_first_hit_pays():
    (found,) = hit_rates(table(read="0.5"))
    assert (found.write, found.share) == (None, 0)


@pytest.mark.parametrize("read", [None, "1", "1.5"])
def test_without_a_cheaper_read_nothing_ever_pays(read):
    assert hit_rates(table(read=read, write_5m="1.25")) == ()
    assert rent(table(read=read, storage="4.5")) is None


@pytest.mark.parametrize(
    ("full", "read", "storage", "expected"),
    [
        ("1.25", "0.125", "4.5", ("4.00", "5.11", "97.11")),
        ("2.5", "0.25", "4.5", ("2.00", "3.11", "49.11")),
        ("2", "0.2", "4.5", ("2.50", "3.61", "61.11")),
        ("0.3", "0.03", "1", ("3.70", "4.81", "90.00")),
        ("0.75", "0.075", "0.5", ("0.74", "1.85", "18.89")),
    ],
)
def test_reads_that_cover_the_rent(full, read, storage, expected):
    found = rent(table(full=full, read=read, storage=storage))
    assert found is not None
    shown = (found.reads_per_hour, found.reads_in_first_hour, found.reads_in_first_day)
    assert tuple(str(value.quantize(PERCENT)) for value in shown) == expected


def test_without_storage_there_is_no_rent():
    assert rent(table(read="0.1")) is None
