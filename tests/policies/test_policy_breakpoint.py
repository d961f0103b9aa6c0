from __future__ import annotations

from datetime import timedelta

import pytest
from policies.cache_cases import (
    FIVE_MINUTES,
    HOUR,
    MINUTE,
    SECOND,
    Played,
    breakpoint_spec,
    chain,
    request,
)

from promptcost.policies import Charge, EventKind

PREFIX = ("system", 4_000)


def test_the_first_request_writes_and_the_next_reads():
    played = Played(
        breakpoint_spec(),
        [request(at, chain(PREFIX, (f"q{at}", 50)), (1, None)) for at in (0, MINUTE)],
    )
    assert played.charges == [
        Charge(0, 50, ((FIVE_MINUTES, 4_000),)),
        Charge(4_000, 50),
    ]


@pytest.mark.parametrize(
    ("gap_us", "reads"),
    [
        (5 * MINUTE - 1, [0, 4_000]),
        (5 * MINUTE, [0, 4_000]),
        (5 * MINUTE + 1, [0, 0]),
    ],
)
def test_an_entry_is_alive_up_to_and_including_its_lifetime(gap_us, reads):
    prefix = chain(PREFIX)
    played = Played(
        breakpoint_spec(), [request(0, prefix, (1, None)), request(gap_us, prefix, (1, None))]
    )
    assert played.reads == reads


def test_evenly_spaced_requests_beyond_the_lifetime_never_hit():
    prefix = chain(PREFIX)
    requests = [request(n * 6 * MINUTE, prefix, (1, None)) for n in range(200)]
    assert sum(Played(breakpoint_spec(), requests).reads) == 0


def test_use_restarts_the_lifetime_from_the_start_of_the_request():
    prefix = chain(PREFIX)
    times = [0, 4 * MINUTE, 8 * MINUTE, 13 * MINUTE + 1]
    played = Played(breakpoint_spec(), [request(at, prefix, (1, None)) for at in times])
    assert played.reads == [0, 4_000, 4_000, 0]


def test_without_refresh_the_lifetime_counts_from_the_write():
    prefix = chain(PREFIX)
    times = [0, 4 * MINUTE, 8 * MINUTE, 9 * MINUTE]
    spec = breakpoint_spec(refreshed_by_use=False)
    played = Played(spec, [request(at, prefix, (1, None)) for at in times])
    assert played.reads == [0, 4_000, 0, 4_000]


def test_a_refresh_lasts_as_long_as_the_original_write():
    prefix = chain(PREFIX)
    played = Played(
        breakpoint_spec(),
        [
            request(0, prefix, (1, HOUR)),
            request(50 * MINUTE, prefix, (1, None)),
            request(100 * MINUTE, prefix, (1, None)),
        ],
    )
    assert played.reads == [0, 4_000, 4_000]


def test_nothing_is_kept_where_nothing_is_marked():
    prefix = chain(PREFIX)
    played = Played(breakpoint_spec(), [request(0, prefix), request(1, prefix)])
    assert played.charges == [Charge(0, 4_000)] * 2


def test_a_shorter_common_prefix_without_an_entry_is_not_found():
    first = request(0, chain(PREFIX, ("a", 100)), (2, None))
    other = request(1, chain(PREFIX, ("b", 100)), (2, None))
    assert Played(breakpoint_spec(), [first, other]).reads == [0, 0]


def test_only_what_lies_behind_the_hit_is_written():
    grown = [("q1", 100), ("a:1", 200), ("q2", 50)]
    first = request(0, chain(PREFIX, *grown[:1]), (1, None), (2, None))
    second = request(1, chain(PREFIX, *grown), (1, None), (4, None))
    played = Played(breakpoint_spec(), [first, second])
    assert played.reads == [0, 4_100]
    assert played.writes == [{FIVE_MINUTES: 4_100}, {FIVE_MINUTES: 250}]


@pytest.mark.parametrize(("blocks_between", "read"), [(18, 4_000), (19, 4_000), (20, 0)])
def test_the_window_is_twenty_positions_the_mark_included(blocks_between, read):
    later = [(f"block {n}", 10) for n in range(blocks_between)]
    first = request(0, chain(PREFIX), (1, None))
    second = request(1, chain(PREFIX, *later), (1 + blocks_between, None))
    assert Played(breakpoint_spec(), [first, second]).reads == [0, read]


