"""How sure the inputs are: one replicate's draw of everything the workload calls uncertain.

A share of 20% multiplies the input by exp(0.20 z) with z standard normal: log-normal with median 1,
one sigma of about 20% either way, P5 to P95 from 0.72 to 1.39 times.
Of a geometric number of turns, those after the first are multiplied: there is always one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

    from promptcost.workload.spec import Part, Workload

_SMALLEST_RATE = Decimal("0.000001")  # requests per day; also the grain of a drawn rate


def draw(workload: Workload, rng: Generator) -> tuple[Workload, dict[str, float]]:
    """Return the workload with each uncertain input drawn, and the factor of each by its name."""
    factors = {
        name: math.exp(float(share) * rng.standard_normal()) for name, share in workload.uncertainty
    }
    drawn = workload
    for name, factor in factors.items():
        change = _INPUTS.get(name)
        drawn = _of_parts(drawn, name, factor) if change is None else change(drawn, factor)
    return drawn, factors


def _requests(workload: Workload, factor: float) -> Workload:
    rate = workload.traffic.requests_per_day * Decimal(factor)
    rate = max(rate.quantize(_SMALLEST_RATE), _SMALLEST_RATE)
    traffic = replace(workload.traffic, requests_per_day=rate)
    return replace(workload, traffic=traffic)


def _output(workload: Workload, factor: float) -> Workload:
    return replace(workload, output_tokens=workload.output_tokens.scaled(factor))


def _think_time(workload: Workload, factor: float) -> Workload:
    law = workload.conversation.think_time.scaled(factor)
    return replace(workload, conversation=replace(workload.conversation, think_time=law))


def _turns(workload: Workload, factor: float) -> Workload:
    law = workload.conversation.turns.scaled(factor)
    return replace(workload, conversation=replace(workload.conversation, turns=law))


def _users(workload: Workload, factor: float) -> Workload:
    people = workload.population
    size = max(round(people.users.size * factor), people.tenants.size)
    return replace(workload, population=replace(people, users=replace(people.users, size=size)))


def _of_parts(workload: Workload, name: str, factor: float) -> Workload:
    owner, _, what = name.rpartition(".")
    change = _PART_INPUTS[what]
    parts = workload.prompt
    drawn = tuple(change(part, factor) if owner in {"", part.name} else part for part in parts)
    return replace(workload, prompt=drawn)


def _tokens(part: Part, factor: float) -> Part:
    return part if part.tokens is None else replace(part, tokens=part.tokens.scaled(factor))


def _pool_size(part: Part, factor: float) -> Part:
    if part.pool is None:
        return part
    size = max(round(part.pool.size * factor), 1)
    return replace(part, pool=replace(part.pool, size=size))


_INPUTS = {
    "requests_per_day": _requests,
    "output_tokens": _output,
    "think_time": _think_time,
    "turns": _turns,
    "users": _users,
}
_PART_INPUTS = {"prompt_tokens": _tokens, "tokens": _tokens, "pool_size": _pool_size}

# Inputs of the whole workload; of one part it is `<part>.tokens` and `<part>.pool_size`.
INPUTS = (*_INPUTS, "prompt_tokens", "pool_size")
