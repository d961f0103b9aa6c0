"""From the integers of a play to dollars of one month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue import price
from promptcost.model.money import Cost
from promptcost.model.usage import INPUT, OUTPUT, Usage
from promptcost.workload.spec import MONTH

if TYPE_CHECKING:
    from promptcost.simulate.reference import PlayResult, TablePlay
    from promptcost.workload.spec import Workload


def month_factor(workload: Workload, scale: Decimal) -> Decimal:
    """Return what turns figures of the simulated window into those of a month."""
    return scale * Decimal(MONTH.total_seconds()) / Decimal(workload.period.total_seconds())


def monthly_cost(result: PlayResult, workload: Workload, scale: Decimal) -> Cost:
    """Return the cost of a month: exact integers, priced once per rate table, then scaled."""
    cost = sum((price(one.usage, one.table) for one in result.tables), Cost())
    return cost.scaled(month_factor(workload, scale))


def uncached_cost(result: PlayResult, workload: Workload, scale: Decimal) -> Cost:
    """Return what the same requests cost in a month without any caching, at the same rates."""
    cost = sum((price(_uncached(one), one.table) for one in result.tables), Cost())
    return cost.scaled(month_factor(workload, scale))


def scaled_usage(usage: Usage, factor: Decimal) -> Usage:
    """Return a usage times a factor, rounded to whole tokens."""
    return Usage({meter: round(count * factor) for meter, count in usage.counts.items()})


def _uncached(play: TablePlay) -> Usage:
    return Usage({INPUT: play.prompt_tokens, OUTPUT: play.usage[OUTPUT]})
