from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from policies.cache_cases import (
    MINUTE,
    blocks_spec,
    breakpoint_spec,
    chain,
    handle_spec,
    increment_spec,
    request,
    unit_spec,
)
from simulate.simulation_cases import (
    FIVE_MINUTES,
    HOUR,
    QUESTION,
    SYSTEM,
    card,
    offer,
    played,
    rates,
    stall,
    template_part,
    workload,
    write,
)

from promptcost.catalogue import Note, NoteKind, RateTable, SizeTier, Source
from promptcost.catalogue.spec import Evidence, Knob, NoCacheSpec
from promptcost.model.simulation_report import (
    Assumption,
    BelowMinimum,
    BreakEven,
    BudgetStatus,
    EventCounts,
    Percentiles,
    PriceBasis,
    Saving,
)
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT
from promptcost.simulate.money import Scale
from promptcost.simulate.result import target_result
from promptcost.simulate.spread import Spread
from promptcost.simulate.written import write_parts
from promptcost.workload.distributions import Uniform

PREFIX = chain(("system", 4_000), ("question", 100))
TEN = [request(n * MINUTE, PREFIX, (1, None), output=50) for n in range(10)]
DAY = workload(period=timedelta(days=1))
MONTH = workload(period=timedelta(days=30))

ONCE = Scale(Decimal(1), Decimal(1))


def result_of(case=MONTH, policy=None, requests=TEN, *, scale="1", spread=None, made=None, **kw):  # noqa: PLR0913 - one per input
    spec = policy or breakpoint_spec()
    one = stall(case, made or offer(spec))
    result = played(spec, requests, **kw)
    return target_result(case, one, result, Scale(Decimal(scale), Decimal(scale)), spread)


def test_figures_are_scaled_to_a_month():
    found = result_of(DAY, scale="2")
    assert found.usage[CACHE_READ] == 9 * 4_000 * 2 * 30
    assert found.tables[0].requests == 10 * 2 * 30
    assert found.cost.total == found.tables[0].cost.total
    assert found.cost.total == 60 * (
        Decimal("0.0258") + 10 * (100 * Decimal(3) + 50 * Decimal(15)) / 1_000_000
    )
    assert found.requests == 10


def test_hit_rates_are_by_request_and_by_token():
    found = result_of()
    assert found.hit_rate_requests == 0.9
    assert found.hit_rate_tokens == 36_000 / 41_000


def test_the_saving_is_against_no_caching_at_the_same_rates():
    found = result_of()
    extra = 10 * (100 * Decimal(3) + 50 * Decimal(15)) / 1_000_000
    assert found.saving == Saving(
        uncached=Decimal("0.12") + extra,
        amount=Decimal("0.12") - Decimal("0.0258"),
        share=pytest.approx(0.0942 / 0.1305),
    )


def test_without_caching_nothing_is_saved():
    assert result_of(policy=NoCacheSpec()).saving.amount == 0


def test_a_free_target_has_no_share_to_save():
    free = offer(made=card(rates(usd_in="0", read="0", write_5m="0", out="0")))
    tables = type("Free", (), {})()
    tables.storage = free.tables[0][0]
    tables.of = lambda _tokens, _time: free.tables[0][0]
    found = result_of(made=free, tables=tables)
    assert found.saving == Saving(uncached=Decimal(0), amount=Decimal(0), share=None)


def test_an_unknown_price_leaves_the_saving_and_the_budget_unknown():
    class Tables:
        storage = RateTable("standard", rates(read=None))

        def of(self, _prompt_tokens, _time_us):
            return self.storage

    case = replace(MONTH, usd_per_month=Decimal(1))
    spread = Spread(ratios=(1.0, 1.1), factors={"users": (1.0, 1.1)})
    found = result_of(case, tables=Tables(), spread=spread)
    assert found.cost.unknown == {CACHE_READ}
    assert found.saving is None
    assert found.budget is BudgetStatus.UNKNOWN
    assert (found.percentiles, found.dominant_input) == (None, "")


def test_break_even_and_the_simulated_rate():
    found = result_of().break_even
    assert found == BreakEven(hit_rate=pytest.approx(0.2173913), simulated=0.9)


def test_the_break_even_is_of_the_target_s_own_lifetime():
    spec = breakpoint_spec(ttl=HOUR)
    assert result_of(policy=spec).break_even.hit_rate == pytest.approx(0.5263158)


