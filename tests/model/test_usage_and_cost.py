"""Usage adds up in integers; cost adds up exactly and knows what it does not know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.model.money import TOKEN_SECONDS_PER_MTOK_HOUR, Cost, Rate
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    CACHE_WRITE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
    Usage,
    format_ttl,
)

FIVE_MINUTES = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))
ONE_HOUR = Meter(MeterKind.CACHE_WRITE, timedelta(hours=1))

meters = st.sampled_from([INPUT, CACHE_READ, FIVE_MINUTES, ONE_HOUR, CACHE_STORAGE, OUTPUT])
usages = st.builds(
    Usage,
    st.dictionaries(meters, st.integers(0, 10**15)),
    st.frozensets(st.sampled_from(MeterKind)),
)
amounts = st.decimals(0, 10**9, places=12)
costs = st.builds(Cost, st.dictionaries(meters, amounts), st.frozensets(meters))


@given(usages, usages)
def test_usage_adds_up_meter_by_meter(a: Usage, b: Usage) -> None:
    total = a + b
    assert {meter: total[meter] for meter in {*a, *b}} == {m: a[m] + b[m] for m in {*a, *b}}
    assert total.unknown == a.unknown | b.unknown


@given(usages, usages, usages)
def test_the_order_of_adding_does_not_matter(a: Usage, b: Usage, c: Usage) -> None:
    assert (a + b) + c == a + (c + b)


@given(usages)
def test_nothing_used_is_neutral(a: Usage) -> None:
    assert a + Usage() == a


@given(usages)
def test_every_prompt_token_is_on_one_meter(a: Usage) -> None:
    prompt = sum(a.of(kind) for kind in MeterKind) - a.of(MeterKind.OUTPUT)
    assert a.prompt_tokens == prompt - a.of(MeterKind.CACHE_STORAGE)


def test_a_kind_counts_all_its_lifetimes() -> None:
    usage = Usage({FIVE_MINUTES: 3, ONE_HOUR: 4, INPUT: 5})
    assert usage.of(MeterKind.CACHE_WRITE) == 7
    assert usage.prompt_tokens == 12


def test_a_meter_of_nothing_is_absent() -> None:
    usage = Usage({INPUT: 0, OUTPUT: 1})
    assert list(usage) == [OUTPUT]
    assert len(usage) == 1
    assert INPUT not in usage
    assert OUTPUT in usage
    assert usage[INPUT] == 0


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="cache_write@5m is negative: -1"):
        Usage({FIVE_MINUTES: -1})


def test_counts_cannot_be_changed_from_outside() -> None:
    counts = {INPUT: 1}
    usage = Usage(counts)
    counts[INPUT] = 2
    assert usage[INPUT] == 1


@pytest.mark.parametrize(
    ("ttl", "text"),
    [
        (timedelta(minutes=5), "5m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=24), "1d"),
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=90), "90m"),
        (timedelta(0), "0s"),
    ],
)
def test_a_lifetime_is_said_in_its_largest_whole_unit(ttl: timedelta, text: str) -> None:
    assert format_ttl(ttl) == text


@pytest.mark.parametrize(
    ("meter", "text"), [(CACHE_WRITE, "cache_write"), (ONE_HOUR, "cache_write@1h")]
)
def test_a_meter_names_its_lifetime(meter: Meter, text: str) -> None:
    assert str(meter) == text


@pytest.mark.parametrize(
    ("rate", "quantity", "dollars"),
    [
        (Rate(amount=Decimal(3)), 4_000, "0.012"),
        (Rate(amount=Decimal("0.30")), 1, "0.0000003"),
        (Rate(amount=Decimal("4.5"), per=TOKEN_SECONDS_PER_MTOK_HOUR), 100_000 * 86_400, "10.8"),
        (Rate(amount=Decimal(3)).scaled(Decimal("1.25")), 1_000_000, "3.75"),
        (Rate(amount=Decimal(0)), 10**15, "0"),
    ],
)
def test_a_price_is_exact(rate: Rate, quantity: int, dollars: str) -> None:
    assert rate.of(quantity) == Decimal(dollars)


@pytest.mark.parametrize(
    ("amount", "per"), [("-1", 1), ("NaN", 1), ("Infinity", 1), ("1", 0), ("1", -1)]
)
def test_what_is_no_price_is_refused(amount: str, per: int) -> None:
    with pytest.raises(ValueError, match="is not a price"):
        Rate(amount=Decimal(amount), per=per)


def test_scaling_a_rate_keeps_every_digit() -> None:
    third = Rate(amount=Decimal("0.1234567890123456789")).scaled(Decimal("1.0000000000000000001"))
    assert third.amount == Decimal("0.12345678901234567891234567890123456789")


@given(costs, costs)
def test_costs_add_up_exactly(a: Cost, b: Cost) -> None:
    assert (a + b).total == a.total + b.total
    assert (a + b).unknown == a.unknown | b.unknown


@given(costs, st.integers(0, 1_000))
def test_a_scaled_cost_is_the_cost_so_many_times(a: Cost, times: int) -> None:
    assert a.scaled(Decimal(times)).total == a.total * times


def test_a_cost_with_an_unpriced_meter_is_not_known() -> None:
    known = Cost({INPUT: Decimal(1)})
    assert known.is_known
    assert not (known + Cost({}, frozenset({OUTPUT}))).is_known
    assert known.scaled(Decimal(2)).total == Decimal(2)


def test_amounts_cannot_be_changed_from_outside() -> None:
    amounts = {INPUT: Decimal(1)}
    cost = Cost(amounts)
    amounts[INPUT] = Decimal(2)
    assert cost.total == 1
