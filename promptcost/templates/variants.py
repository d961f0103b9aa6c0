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

    Arms that do not contradict each other share a set, so most templates need two or three.
    """
    plans: list[dict[int, bool]] = []
    for condition in conditions:
        for outcome in (True, False):
            if (condition.number, outcome) in taken:
                continue
            earlier = dict.fromkeys(condition.earlier, False)
            needed = {**dict(condition.within), **earlier, condition.number: outcome}
            home = next((plan for plan in plans if _agrees(plan, needed)), None)
            if home is not None:
                home.update(needed)
            elif len(plans) < limit:
                plans.append(needed)
    return tuple(plans)


def _agrees(plan: dict[int, bool], needed: dict[int, bool]) -> bool:
    return all(plan.get(number, outcome) is outcome for number, outcome in needed.items())
