from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from policies.cache_cases import MINUTE, SECOND, Played, chain, handle_spec, request

from promptcost.catalogue import RateTable, price
from promptcost.model.money import TOKEN_SECONDS_PER_MTOK_HOUR, Rate
from promptcost.model.usage import CACHE_STORAGE
from promptcost.policies import Charge, EventKind

HOUR_US = 60 * MINUTE
DOCUMENT = chain(("rules", 500), ("document", 99_500))


def ask(at, question="q"):
    return request(at, DOCUMENT.extend_all(chain((question, 40)).block for _ in (1,)), (2, None))


def test_the_first_request_pays_for_the_creation_and_reads_too():
    assert Played(handle_spec(), [ask(0)]).charges == [Charge(100_000, 40 + 100_000)]


def test_later_requests_read():
    assert Played(handle_spec(), [ask(0), ask(1)]).charges[1] == Charge(100_000, 40)


def test_rent_is_due_for_the_whole_lifetime_whether_used_or_not():
    played = Played(handle_spec(), [ask(0), ask(MINUTE)], end_us=10 * HOUR_US)
    assert played.closing.usage[CACHE_STORAGE] == 100_000 * 3_600


def test_rent_ends_with_the_period():
    played = Played(handle_spec(), [ask(0)], end_us=30 * MINUTE)
    assert played.closing.usage[CACHE_STORAGE] == 100_000 * 1_800
    assert played.closing.events == ()


def test_gemini_2_5_pro_rent_of_100_000_tokens_for_a_day_is_10_80_dollars():
    rate = Rate(amount=Decimal("4.50"), per=TOKEN_SECONDS_PER_MTOK_HOUR)
    spec = handle_spec(ttl=timedelta(hours=24))
    rent = Played(spec, [ask(0)], end_us=24 * HOUR_US).closing.usage
    assert price(rent, RateTable("gemini", ((CACHE_STORAGE, rate),))).total == Decimal("10.80")


@pytest.mark.parametrize(("at", "created"), [(HOUR_US, 0), (HOUR_US + 1, 100_000)])
def test_a_fixed_expiry_is_not_moved_by_use(at, created):
    played = Played(handle_spec(), [ask(0), ask(HOUR_US // 2), ask(at)])
    assert played.uncached[2] == 40 + created


def test_an_extended_expiry_moves_with_each_use_and_so_does_the_rent():
    times = [0, HOUR_US // 2, HOUR_US + 1]
    played = Played(
        handle_spec(extended_by_use=True), [ask(at) for at in times], end_us=10 * HOUR_US
    )
    assert played.reads == [100_000] * 3
    assert played.uncached == [100_040, 40, 40]
    assert played.closing.usage[CACHE_STORAGE] == 100_000 * 7_200


def test_an_expired_object_is_made_again_and_its_rent_is_kept():
    played = Played(handle_spec(), [ask(0), ask(2 * HOUR_US)], end_us=10 * HOUR_US)
    assert played.uncached == [100_040, 100_040]
    assert played.closing.usage[CACHE_STORAGE] == 2 * 100_000 * 3_600


def test_a_lifetime_on_the_mark_is_the_lifetime_of_the_object():
    marked = request(0, DOCUMENT, (2, timedelta(minutes=10)))
    played = Played(handle_spec(), [marked], end_us=HOUR_US)
    assert played.closing.usage[CACHE_STORAGE] == 100_000 * 600


def test_each_document_has_an_object_of_its_own():
    texts = [chain((name, 10_000)) for name in "ab"]
    played = Played(handle_spec(), [request(0, one, (1, None)) for one in texts], end_us=HOUR_US)
    assert played.uncached == [10_000, 10_000]
    assert played.closing.usage[CACHE_STORAGE] == 2 * 10_000 * 3_600


def test_the_longest_marked_prefix_is_the_object():
    requests = [request(0, DOCUMENT, (1, None), (2, None))]
    assert Played(handle_spec(min_tokens=1), requests).reads == [100_000]


def test_while_the_object_is_made_others_go_without():
    spec = handle_spec(readable_after=timedelta(seconds=30))
    played = Played(spec, [ask(0), ask(30 * SECOND - 1), ask(30 * SECOND)])
    assert played.charges == [
        Charge(100_000, 100_040),
        Charge(0, 100_040),
        Charge(100_000, 40),
    ]


@pytest.mark.parametrize(("tokens", "read"), [(2_047, 0), (2_048, 2_048)])
def test_a_prefix_below_the_minimum_costs_exactly_the_uncached_price(tokens, read):
    prefix = chain(("short", tokens), ("q", 10))
    played = Played(handle_spec(), [request(at, prefix, (1, None)) for at in (0, 1)])
    assert played.charges[1] == Charge(read, tokens + 10 - read)


def test_a_prefix_below_the_minimum_is_reported():
    played = Played(handle_spec(), [request(0, chain(("short", 7)), (1, None))], end_us=HOUR_US)
    assert played.policy.shortfalls == {"mark 1": (1, 7, 7)}
    assert not played.closing.usage


def test_an_unmarked_request_goes_without():
    assert Played(handle_spec(), [request(0, DOCUMENT)]).charges == [Charge(0, 100_000)]


def test_events_say_what_happened():
    spec = handle_spec(extended_by_use=True)
    times = [0, MINUTE, 3 * HOUR_US]
    played = Played(spec, [ask(at) for at in times], end_us=10 * HOUR_US)
    kinds = EventKind
    assert [played.kinds(n) for n in range(3)] == [
        [kinds.MISS, kinds.WRITE],
        [kinds.HIT, kinds.REFRESH],
        [kinds.EXPIRE, kinds.MISS, kinds.WRITE],
    ]
    assert [event.kind for event in played.closing.events] == [kinds.EXPIRE]
