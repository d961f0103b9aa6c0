from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from policies.cache_cases import (
    MINUTE,
    NEVER,
    ROOT,
    SECOND,
    Played,
    chain,
    increment_spec,
    request,
)

from promptcost.model.prompt import Prefix
from promptcost.policies import Charge, EventKind


@pytest.mark.parametrize(
    ("shared", "read"),
    [(1_023, 0), (1_024, 1_024), (1_151, 1_024), (1_152, 1_152), (20_000, 19_968)],
)
def test_the_common_prefix_is_read_in_whole_steps_from_the_minimum_on(shared, read):
    requests = [request(n, chain(("shared", shared), (f"own {n}", 300))) for n in range(2)]
    played = Played(increment_spec(), requests)
    assert played.charges[1] == Charge(read, shared + 300 - read)


def test_the_whole_prompt_can_be_read():
    again = [request(n, chain(("same", 1_280))) for n in range(2)]
    assert Played(increment_spec(), again).charges[1] == Charge(1_280, 0)


@pytest.mark.parametrize(("gap_us", "read"), [(10 * MINUTE, 2_048), (10 * MINUTE + 1, 0)])
def test_a_prefix_unused_for_longer_than_the_idle_time_is_gone(gap_us, read):
    prefix = chain(("same", 2_048))
    played = Played(increment_spec(), [request(0, prefix), request(gap_us, prefix)])
    assert played.reads == [0, read]


def test_use_restarts_the_idle_time():
    prefix = chain(("same", 2_048))
    played = Played(increment_spec(), [request(n * 9 * MINUTE, prefix) for n in range(20)])
    assert played.reads == [0] + [2_048] * 19


@pytest.mark.parametrize(("last_minute", "read"), [(60, 2_048), (61, 0)])
def test_use_does_not_keep_a_prefix_beyond_the_highest_age(last_minute, read):
    prefix = chain(("same", 2_048))
    times = [*range(0, 56, 5), last_minute]
    spec = increment_spec(max_age=timedelta(hours=1))
    played = Played(spec, [request(at * MINUTE, prefix) for at in times])
    assert played.reads[-1] == read


def test_an_aged_beginning_hides_what_is_younger():
    spec = increment_spec(idle_ttl=NEVER, max_age=timedelta(minutes=60))
    old, grown = chain(("system", 2_048)), chain(("system", 2_048), ("more", 1_024))
    times = [(0, old), (30, grown), (61, grown), (62, grown)]
    played = Played(spec, [request(at * MINUTE, prefix) for at, prefix in times])
    assert played.reads == [0, 2_048, 0, 3_072]


def test_what_was_computed_again_starts_a_new_age():
    spec = increment_spec(idle_ttl=NEVER, max_age=timedelta(minutes=60))
    grown = chain(("system", 2_048), ("more", 1_024))
    times = [(0, grown.at(1)), (30, grown), (61, grown), (91, grown)]
    played = Played(spec, [request(at * MINUTE, prefix) for at, prefix in times])
    assert played.reads == [0, 2_048, 0, 2_048]


def test_a_prefix_is_readable_only_after_a_while():
    prefix = chain(("same", 2_048))
    spec = increment_spec(readable_after=timedelta(seconds=3))
    times = [0, 3 * SECOND - 1, 3 * SECOND]
    played = Played(spec, [request(at, prefix) for at in times])
    assert played.reads == [0, 0, 2_048]


def test_while_a_longer_prefix_is_in_flight_the_shorter_is_read():
    short, long = chain(("same", 2_048)), chain(("same", 2_048), ("more", 2_048))
    spec = increment_spec(readable_after=timedelta(seconds=3))
    times = [(0, short), (4, long), (5, long), (7, long)]
    played = Played(spec, [request(at * SECOND, prefix) for at, prefix in times])
    assert played.reads == [0, 2_048, 2_048, 4_096]


def test_requests_beyond_the_limit_of_a_minute_start_cold_on_another_machine():
    prefix = chain(("same", 2_048))
    spec = increment_spec(requests_per_minute_per_key=2)
    played = Played(spec, [request(n, prefix) for n in range(6)])
    assert played.reads == [0, 2_048, 0, 2_048, 0, 2_048]


def test_the_next_minute_starts_again_on_the_first_machine():
    prefix = chain(("same", 2_048))
    spec = increment_spec(requests_per_minute_per_key=2)
    times = [0, 1, 2, MINUTE]
    assert Played(spec, [request(at, prefix) for at in times]).reads == [0, 2_048, 0, 2_048]


