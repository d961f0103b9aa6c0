from __future__ import annotations

import gc
from datetime import timedelta
from decimal import Decimal

import pytest
from policies.cache_cases import MINUTE, blocks_spec, breakpoint_spec, chain, handle_spec, request
from simulate.simulation_cases import FIVE_MINUTES, OneTable, played, rates, workload, write

from promptcost.catalogue import RateTable
from promptcost.catalogue.spec import NoCacheSpec
from promptcost.model.money import Cost
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, OUTPUT
from promptcost.policies import EventKind, make_policy
from promptcost.simulate.money import Scale, monthly, monthly_cost, uncached_cost
from promptcost.simulate.reference import Seat, play

PREFIX = chain(("system", 4_000))
MONTHLY = workload(period=timedelta(days=30))
ONCE = Scale(requests=Decimal(1), time=Decimal(1))


def test_ten_requests_within_one_lifetime_cost_2_58_cents_against_12():
    result = played(breakpoint_spec(), [request(n * MINUTE, PREFIX, (1, None)) for n in range(10)])
    assert monthly_cost(result, MONTHLY, ONCE).total == Decimal("0.0258")
    assert uncached_cost(result, MONTHLY, ONCE).total == Decimal("0.1200")


def test_below_the_minimum_caching_costs_exactly_what_none_costs():
    requests = [request(n, chain(("short", 1_000)), (1, None), output=7) for n in range(5)]
    short = played(breakpoint_spec(min_tokens=1_024), requests)
    none = played(NoCacheSpec(), requests)
    assert short.usage == none.usage
    assert short.shortfalls == {"mark 1": (5, 1_000, 1_000)}


def test_usage_adds_up_by_meter():
    requests = [request(n, chain(("s", 4_000), (f"{n}", 10)), (1, None), output=3) for n in (0, 1)]
    result = played(breakpoint_spec(), requests)
    assert dict(result.usage.counts) == {
        write(FIVE_MINUTES): 4_000,
        CACHE_READ: 4_000,
        INPUT: 20,
        OUTPUT: 6,
    }
    assert (result.requests, result.hits, result.prompt_tokens) == (2, 1, 8_020)


class TwoSizes:
    small = storage = RateTable("standard", rates())
    large = RateTable("above 4,050", rates(usd_in="6"))

    def of(self, prompt_tokens, _time_us):
        return self.large if prompt_tokens > 4_050 else self.small


def test_each_request_is_billed_at_the_table_of_its_own_prompt():
    requests = [request(n, chain(("s", 4_000), (f"{n}", 10 * n + 20))) for n in range(5)]
    result = played(NoCacheSpec(), requests, tables=TwoSizes())
    assert [(one.table.name, one.requests, one.prompt_tokens) for one in result.tables] == [
        ("standard", 4, 16_140),
        ("above 4,050", 1, 4_060),
    ]


def test_rent_is_billed_at_the_base_table_even_when_no_request_was():
    tables = TwoSizes()
    requests = [request(0, chain(("document", 5_000)), (1, None))]
    result = played(handle_spec(), requests, tables=tables, end_us=3_600_000_000)
    rents = {one.table.name: one.usage[CACHE_STORAGE] for one in result.tables}
    assert rents == {"above 4,050": 0, "standard": 5_000 * 3_600}
    assert result.requests == 1


def test_events_are_counted():
    requests = [request(at * MINUTE, PREFIX, (1, None)) for at in (0, 1, 10)]
    events = played(breakpoint_spec(), requests, end_us=60 * MINUTE).events
    assert events == {
        EventKind.HIT: 1,
        EventKind.MISS: 2,
        EventKind.WRITE: 2,
        EventKind.REFRESH: 1,
        EventKind.EXPIRE: 2,
        EventKind.EVICT: 0,
        EventKind.REFUSE: 0,
    }


def test_all_caches_see_the_same_requests_and_answer_in_order():
    requests = (request(n, PREFIX, (1, None)) for n in range(3))
    specs = [NoCacheSpec(), breakpoint_spec(), blocks_spec(None)]
    seats = [Seat(make_policy(spec, None), OneTable()) for spec in specs]
    results = play(requests, seats, 0, lambda _: None)
    assert [one.usage[CACHE_READ] for one in results] == [0, 8_000, 7_968]
    assert {one.prompt_tokens for one in results} == {12_000}


def test_progress_is_told_now_and_then():
    told = []
    play((request(n, PREFIX) for n in range(4_001)), [], 0, told.append)
    assert told == [0, 2_000, 4_000]


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_is_left_as_it_was(before):
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    seen = []
    play([request(0, PREFIX)], [], 0, lambda _: seen.append(gc.isenabled()))
    after = gc.isenabled()
    (gc.enable if was else gc.disable)()
    assert (seen, after) == ([False], before)


def test_an_interrupt_passes_and_leaves_the_collector_as_it_was():
    def interrupted(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play([request(0, PREFIX)], [], 0, interrupted)
    assert gc.isenabled()


def test_rent_grows_with_time_and_not_with_the_requests_that_chance_drew() -> None:
    cost = Cost({INPUT: Decimal(10), CACHE_STORAGE: Decimal(10)})
    shown = monthly(cost, MONTHLY, Scale(requests=Decimal("1.1"), time=Decimal(2)))
    assert shown.amounts == {INPUT: Decimal(11), CACHE_STORAGE: Decimal(20)}
