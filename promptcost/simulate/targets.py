"""From the names of targets to offers: globs spread out, every unknown name reported at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue import Offer, Target
from promptcost.catalogue.target import DEFAULT_TARGETS
from promptcost.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from promptcost.catalogue import Catalogue
    from promptcost.workload.spec import Workload

_GLOB = frozenset("*?[")


def offers_for(
    workload: Workload, catalogue: Catalogue, names: Sequence[str] | None, at: datetime
) -> tuple[list[Offer], list[Problem]]:
    """Return the offers of some targets; where none are named, of the workload's or the usual ones.

    Each target appears once, in the order in which it was first named.
    """
    offers: dict[Target, Offer] = {}
    problems: list[Problem] = []
    until = at + workload.period
    wanted = (workload.targets or DEFAULT_TARGETS) if names is None else names
    for index, name in enumerate(wanted):
        for found in _expanded(catalogue, name):
            made = catalogue.select(found, at, until) if isinstance(found, Target) else found
            if isinstance(made, Offer):
                offers.setdefault(made.target, made)
            else:
                is_own = names is None and bool(workload.targets)
                problems.append(_placed(workload, index, made) if is_own else made)
    return list(offers.values()), problems


def _expanded(catalogue: Catalogue, name: str) -> Sequence[Target | Problem]:
    if _GLOB.isdisjoint(name):
        try:
            return [Target.parse(name)]
        except ValueError as error:
            return [Problem(path=name, message=str(error), repair="for instance openai/gpt-4o")]
    message = f"no target matches {name!r}"
    found = catalogue.targets(name)
    return found or [Problem(path=name, message=message, repair="try: promptcost prices list")]


def _placed(workload: Workload, index: int, problem: Problem) -> Problem:
    """Return a problem at the line of the workload that names the target."""
    if workload.origin is None:
        return problem
    return workload.origin.problem(("targets", index), problem.message, problem.repair)
