from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
from policies.cache_cases import blocks_spec, breakpoint_spec, increment_spec
from simulate.simulation_cases import (
    DOCUMENT,
    HOUR,
    QUESTION,
    SYSTEM,
    card,
    offer,
    rates,
    stall,
    template_part,
    workload,
)

from promptcost.catalogue import SizeTier
from promptcost.catalogue.spec import Evidence, Isolation, Knob, NoCacheSpec
from promptcost.simulate.money import Scale, monthly_cost
from promptcost.simulate.stall import play_all, streams_of, twins_of
from promptcost.simulate.written import write_parts
from promptcost.workload.arrivals import arrivals
from promptcost.workload.distributions import Zipf
from promptcost.workload.spec import ArrivalProcess, Marker, Population

TENANTS = Population(tenants=Zipf(size=3), users=Zipf(size=9), workspaces=2)
BY_TENANT = breakpoint_spec(isolation=Isolation.TENANT)


def members(made, *policies):
    stalls = [stall(made, offer(policy)) for policy in policies]
    return [stream.members for stream in streams_of(made, stalls)]


def test_targets_with_the_same_prompt_and_markers_share_a_stream():
    specs = [breakpoint_spec(), breakpoint_spec(ttl=HOUR), breakpoint_spec(min_tokens=9_000)]
    assert members(workload(), *specs) == [(0, 1, 2)]


def test_who_ignores_markers_joins_whoever_has_the_same_prompt():
    specs = [NoCacheSpec(), breakpoint_spec(), increment_spec(), blocks_spec(9)]
    assert members(workload(), *specs) == [(1, 0, 2, 3)]


def test_without_anybody_with_markers_they_share_one_of_their_own():
    assert members(workload(), NoCacheSpec(), increment_spec()) == [(0, 1)]


def test_different_lifetimes_of_markers_need_streams_of_their_own():
    made = workload(markers=(Marker(after="system", ttl=HOUR),))
    assert members(made, breakpoint_spec(), breakpoint_spec(ttl=HOUR)) == [(0,), (1,)]


def test_who_is_isolated_differently_does_not_share():
    made = workload(population=TENANTS)
    specs = [
        BY_TENANT,
        breakpoint_spec(isolation=Isolation.WORKSPACE),
        breakpoint_spec(isolation=Isolation.ORGANIZATION),
        increment_spec(isolation=Isolation.USER),
        NoCacheSpec(),
    ]
    assert members(made, *specs) == [(0,), (1,), (2, 4), (3,)]


def test_a_group_of_one_is_everybody():
    specs = [BY_TENANT, breakpoint_spec(isolation=Isolation.ORGANIZATION)]
    assert members(workload(), *specs) == [(0, 1)]


def test_other_tokens_need_a_stream_of_their_own(tmp_path):
    path = tmp_path / "system.j2"
    path.write_text("You are a helpful assistant. " * 50, encoding="utf-8")
    made = workload(template_part("system", path), QUESTION)
    written, _ = write_parts(made)
    ours, theirs = offer(), offer(made=card(tokenizer="claude-2026"))
    stalls = [stall(made, one, written) for one in (ours, theirs, ours)]
    assert [stream.members for stream in streams_of(made, stalls)] == [(0, 2), (1,)]


ONCE = Scale(requests=Decimal(1), time=Decimal(1))
POISSON = workload(
    SYSTEM, DOCUMENT, QUESTION, per_day=500, process=ArrivalProcess.POISSON, population=TENANTS
)
SPECS = [
    NoCacheSpec(),
    BY_TENANT,
    breakpoint_spec(isolation=Isolation.ORGANIZATION),
    increment_spec(isolation=Isolation.ORGANIZATION, placement_probability=0.5),
    blocks_spec(4_000),
]


def came(made=POISSON):
    return arrivals(made, np.random.default_rng(3))


def results(specs, made=POISSON, seed=0):
    stalls = [stall(made, offer(spec)) for spec in specs]
    return play_all(made, came(made), stalls, seed, lambda _: None)


def test_results_come_in_the_order_of_the_targets():
    together = results(SPECS)
    assert [one.usage for one in together[:3]] == [results([spec])[0].usage for spec in SPECS[:3]]


def test_every_target_sees_the_same_requests():
    assert len({(one.requests, one.prompt_tokens) for one in results(SPECS)}) == 1


def test_the_same_seed_gives_the_same_figures_and_another_one_another_chance():
    first, again, other = results(SPECS), results(SPECS), results(SPECS, seed=1)
    assert [one.usage for one in first] == [one.usage for one in again]
    assert first[3].usage != other[3].usage
    assert first[2].usage == other[2].usage


def test_isolation_lowers_the_hits():
    apart, together = results(SPECS[1:3])
    assert apart.hits < together.hits


def test_progress_counts_over_all_streams():
    told = []
    stalls = [stall(POISSON, offer(spec)) for spec in (BY_TENANT, increment_spec())]
    play_all(POISSON, came(), stalls, 0, told.append)
    assert told == [0, len(came())]


def test_a_window_without_requests_makes_an_empty_result():
    none = arrivals(POISSON, np.random.default_rng(0), limit=20)
    names = ["time_us", "wall_us", "conversation", "turn", "is_last", "output_tokens"]
    names += ["tenant", "user", "workspace", "deploy"]
    empty = replace(
        none,
        pool_items={"document": none.time_us[:0]},
        **{name: getattr(none, name)[:0] for name in names},
    )
    found = play_all(POISSON, empty, [stall(POISSON, offer())], 0, lambda _: None)
    assert (found[0].requests, found[0].tables) == (0, ())


def twins(*offers):
    stalls = [stall(POISSON, one) for one in offers]
    return twins_of(stalls, range(len(stalls)))


def test_targets_whose_caches_behave_alike_share_a_play():
    dear = offer(made=card(rates(usd_in="30")))
    assert twins(offer(), offer(breakpoint_spec(ttl=HOUR)), dear) == [[0, 2], [1]]


def test_the_evidence_of_a_knob_is_no_difference():
    known = replace(breakpoint_spec(), lookback=Knob(20, Evidence.DOCUMENTED, "the guide"))
    assert twins(offer(), offer(known)) == [[0, 1]]


def test_families_do_not_mix():
    assert twins(offer(NoCacheSpec()), offer(), offer(NoCacheSpec())) == [[0, 2], [1]]


def test_who_bills_by_the_size_of_the_request_plays_alone():
    tier = SizeTier(above=5_000, rates=rates())
    sized = offer(made=card(size_tiers=(tier,)), tables=offer().tables)
    assert twins(offer(), sized, sized) == [[0], [1], [2]]


def test_twins_are_billed_at_their_own_rates():
    dear = offer(made=card(rates(usd_in="30")))
    stalls = [stall(POISSON, one) for one in (offer(), dear)]
    cheap, costly = play_all(POISSON, came(), stalls, 0, lambda _: None)
    assert cheap.usage == costly.usage
    assert [one.table for one in costly.tables] == [stalls[1].tariff.storage]
    assert monthly_cost(costly, POISSON, ONCE).total > (monthly_cost(cheap, POISSON, ONCE).total)