def test_an_earlier_mark_has_a_window_of_its_own():
    later = [(f"block {n}", 10) for n in range(30)]
    first = request(0, chain(PREFIX), (1, None))
    second = request(1, chain(PREFIX, *later), (15, None), (31, None))
    assert Played(breakpoint_spec(), [first, second]).reads == [0, 4_000]


def test_overlapping_windows_reach_as_far_as_the_earlier_one():
    later = [(f"block {n}", 10) for n in range(30)]
    first = request(0, chain(PREFIX), (1, None))
    second = request(1, chain(PREFIX, *later), (21, None), (31, None))
    missed = request(1, chain(PREFIX, *later), (20, None), (31, None))
    assert Played(breakpoint_spec(), [first, second]).reads == [0, 0]
    assert Played(breakpoint_spec(), [first, missed]).reads == [0, 4_000]


def test_mixed_lifetimes_bill_each_stretch_for_the_mark_that_closes_it():
    # A = 1,000 read, B = 3,000 closed by the hour, C = 6,000 by five minutes, T = 7,000
    parts = [("tools", 1_000), ("system", 2_000), ("history", 3_000), ("question", 1_000)]
    first = request(0, chain(*parts[:1]), (1, HOUR))
    second = request(1, chain(*parts), (2, HOUR), (3, FIVE_MINUTES))
    assert Played(breakpoint_spec(), [first, second]).charges[1] == Charge(
        1_000, 1_000, ((HOUR, 2_000), (FIVE_MINUTES, 3_000))
    )


def test_a_hit_behind_the_long_mark_is_not_billed_again_as_long():
    parts = [("tools", 1_000), ("history", 3_000), ("more", 500)]
    first = request(0, chain(*parts[:2]), (2, FIVE_MINUTES))
    second = request(1, chain(*parts), (1, HOUR), (3, FIVE_MINUTES))
    played = Played(breakpoint_spec(), [first, second])
    assert played.charges[1] == Charge(4_000, 0, ((FIVE_MINUTES, 500),))


@pytest.mark.parametrize(("tokens", "read", "uncached"), [(1_023, 0, 1_023), (1_024, 1_024, 0)])
def test_a_prefix_below_the_minimum_costs_exactly_the_uncached_price(tokens, read, uncached):
    prefix = chain(("short", tokens))
    spec = breakpoint_spec(min_tokens=1_024)
    played = Played(spec, [request(at, prefix, (1, None)) for at in (0, 1)])
    assert played.charges[1] == Charge(read, uncached)


def test_a_prefix_below_the_minimum_is_reported():
    spec = breakpoint_spec(min_tokens=1_024)
    short = [request(n, chain(("x", tokens)), (1, None)) for n, tokens in enumerate((500, 900))]
    found = Played(spec, short).policy.shortfalls
    assert found == {"mark 1": (2, 500, 900)}


def test_the_minimum_counts_the_whole_prefix_not_the_stretch():
    parts = [("tools", 900), ("system", 200), ("question", 10)]
    marked = [request(at, chain(*parts), (1, None), (2, None)) for at in (0, 1)]
    played = Played(breakpoint_spec(min_tokens=1_024), marked)
    assert played.charges == [Charge(0, 10, ((FIVE_MINUTES, 1_100),)), Charge(1_100, 10)]


def test_parallel_cold_requests_all_pay_for_the_write():
    prefix = chain(PREFIX)
    spec = breakpoint_spec(readable_after=timedelta(seconds=2))
    times = [0, SECOND, 2 * SECOND - 1, 2 * SECOND]
    played = Played(spec, [request(at, prefix, (1, None)) for at in times])
    assert played.writes == [{FIVE_MINUTES: 4_000}] * 3 + [{}]
    assert played.reads == [0, 0, 0, 4_000]


def test_a_write_in_flight_extends_the_entry_it_meets():
    prefix = chain(PREFIX)
    spec = breakpoint_spec(readable_after=timedelta(seconds=2))
    times = [0, SECOND, 5 * MINUTE + SECOND]
    played = Played(spec, [request(at, prefix, (1, None)) for at in times])
    assert played.reads == [0, 0, 4_000]