def test_the_limit_counts_all_prompts_with_the_same_beginning():
    spec = increment_spec(requests_per_minute_per_key=2)
    beginning = ("tools", 1_024)
    names = ["a", "b", "a"]
    requests = [request(n, chain(beginning, (name, 1_024))) for n, name in enumerate(names)]
    assert Played(spec, requests).reads == [0, 1_024, 0]
    other = [request(n, chain((name, 2_048))) for n, name in enumerate("aba")]
    assert Played(spec, other).reads == [0, 0, 2_048]


def test_the_share_of_requests_that_find_their_machine_is_the_probability():
    prefix = chain(("same", 2_048))
    spec = increment_spec(placement_probability=0.7)
    played = Played(spec, [request(n, prefix) for n in range(10_000)], rng=Random(5))  # noqa: S311
    hits = sum(read > 0 for read in played.reads)
    assert abs(hits - 7_000) < 4 * (10_000 * 0.7 * 0.3) ** 0.5


def test_a_request_on_a_cold_machine_refreshes_nothing():
    class Always:
        def random(self):
            return 0.9

    prefix = chain(("same", 2_048))
    spec = increment_spec(placement_probability=0.5)
    played = Played(spec, [request(n, prefix) for n in range(3)], rng=Always())
    assert played.reads == [0, 0, 0]
    assert played.count(EventKind.WRITE) == 0


def test_looking_up_twice_gives_the_same_answer_although_chance_is_involved():
    prefix = chain(("same", 2_048))
    spec = increment_spec(placement_probability=0.5)
    played = Played(spec, [request(0, prefix)], rng=Random(1))  # noqa: S311
    again = request(1, prefix)
    assert len({played.policy.find(again, 1) for _ in range(50)}) == 1


def test_a_prompt_below_the_minimum_is_reported_and_not_kept():
    requests = [request(n, chain(("tiny", 800))) for n in range(2)]
    played = Played(increment_spec(), requests)
    assert played.policy.shortfalls == {"whole prompt": (2, 800, 800)}
    assert played.charges == [Charge(0, 800)] * 2


def test_events_say_what_happened():
    prefix = chain(("same", 2_048))
    times = [0, MINUTE, 30 * MINUTE]
    played = Played(increment_spec(), [request(at, prefix) for at in times], end_us=50 * MINUTE)
    kinds = EventKind
    assert played.kinds(0) == [kinds.MISS, kinds.WRITE]
    assert played.kinds(1) == [kinds.HIT, kinds.REFRESH]
    assert played.kinds(2) == [kinds.MISS, kinds.EXPIRE, kinds.REFRESH]
    assert [event.kind for event in played.closing.events] == [kinds.EXPIRE]


def test_an_aged_prefix_ends_at_its_age():
    spec = increment_spec(max_age=timedelta(minutes=15))
    prefix = chain(("same", 2_048))
    played = Played(spec, [request(n * 9 * MINUTE, prefix) for n in range(3)])
    ends = [event.time_us for event in played.events[2] if event.kind is EventKind.EXPIRE]
    assert ends == [15 * MINUTE]


def test_lapsed_prefixes_do_not_pile_up():
    requests = [request(n * MINUTE, chain((f"only {n}", 2_048))) for n in range(9_000)]
    played = Played(increment_spec(), requests)
    assert played.count(EventKind.EXPIRE) > 4_000


def test_a_prefix_that_lapses_in_the_sweep_of_its_own_request_is_kept_anew():
    # the store is swept when the next request would read what has just lapsed
    old = chain(("old", 2_048))
    filling = [request(1, chain((f"only {n}", 2_048))) for n in range(4_096)]
    late = [request(30 * MINUTE, old), request(31 * MINUTE, old)]
    assert Played(increment_spec(), [request(0, old), *filling, *late]).reads[-2:] == [0, 2_048]


def test_an_empty_prompt_reads_nothing():
    assert Played(increment_spec(min_tokens=0), [request(0, ROOT)] * 2).reads == [0, 0]


def test_another_partition_shares_nothing():
    other = chain(("same", 2_048), root=Prefix.root("other"))
    requests = [request(0, chain(("same", 2_048))), request(1, other)]
    assert Played(increment_spec(), requests).reads == [0, 0]
