"""Which target is cheapest, by how much, and which meters make the difference."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.model.simulation_report import Cheapest, MeterDifference
from promptcost.model.usage import Meter, MeterKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.model.money import Cost
    from promptcost.model.simulation_report import TargetResult

_CENT = Decimal("0.01")
_SHOWN = 2
_ALMOST_ALL = 0.9995
_WORDS = {
    MeterKind.INPUT: "input",
    MeterKind.CACHE_READ: "cache reads",
    MeterKind.CACHE_WRITE: "cache writes",
    MeterKind.CACHE_STORAGE: "cache storage",
    MeterKind.OUTPUT: "output",
}


def cheapest_of(results: Sequence[TargetResult]) -> Cheapest | None:
    """Return the cheapest target whose cost is known, and why; None where no cost is known."""
    known = sorted((one for one in results if one.cost.is_known), key=lambda one: one.cost.total)
    if not known:
        return None
    best, runner_up = known[0], known[1] if len(known) > 1 else None
    meters = () if runner_up is None else _differences(best.cost, runner_up.cost)
    return Cheapest(
        target=best.target,
        cost=best.cost.total,
        runner_up=runner_up.target if runner_up else None,
        runner_up_cost=runner_up.cost.total if runner_up else None,
        meters=meters,
        why=_why(best, runner_up, meters),
    )


def _differences(best: Cost, other: Cost) -> tuple[MeterDifference, ...]:
    """Return what each kind of meter costs more at the other target, largest first."""
    ours, theirs = _by_kind(best), _by_kind(other)
    gaps = [
        MeterDifference(
            meter=Meter(kind), amount=theirs.get(kind, Decimal(0)) - ours.get(kind, Decimal(0))
        )
        for kind in MeterKind
        if kind in ours or kind in theirs
    ]
    return tuple(
        sorted((gap for gap in gaps if gap.amount), key=lambda gap: abs(gap.amount), reverse=True)
    )


def _by_kind(cost: Cost) -> dict[MeterKind, Decimal]:
    sums: dict[MeterKind, Decimal] = {}
    for meter, amount in cost.amounts.items():
        sums[meter.kind] = sums.get(meter.kind, Decimal(0)) + amount
    return sums


def _why(
    best: TargetResult, other: TargetResult | None, meters: tuple[MeterDifference, ...]
) -> str:
    start = f"{best.target} costs {_usd(best.cost.total)} a month"
    if other is None:
        return start + _against_uncached(best) + _hits(best) + "."
    gap = other.cost.total - best.cost.total
    if not gap:
        return f"{start}, as much as {other.target}{_hits(best)}."
    less = [_spent(one) for one in meters if one.amount > 0][:_SHOWN]
    more = [_spent(one, -1) for one in meters if one.amount < 0][:_SHOWN]
    because = f": less for {' and '.join(less)}" + (f", more for {' and '.join(more)}" * bool(more))
    return f"{start}, {_usd(gap)} less than {other.target}{because}{_hits(best)}."


def _against_uncached(best: TargetResult) -> str:
    if best.saving is None or not best.saving.amount:
        return ""
    word = "less" if best.saving.amount > 0 else "more"
    return f", {_usd(abs(best.saving.amount))} {word} than without caching"


def _hits(best: TargetResult) -> str:
    even = best.break_even
    if even is None or even.simulated is None:
        return ""
    side = "above" if even.simulated > even.hit_rate else "below"
    return (
        f"; {_percent(even.simulated)} of its marked tokens are read from the cache, {side} the "
        f"break-even of {_percent(even.hit_rate)}"
    )


def _percent(share: float) -> str:
    """Return a share to 0.1 %; what is not all never reads as all."""
    return ">99.9 %" if _ALMOST_ALL <= share < 1 else f"{share * 100:.1f} %"


def _spent(gap: MeterDifference, sign: int = 1) -> str:
    return f"{_WORDS[gap.meter.kind]} ({_usd(sign * gap.amount)})"


def _usd(amount: Decimal) -> str:
    return f"${amount.quantize(_CENT):,}"