def test_a_write_in_flight_extends_nothing_when_use_does_not():
    prefix = chain(PREFIX)
    spec = breakpoint_spec(readable_after=timedelta(seconds=2), refreshed_by_use=False)
    times = [0, SECOND, 5 * MINUTE + SECOND]
    played = Played(spec, [request(at, prefix, (1, None)) for at in times])
    assert played.reads == [0, 0, 0]


def test_an_automatic_mark_closes_the_request():
    parts = [PREFIX, ("q", 100)]
    again = [request(at, chain(*parts)) for at in (0, 1)]
    played = Played(breakpoint_spec(automatic_tail=True), again)
    assert played.charges == [Charge(0, 0, ((FIVE_MINUTES, 4_100),)), Charge(4_100, 0)]


def test_a_varying_tail_is_written_every_time_where_the_mark_is_automatic():
    varying = [request(n, chain(PREFIX, (f"q{n}", 100))) for n in range(3)]
    played = Played(breakpoint_spec(automatic_tail=True), varying)
    assert played.writes == [{FIVE_MINUTES: 4_100}] * 3


def test_an_automatic_mark_does_nothing_where_the_end_is_marked():
    prefix = chain(PREFIX)
    spec = breakpoint_spec(automatic_tail=True)
    assert Played(spec, [request(0, prefix, (1, HOUR))]).writes == [{HOUR: 4_000}]


def test_only_the_latest_marks_count_beyond_the_limit():
    parts = [(f"part {n}", 1_000) for n in range(5)]
    marks = [(depth, None) for depth in range(1, 6)]
    first = request(0, chain(*parts), *marks)
    early = request(1, chain(*parts[:1]), (1, None))
    assert Played(breakpoint_spec(), [first, early]).reads == [0, 0]
    second = request(1, chain(*parts[:2]), (2, None))
    assert Played(breakpoint_spec(), [first, second]).reads == [0, 2_000]


def test_writes_without_a_fee_are_input():
    prefix = chain(PREFIX)
    spec = breakpoint_spec(writes_billed_as_input=True)
    played = Played(spec, [request(at, prefix, (1, None)) for at in (0, 1)])
    assert played.charges == [Charge(0, 4_000), Charge(4_000, 0)]


def test_equal_text_in_another_partition_is_not_shared():
    first, other = chain(PREFIX), chain(PREFIX, root=type(chain(PREFIX)).root("other tenant"))
    requests = [request(0, first, (1, None)), request(1, other, (1, None))]
    assert Played(breakpoint_spec(), requests).reads == [0, 0]


def test_events_say_what_happened():
    prefix = chain(PREFIX, ("history", 100))
    times = [0, MINUTE, 10 * MINUTE]
    marked = [request(at, prefix, (1, None), (2, None)) for at in times]
    played = Played(breakpoint_spec(), marked, end_us=60 * MINUTE)
    kinds = EventKind
    assert played.kinds(0) == [kinds.MISS, kinds.WRITE, kinds.WRITE]
    assert played.kinds(1) == [kinds.HIT, kinds.REFRESH, kinds.REFRESH]
    assert played.kinds(2) == [
        kinds.MISS,
        kinds.EXPIRE,
        kinds.WRITE,
        kinds.EXPIRE,
        kinds.WRITE,
    ]
    assert [event.kind for event in played.closing.events] == [kinds.EXPIRE] * 2
    assert not played.closing.usage


def test_looking_up_changes_nothing():
    prefix = chain(PREFIX)
    played = Played(breakpoint_spec(), [request(0, prefix, (1, None))])
    late = request(4 * MINUTE, prefix, (1, None))
    found = [played.policy.find(late, late.time_us) for _ in range(2)]
    assert found[0] == found[1]
    after = request(5 * MINUTE + 1, prefix, (1, None))
    assert played.policy.find(after, after.time_us).hit is None


def test_lapsed_entries_do_not_pile_up():
    requests = [request(n * MINUTE, chain((f"only {n}", 10)), (1, None)) for n in range(10_000)]
    played = Played(breakpoint_spec(), requests, end_us=20_000 * MINUTE)
    expired = played.count(EventKind.EXPIRE) + len(played.closing.events)
    assert expired == 10_000
    assert played.count(EventKind.EXPIRE) > 5_000
