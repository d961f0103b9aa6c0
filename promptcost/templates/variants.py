"""Which conditions to force so that text behind them is rendered too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.templates.uses import ConditionUse

Arm = tuple[int, bool]


def plan_variants(
    conditions: tuple[ConditionUse, ...], limit: int, taken: frozenset[Arm]
) -> tuple[dict[int, bool], ...]:
    """Return at most `limit` sets of forced outcomes that together reach the arms not `taken`.

    Each arm has a set of its own where that fits the limit; else arms that do not contradict each
    other share one.  Arms that end the render are left out.
    """
    wanted = [
        {**dict(condition.within), **dict.fromkeys(condition.earlier, False), number: outcome}
        for condition in conditions
        for number, outcome in ((condition.number, True), (condition.number, False))
        if (number, outcome) not in taken and outcome not in condition.refuses
    ]
    return tuple(wanted if len(wanted) <= limit else _shared(wanted)[:limit])


def _shared(wanted: list[dict[int, bool]]) -> list[dict[int, bool]]:
    plans: list[dict[int, bool]] = []
    for needed in wanted:
        home = next((plan for plan in plans if _agrees(plan, needed)), None)
        if home is None:
            plans.append(dict(needed))
        else:
            home.update(needed)
    return plans


def _agrees(plan: dict[int, bool], needed: dict[int, bool]) -> bool:
    return all(plan.get(number, outcome) is outcome for number, outcome in needed.items())
