"""From what a cache did with the requests to what the report says about its target."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.catalogue import (
    BlocksSpec,
    BreakpointSpec,
    CachePolicySpec,
    Evidence,
    Knob,
    family_of,
    price,
)
from promptcost.model.simulation_report import (
    Assumption,
    BelowMinimum,
    BreakEven,
    BudgetStatus,
    EventCounts,
    Percentiles,
    PriceBasis,
    Saving,
    TableUsage,
    TargetResult,
)
from promptcost.model.usage import CACHE_READ, Meter, MeterKind, Usage, format_ttl
from promptcost.policies import EventKind
from promptcost.simulate.closed_form import break_even_hit_rate
from promptcost.simulate.money import (
    monthly,
    monthly_cost,
    monthly_usage,
    months,
    uncached_cost,
)
from promptcost.simulate.notes import notes_on

if TYPE_CHECKING:
    from decimal import Decimal

    from promptcost.model.money import Cost
    from promptcost.simulate.money import Scale
    from promptcost.simulate.reference import PlayResult
    from promptcost.simulate.spread import Spread
    from promptcost.simulate.stall import Stall
    from promptcost.workload.spec import Workload


def target_result(
    workload: Workload, stall: Stall, result: PlayResult, scale: Scale, spread: Spread | None
) -> TargetResult:
    """Return the figures of one target for a month, each with its basis."""
    offer, card = stall.offer, stall.offer.card
    cost = monthly_cost(result, workload, scale)
    usage = result.usage
    percentiles = None
    if spread is not None and cost.is_known:
        percentiles = spread.percentiles(cost.total)
    return TargetResult(
        target=str(offer.target),
        family=family_of(offer.policy).value,
        prices=PriceBasis(
            checked=card.checked,
            valid_from=card.valid_from.date() if card.valid_from else None,
            trust=card.trust.value,
            sources=tuple(source.text for source in card.sources),
        ),
        tokens=stall.layout.basis,
        requests=result.requests,
        usage=monthly_usage(usage, workload, scale),
        tables=_tables(result, workload, scale),
        hit_rate_requests=result.hits / result.requests,
        hit_rate_tokens=usage[CACHE_READ] / max(result.prompt_tokens, 1),
        cost=cost,
        percentiles=percentiles,
        dominant_input=spread.dominant() if spread is not None and percentiles else "",
        saving=_saving(cost, uncached_cost(result, workload, scale)),
        break_even=_break_even(stall, usage),
        placement=stall.placed.shown,
        below_minimum=_below_minimum(stall, result),
        events=_events(result),
        budget=_budget(workload.usd_per_month, cost, percentiles),
        assumptions=_assumptions(offer.policy),
        notes=(*stall.placed.notes, *notes_on(stall, result)),
    )


def _tables(result: PlayResult, workload: Workload, scale: Scale) -> tuple[TableUsage, ...]:
    return tuple(
        TableUsage(
            table=one.table.name,
            requests=round(one.requests * scale.requests * months(workload)),
            usage=monthly_usage(one.usage, workload, scale),
            cost=monthly(price(one.usage, one.table), workload, scale),
        )
        for one in result.tables
    )


def _saving(cost: Cost, uncached: Cost) -> Saving | None:
    if not (cost.is_known and uncached.is_known):
        return None
    amount = uncached.total - cost.total
    share = float(amount / uncached.total) if uncached.total else None
    return Saving(uncached=uncached.total, amount=amount, share=share)


def _break_even(stall: Stall, usage: Usage) -> BreakEven | None:
    spec = stall.offer.policy
    if not isinstance(spec, BreakpointSpec) or spec.writes_billed_as_input.value:
        return None
    write = Meter(MeterKind.CACHE_WRITE, spec.ttl.value)
    rate = break_even_hit_rate(stall.offer.tables[0][0], write)
    if rate is None:
        return None
    marked = usage[CACHE_READ] + usage.of(MeterKind.CACHE_WRITE)
    return BreakEven(hit_rate=rate, simulated=usage[CACHE_READ] / marked if marked else None)


def _below_minimum(stall: Stall, result: PlayResult) -> tuple[BelowMinimum, ...]:
    spec = stall.offer.policy
    if isinstance(spec, BlocksSpec) or not result.shortfalls:
        return ()
    minimum = minimum_of(spec)
    return tuple(
        BelowMinimum(
            after=name,
            minimum=minimum,
            shortest=found.shortest,
            longest=found.longest,
            requests=found.requests,
            certain=found.longest + stall.layout.band(name)[1] < minimum,
        )
        for name, found in result.shortfalls.items()
    )


def minimum_of(spec: CachePolicySpec) -> int:
    """Return the tokens a prefix must have to be cached; 0 where there is no minimum."""
    knob = getattr(spec, "min_tokens", None)
    return knob.value if isinstance(knob, Knob) else 0


def _events(result: PlayResult) -> EventCounts:
    count = result.events
    return EventCounts(
        hits=count[EventKind.HIT],
        misses=count[EventKind.MISS],
        writes=count[EventKind.WRITE],
        refreshes=count[EventKind.REFRESH],
        expiries=count[EventKind.EXPIRE],
        evictions=count[EventKind.EVICT],
        refused=count[EventKind.REFUSE],
    )


def _budget(
    limit: Decimal | None, cost: Cost, percentiles: Percentiles | None
) -> BudgetStatus | None:
    if limit is None:
        return None
    if not cost.is_known:
        return BudgetStatus.UNKNOWN
    if cost.total > limit:
        return BudgetStatus.OVER
    at_risk = percentiles is not None and percentiles.p95 > limit
    return BudgetStatus.AT_RISK if at_risk else BudgetStatus.WITHIN


def _assumptions(spec: CachePolicySpec) -> tuple[Assumption, ...]:
    knobs = ((field.name, getattr(spec, field.name)) for field in fields(spec))
    return tuple(
        Assumption(
            knob=name, value=_worded(knob.value), evidence=knob.evidence.value, note=knob.note
        )
        for name, knob in knobs
        if knob.evidence is not Evidence.DOCUMENTED
    )


def _worded(value: object) -> str:
    if isinstance(value, timedelta):
        return format_ttl(value)
    return "none" if value is None else str(value)