def test_without_marked_tokens_the_simulated_rate_is_unknown():
    unmarked = [replace(one, breakpoints=()) for one in TEN]
    assert result_of(requests=unmarked).break_even.simulated is None


@pytest.mark.parametrize(
    "policy",
    [NoCacheSpec(), increment_spec(), breakpoint_spec(writes_billed_as_input=True)],
)
def test_where_writes_cost_no_extra_there_is_no_break_even(policy):
    assert result_of(policy=policy).break_even is None


def test_where_the_write_has_no_price_there_is_no_break_even():
    made = offer(made=card(rates(write_5m=None)))
    assert result_of(made=made).break_even is None


def test_the_interval_scales_the_cost():
    spread = Spread(ratios=(0.5, 1.0, 1.5), factors={"users": (1.0, 2.0, 3.0)})
    found = result_of(spread=spread)
    assert found.percentiles == Percentiles(
        p5=found.cost.total * Decimal("0.55"),
        p50=found.cost.total,
        p95=found.cost.total * Decimal("1.45"),
        replicates=3,
    )
    assert found.dominant_input == "users"


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        (None, None),
        ("0.0362", BudgetStatus.OVER),
        ("0.0363", BudgetStatus.AT_RISK),
        ("0.06", BudgetStatus.WITHIN),
    ],
)
def test_the_budget_is_compared_with_the_cost_and_its_p95(limit, status):
    spread = Spread(ratios=(1.0, 1.5), factors={"users": (1.0, 2.0)})
    case = replace(MONTH, usd_per_month=None if limit is None else Decimal(limit))
    found = result_of(case, spread=spread)
    assert found.cost.total == Decimal("0.0363")
    assert found.budget is status


def test_without_an_interval_the_cost_alone_decides():
    assert result_of(replace(MONTH, usd_per_month=Decimal(1))).budget is BudgetStatus.WITHIN


def test_the_price_card_is_the_basis():
    made = card(valid_from=datetime(2026, 10, 7, tzinfo=UTC), sources=(Source(text="price page"),))
    assert result_of(made=offer(made=made)).prices == PriceBasis(
        checked=made.checked,
        valid_from=datetime(2026, 10, 7, tzinfo=UTC).date(),
        trust="high",
        sources=("price page",),
    )
    assert result_of().prices.valid_from is None


def test_events_are_those_of_the_simulated_requests():
    assert result_of(DAY, scale="9").events == EventCounts(hits=9, misses=1, writes=1, refreshes=9)


def test_knobs_that_no_documentation_settles_are_listed():
    spec = replace(
        breakpoint_spec(),
        ttl=Knob(FIVE_MINUTES, Evidence.DOCUMENTED),
        lookback=Knob(20, Evidence.OBSERVED, "measured"),
        readable_after=Knob(timedelta(seconds=2), Evidence.ASSUMED, "first token"),
    )
    found = {one.knob: one for one in result_of(policy=spec).assumptions}
    assert "ttl" not in found
    assert found["lookback"] == Assumption(
        knob="lookback", value="20", evidence="observed", note="measured"
    )
    assert found["readable_after"].value == "2s"


def test_a_knob_without_a_value_says_none():
    found = {one.knob: one.value for one in result_of(policy=increment_spec()).assumptions}
    assert found["max_age"] == "none"


SHORT = [request(n, chain(("system", 900)), (1, None)) for n in range(3)]


def test_a_prefix_below_the_minimum_is_reported():
    found = result_of(policy=breakpoint_spec(min_tokens=1_024), requests=SHORT)
    assert found.below_minimum == (
        BelowMinimum(
            after="mark 1", minimum=1_024, shortest=900, longest=900, requests=3, certain=True
        ),
    )
    assert found.saving.amount == 0


def estimated(tmp_path, words, spec, **changes):
    """Return a result whose system part is a text counted by estimate."""
    path = tmp_path / "system.txt"
    path.write_text("train " * words, encoding="utf-8")
    case = workload(template_part("system", path), QUESTION, period=timedelta(days=30))
    written, _ = write_parts(case)
    made = offer(spec, card(tokenizer="claude-2026", **changes))
    one = stall(case, made, written)
    tokens = one.layout.parts[0].tokens
    prefix = chain(("system", tokens), ("question", 100))
    requests = [
        replace(item, breakpoints=(replace(item.breakpoints[0], name="system"),))
        for item in (request(n, prefix, (1, None)) for n in range(3))
    ]
    return target_result(case, one, played(spec, requests), ONCE, None), tokens


