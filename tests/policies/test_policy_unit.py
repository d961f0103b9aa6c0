from __future__ import annotations

from datetime import timedelta

from policies.cache_cases import MINUTE, SECOND, Played, chain, request, unit_spec

from promptcost.policies import Charge, EventKind

A, B, C, D = ("a", 1_000), ("b", 500), ("c", 500), ("d", 500)


def test_a_shared_prefix_is_first_readable_on_the_third_request():
    requests = [request(n, chain(A, tail)) for n, tail in enumerate((B, C, D))]
    assert Played(unit_spec(), requests).reads == [0, 0, 960]


def test_a_repeated_prompt_is_read_at_once():
    requests = [request(n, chain(A, B)) for n in range(2)]
    assert Played(unit_spec(), requests).charges[1] == Charge(1_472, 28)


def test_the_answer_is_part_of_the_unit_of_its_turn():
    turns = [("q1", 128), ("a:1", 256), ("q2", 64)]
    requests = [request(0, chain(*turns[:1])), request(1, chain(*turns))]
    assert Played(unit_spec(), requests).reads == [0, 384]


def test_what_the_user_adds_is_not_part_of_the_unit():
    turns = [("q1", 128), ("q2", 64)]
    requests = [request(0, chain(*turns[:1])), request(1, chain(*turns))]
    assert Played(unit_spec(), requests).reads == [0, 128]


def test_a_unit_is_readable_only_once_it_is_built():
    spec = unit_spec(readable_after=timedelta(seconds=5))
    times = [0, 5 * SECOND - 1, 5 * SECOND]
    played = Played(spec, [request(at, chain(A)) for at in times])
    assert played.reads == [0, 0, 960]


def test_use_keeps_a_unit_and_idleness_drops_it():
    spec = unit_spec(idle_ttl=timedelta(minutes=10))
    times = [0, 9, 18, 29]
    played = Played(spec, [request(at * MINUTE, chain(A)) for at in times], end_us=60 * MINUTE)
    assert played.reads == [0, 960, 960, 0]
    assert played.count(EventKind.EXPIRE) == 1
    assert [event.kind for event in played.closing.events] == [EventKind.EXPIRE]


def test_a_prompt_below_the_minimum_is_reported():
    played = Played(unit_spec(), [request(n, chain(("x", 63))) for n in range(2)])
    assert played.reads == [0, 0]
    assert played.policy.shortfalls == {"whole prompt": (2, 63, 63)}


def test_lapsed_units_do_not_pile_up():
    spec = unit_spec(idle_ttl=timedelta(minutes=1))
    requests = [request(n * MINUTE, chain((f"only {n}", 64))) for n in range(9_000)]
    assert Played(spec, requests).count(EventKind.EXPIRE) > 4_000
