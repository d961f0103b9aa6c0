from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from simulate.simulation_cases import FIVE_MINUTES, HOUR, write

from promptcost.model.count import CountMethod
from promptcost.model.money import Cost
from promptcost.model.simulation_report import (
    BreakEven,
    EventCounts,
    MeterDifference,
    PriceBasis,
    Saving,
    TargetResult,
    TokenBasis,
)
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT, Meter, MeterKind, Usage
from promptcost.simulate.verdict import cheapest_of


def result(target, amounts, **changes):
    made = TargetResult(
        target=target,
        family="breakpoint",
        prices=PriceBasis(checked=date(2026, 11, 1), valid_from=None, trust="high", sources=()),
        tokens=TokenBasis(tokenizer="o200k", method=CountMethod.EXACT, relative_error=0),
        requests=1,
        usage=Usage(),
        tables=(),
        hit_rate_requests=0,
        hit_rate_tokens=0,
        cost=Cost({meter: Decimal(usd) for meter, usd in amounts.items()}),
        percentiles=None,
        dominant_input="",
        saving=None,
        break_even=None,
        placement=(),
        below_minimum=(),
        events=EventCounts(),
        budget=None,
    )
    return replace(made, **changes)


SHORT = result("acme/one@5m", {write(FIVE_MINUTES): "80", CACHE_READ: "20", OUTPUT: "50"})
LONG = result("acme/one@1h", {write(HOUR): "30", CACHE_READ: "25.50", OUTPUT: "50"})


def test_the_cheapest_target_is_found_with_what_makes_the_difference():
    found = cheapest_of([SHORT, LONG])
    assert (found.target, found.cost) == ("acme/one@1h", Decimal("105.50"))
    assert (found.runner_up, found.runner_up_cost) == ("acme/one@5m", Decimal(150))
    assert found.meters == (
        MeterDifference(meter=Meter(MeterKind.CACHE_WRITE), amount=Decimal(50)),
        MeterDifference(meter=Meter(MeterKind.CACHE_READ), amount=Decimal("-5.50")),
    )
    assert found.why == (
        "acme/one@1h costs $105.50 a month, $44.50 less than acme/one@5m: less for cache writes "
        "($50.00), more for cache reads ($5.50)."
    )


def test_the_hit_rate_is_set_against_the_break_even():
    even = BreakEven(hit_rate=0.5263, simulated=0.981)
    found = cheapest_of([replace(LONG, break_even=even), SHORT])
    assert found.why.endswith(
        "; 98.1 % of its marked tokens are read from the cache, above the break-even of 52.6 %."
    )


def test_a_hit_rate_below_the_break_even_is_said_to_be_below():
    even = BreakEven(hit_rate=0.5263, simulated=0.2)
    assert "below the break-even of 52.6 %" in cheapest_of([replace(LONG, break_even=even)]).why


def test_without_marked_tokens_nothing_is_said_of_the_break_even():
    even = BreakEven(hit_rate=0.5263, simulated=None)
    assert "break-even" not in cheapest_of([replace(LONG, break_even=even)]).why


def test_only_the_largest_differences_are_named():
    poor = result("acme/two", {INPUT: "300", write(HOUR): "40", CACHE_READ: "26", OUTPUT: "1000"})
    assert cheapest_of([LONG, poor]).why == (
        "acme/one@1h costs $105.50 a month, $1,260.50 less than acme/two: less for output "
        "($950.00) and input ($300.00)."
    )


def test_a_single_target_is_set_against_no_caching():
    saves = Saving(uncached=Decimal(200), amount=Decimal("94.50"), share=0.4725)
    assert cheapest_of([replace(LONG, saving=saves)]).why == (
        "acme/one@1h costs $105.50 a month, $94.50 less than without caching."
    )
    loses = Saving(uncached=Decimal(100), amount=Decimal("-5.50"), share=-0.055)
    assert "$5.50 more than without caching" in cheapest_of([replace(LONG, saving=loses)]).why


def test_a_single_target_without_a_saving_is_just_told():
    none = Saving(uncached=Decimal("105.50"), amount=Decimal(0), share=0)
    for saving in (None, none):
        found = cheapest_of([replace(LONG, saving=saving)])
        assert found.why == "acme/one@1h costs $105.50 a month."
        assert (found.runner_up, found.runner_up_cost, found.meters) == (None, None, ())


def test_a_tie_is_called_one_and_the_first_stays_first():
    found = cheapest_of([LONG, replace(LONG, target="acme/copy")])
    assert found.why == "acme/one@1h costs $105.50 a month, as much as acme/copy."


def test_a_target_with_an_unknown_price_is_never_the_cheapest():
    unknown = replace(SHORT, cost=Cost({OUTPUT: Decimal(1)}, frozenset({CACHE_READ})))
    assert cheapest_of([unknown, LONG]).target == "acme/one@1h"
    assert cheapest_of([unknown, LONG]).runner_up is None
    assert cheapest_of([unknown]) is None
    assert cheapest_of([]) is None


@pytest.mark.parametrize(
    ("share", "shown"), [(0.9994, "99.9 %"), (0.9996, ">99.9 %"), (1.0, "100.0 %"), (0.0, "0.0 %")]
)
def test_what_is_not_all_never_reads_as_all(share, shown):
    even = BreakEven(hit_rate=0.5, simulated=share)
    assert f"; {shown} of its" in cheapest_of([replace(LONG, break_even=even)]).why
