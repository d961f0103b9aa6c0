"""What must hold of every cache, whatever its rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policies.cache_cases import (
    NEVER,
    Played,
    blocks_spec,
    breakpoint_spec,
    chain,
    handle_spec,
    increment_spec,
    request,
    unit_spec,
)

from promptcost.catalogue.spec import NoCacheSpec
from promptcost.model.prompt import Prefix
from promptcost.policies import EventKind

FEW = settings(max_examples=100, deadline=None)

parts = st.sampled_from([("a", 30), ("b", 50), ("a:c", 80), ("d", 20)])
prompts = st.lists(parts, min_size=1, max_size=6).map(tuple)
streams = st.lists(st.tuples(st.integers(0, 20), prompts), min_size=1, max_size=20)
gap_lists = st.lists(st.integers(0, 40), min_size=1, max_size=60)


def requests_of(stream, *, tenants=1):
    now, made = 0, []
    for index, (gap, prompt) in enumerate(stream):
        now += gap
        prefix = chain(*prompt, root=Prefix.root(f"tenant {index % tenants}"))
        made.append(request(now, prefix, (len(prompt), None)))
    return made


def one_prefix(gaps):
    return requests_of([(gap, (("a", 30),)) for gap in gaps])


def hits(spec, requests):
    return sum(read > 0 for read in Played(spec, requests).reads)


def micro(number):
    return timedelta(microseconds=number)


SPECS = {
    "none": NoCacheSpec(),
    "breakpoint": breakpoint_spec(ttl=micro(15)),
    "automatic": breakpoint_spec(ttl=micro(15), automatic_tail=True),
    "free writes": breakpoint_spec(ttl=micro(15), writes_billed_as_input=True),
    "increment": increment_spec(min_tokens=30, step=10, idle_ttl=micro(15), max_age=micro(40)),
    "unit": unit_spec(idle_ttl=micro(15)),
    "blocks": blocks_spec(20, 16),
}


@FEW
@pytest.mark.parametrize("name", SPECS)
@given(stream=streams)
def test_every_token_is_billed_exactly_once(name, stream):
    requests = requests_of(stream)
    charges = Played(SPECS[name], requests).charges
    billed = [
        charge.read + charge.uncached + sum(size for _, size in charge.writes) for charge in charges
    ]
    assert billed == [one.prefix.tokens for one in requests]


@FEW
@given(stream=streams)
def test_of_an_object_only_the_creation_comes_on_top(stream):
    requests = requests_of(stream)
    played = Played(handle_spec(ttl=micro(15), min_tokens=60), requests)
    extra = sum(played.reads) + sum(played.uncached) - sum(one.prefix.tokens for one in requests)
    made = [e for events in played.events for e in events if e.kind is EventKind.WRITE]
    assert extra == sum(event.tokens for event in made)


@FEW
@pytest.mark.parametrize("refreshed", [True, False])
@given(gaps=gap_lists, shorter=st.integers(1, 60), longer=st.integers(0, 60))
def test_a_longer_lifetime_never_lowers_the_hits_of_one_prefix(refreshed, gaps, shorter, longer):
    requests = one_prefix(gaps)
    few = breakpoint_spec(ttl=micro(shorter), refreshed_by_use=refreshed)
    many = breakpoint_spec(ttl=micro(shorter + longer), refreshed_by_use=refreshed)
    assert hits(few, requests) <= hits(many, requests)


@FEW
@given(stream=streams)
def test_without_an_end_only_compulsory_misses_remain(stream):
    requests = requests_of(stream)
    spec = breakpoint_spec(ttl=NEVER, lookback=1)
    assert hits(spec, requests) == len(requests) - len({one.prefix for one in requests})


@FEW
@pytest.mark.parametrize("name", SPECS)
@given(gaps=gap_lists, tenants=st.integers(2, 5))
def test_splitting_tenants_never_raises_the_hits(name, gaps, tenants):
    stream = [(gap, (("a", 30),)) for gap in gaps]
    together, apart = requests_of(stream), requests_of(stream, tenants=tenants)
    assert hits(SPECS[name], apart) <= hits(SPECS[name], together)


@FEW
@pytest.mark.parametrize("name", [*SPECS, "handle"])
@given(stream=streams)
def test_every_request_is_a_hit_or_a_miss_or_refused(name, stream):
    spec = {**SPECS, "handle": handle_spec(ttl=micro(15), min_tokens=60)}[name]
    played = Played(spec, requests_of(stream))
    outcomes = {EventKind.HIT, EventKind.MISS, EventKind.REFUSE}
    for index, charge in enumerate(played.charges):
        found = [kind for kind in played.kinds(index) if kind in outcomes]
        assert len(found) == 1
        assert (charge.read > 0) or found != [EventKind.HIT]


def test_no_cache_bills_everything_as_input():
    played = Played(NoCacheSpec(), one_prefix([0, 0]), end_us=1)
    assert played.uncached == [30, 30]
    assert not played.closing.usage
    assert not played.policy.shortfalls
