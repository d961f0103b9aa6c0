"""From the integers of a play to dollars of one month."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from promptcost.catalogue import price
from promptcost.model.money import Cost
from promptcost.model.usage import INPUT, OUTPUT, Meter, MeterKind, Usage
from promptcost.workload.spec import MONTH

if TYPE_CHECKING:
    from promptcost.simulate.reference import PlayResult, TablePlay
    from promptcost.workload.spec import Workload


_PRECISION = 50


class Scale(NamedTuple):
    """What makes the figures of the simulated window those of the period.

    `requests` also evens out how many requests chance drew; `time` is for what time itself costs.
    """

    requests: Decimal
    time: Decimal

    def of(self, meter: Meter, workload: Workload) -> Decimal:
        """Return the factor from the window to a month for a meter."""
        share = self.time if meter.kind is MeterKind.CACHE_STORAGE else self.requests
        return share * months(workload)


def months(workload: Workload) -> Decimal:
    """Return the months that a workload's period stands for, as a factor to one month."""
    return Decimal(MONTH.total_seconds()) / Decimal(workload.period.total_seconds())


def monthly(cost: Cost, workload: Workload, scale: Scale) -> Cost:
    """Return the cost of a window as that of a month."""
    with localcontext(prec=_PRECISION):
        amounts = {
            meter: amount * scale.of(meter, workload) for meter, amount in cost.amounts.items()
        }
    return Cost(amounts, cost.unknown)


def monthly_cost(result: PlayResult, workload: Workload, scale: Scale) -> Cost:
    """Return the cost of a month: exact integers, priced once per rate table, then scaled."""
    cost = sum((price(one.usage, one.table) for one in result.tables), Cost())
    return monthly(cost, workload, scale)


def uncached_cost(result: PlayResult, workload: Workload, scale: Scale) -> Cost:
    """Return what the same requests cost in a month without any caching, at the same rates."""
    cost = sum((price(_uncached(one), one.table) for one in result.tables), Cost())
    return monthly(cost, workload, scale)


def monthly_usage(usage: Usage, workload: Workload, scale: Scale) -> Usage:
    """Return the usage of a window as that of a month, in whole tokens."""
    counts = usage.counts.items()
    return Usage({meter: round(count * scale.of(meter, workload)) for meter, count in counts})


def _uncached(play: TablePlay) -> Usage:
    return Usage({INPUT: play.prompt_tokens, OUTPUT: play.usage[OUTPUT]})