def test_an_estimate_that_straddles_the_minimum_cannot_tell(tmp_path):
    found, tokens = estimated(tmp_path, 1_000, breakpoint_spec(min_tokens=1_950))
    assert tokens < 1_950 < tokens * 1.15
    assert [one.certain for one in found.below_minimum] == [False]
    assert any(
        note.startswith("cannot tell whether the prefix after 'system'") for note in found.notes
    )


def test_an_estimate_clear_of_the_minimum_can_tell(tmp_path):
    above, tokens = estimated(tmp_path, 1_000, breakpoint_spec(min_tokens=1_000))
    below, _ = estimated(tmp_path, 1_000, breakpoint_spec(min_tokens=4_000))
    assert 1_500 < tokens < 2_500
    assert [one.certain for one in below.below_minimum] == [True]
    for found in (above, below):
        assert not any("cannot tell" in note for note in found.notes)


@pytest.mark.parametrize(("step", "says"), [(1_000, False), (2_000, True), (4_000, False)])
def test_an_estimate_that_straddles_a_price_step_cannot_tell(tmp_path, step, says):
    tier = SizeTier(above=step, rates=rates())
    found, _ = estimated(tmp_path, 1_000, breakpoint_spec(), size_tiers=(tier,))
    notes = [note for note in found.notes if "price step" in note]
    assert len(notes) == says


def test_a_sampled_size_on_the_way_leaves_the_minimum_to_what_was_seen(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("train " * 100, encoding="utf-8")
    documents = replace(SYSTEM, name="documents", tokens=Uniform(low=1, high=2_000))
    case = workload(documents, template_part("rules", path), period=timedelta(days=30))
    written, _ = write_parts(case)
    spec = breakpoint_spec(min_tokens=200)
    one = stall(case, offer(spec, card(tokenizer="claude-2026")), written)
    found = target_result(case, one, played(spec, TEN), ONCE, None)
    assert found.notes == ()


def test_notes_of_the_offer_come_along():
    note = Note(kind=NoteKind.STALE, message="the price is old")
    assert result_of(made=offer(notes=(note,))).notes == ("the price is old",)


def test_requests_larger_than_the_pool_are_noted():
    found = result_of(policy=blocks_spec(4), made=offer(blocks_spec(4)))
    assert found.events.refused == 10
    assert "10 requests exceed the whole cache and were billed in full" in found.notes
    assert found.usage[INPUT] == 41_000


def test_a_pool_that_holds_every_request_has_one_note():
    found = result_of(policy=blocks_spec(None), made=offer(blocks_spec(None)))
    assert len(found.notes) == 1


@pytest.mark.parametrize("spec", [increment_spec(), unit_spec()])
def test_a_cache_without_a_promise_says_so(spec):
    found = result_of(policy=spec)
    assert found.notes == ("the provider caches as best it can and promises no hit",)
    assert found.placement == ()


def test_rent_is_set_against_the_reads():
    class Tables:
        storage = RateTable("standard", rates(usd_in="1.25", read="0.125", rent="4.50"))

        def of(self, _prompt_tokens, _time_us):
            return self.storage

    spec = handle_spec()
    made = offer(spec, card(Tables.storage.rates))
    found = result_of(policy=spec, made=made, tables=Tables(), end_us=60 * MINUTE)
    assert found.notes == ("rent pays from 4.00 reads per object and hour; simulated 10.00",)


def test_without_rent_or_objects_nothing_is_said_of_rent():
    spec = handle_spec()
    assert result_of(policy=spec, made=offer(spec), end_us=60 * MINUTE).notes == ()
    rented = offer(spec, card(rates(rent="4.50")))
    unmarked = [replace(one, breakpoints=()) for one in TEN]
    assert result_of(policy=spec, made=rented, requests=unmarked, end_us=1).notes == ()


def test_usage_is_rounded_to_whole_tokens():
    found = result_of(scale="0.3333333333")
    assert found.usage[OUTPUT] == 167
    assert found.usage[write(FIVE_MINUTES)] == 1_333
