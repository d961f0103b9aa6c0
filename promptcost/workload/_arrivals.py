"""Drawing arrivals: conversation starts, then turns, gaps, callers, items and sizes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

import numpy as np

from promptcost.model.prompt import digest
from promptcost.model.stability import Audience
from promptcost.workload._clock import MICROSECOND, Profile, WallClock
from promptcost.workload.arrivals import Arrivals
from promptcost.workload.distributions import (
    Zipf,
    round_at_random,
    sample_evenly,
    sample_whole,
)
from promptcost.workload.processes import starts
from promptcost.workload.spec import MONTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from promptcost.workload.distributions import Distribution, Numbers
    from promptcost.workload.spec import Conversation, Part, Population, Workload

_SCALE_DIGITS = Decimal("0.000000001")
SECOND_US = 1_000_000


def draw_arrivals(workload: Workload, rng: Generator, limit: int | None) -> Arrivals:
    """Draw arrivals; see `promptcost.workload.arrivals.arrivals`."""
    starts_rng, turns_rng, gaps_rng, callers_rng, output_rng, parts_rng = rng.spawn(6)
    clock = WallClock(workload.traffic, workload.period)
    profile = Profile(workload.traffic, workload.period, clock)
    window, share = _window(workload, profile, limit)
    talks = Fraction(workload.expected_requests) / Fraction(workload.conversation.mean_turns)
    began = starts(workload.traffic.process, talks, profile, window, starts_rng)
    turns = _turns(workload.conversation, turns_rng, len(began))
    talk, turn = _rows(turns)
    time_us = began[talk] + _waited(workload.conversation, turn, gaps_rng)
    order = np.lexsort((turn, talk, time_us))
    tenant, user, workspace = _callers(workload.population, callers_rng, len(began))
    output = round_at_random(
        sample_evenly(workload.output_tokens, output_rng, len(turn)), output_rng
    )
    parts = _Parts(talk, {Audience.TENANT: tenant[talk], Audience.USER: user[talk]}, parts_rng)
    items = {p.name: parts.items(p, p.pool) for p in workload.prompt if p.pool is not None}
    sampled = [p for p in workload.prompt if p.is_sampled]
    sizes = {p.name: parts.sizes(p, p.tokens, items) for p in sampled if p.tokens is not None}
    when = time_us[order]
    return Arrivals(
        time_us=when,
        wall_us=clock.wall_us(when),
        conversation=talk[order],
        turn=turn[order],
        is_last=(turn + 1 == turns[talk]).astype(np.int64)[order],
        tenant=tenant[talk][order],
        user=user[talk][order],
        workspace=workspace[talk][order],
        deploy=_deploys(workload.deploys_per_month, when),
        output_tokens=output[order],
        pool_items={name: column[order] for name, column in items.items()},
        part_tokens={name: column[order] for name, column in sizes.items()},
        window_us=window,
        scale=(1 / Decimal(share)).quantize(_SCALE_DIGITS),
    )


def _window(
    workload: Workload, profile: Profile, limit: int | None
) -> tuple[tuple[int, int], float]:
    expected = workload.expected_requests
    if limit is None or expected <= limit:
        return (0, workload.period // MICROSECOND), 1.0
    low, high = profile.window(float(limit / expected))
    return (low, high), profile.share(high) - profile.share(low)


def _turns(conversation: Conversation, rng: Generator, n: int) -> Numbers:
    return round_at_random(np.maximum(sample_evenly(conversation.turns, rng, n), 1.0), rng)


def _rows(turns: Numbers) -> tuple[Numbers, Numbers]:
    """Return conversation and turn of every request, one conversation after the other."""
    talk = np.repeat(np.arange(len(turns)), turns)
    first = np.cumsum(turns) - turns
    return talk, np.arange(len(talk)) - first[talk]


def _waited(conversation: Conversation, turn: Numbers, rng: Generator) -> Numbers:
    """Return the microseconds from the start of a conversation to each of its requests."""
    seconds = sample_evenly(conversation.think_time, rng, len(turn))
    gaps = np.where(turn == 0, 0, np.rint(seconds * SECOND_US)).astype(np.int64)
    passed = np.cumsum(gaps)
    begun = np.repeat(passed[turn == 0], np.diff(np.append(np.flatnonzero(turn == 0), len(turn))))
    waited: Numbers = passed - begun
    return waited


def _callers(people: Population, rng: Generator, n: int) -> tuple[Numbers, Numbers, Numbers]:
    tenants, users = people.tenants.size, people.users.size
    tenant = people.tenants.sample(rng, n)
    most = Zipf(size=-(-users // tenants), exponent=people.users.exponent)
    user = most.sample_within(rng, (users - tenant + tenants - 1) // tenants) * tenants + tenant
    owner = tenant if people.workspaces <= tenants else user
    return tenant, user, owner % people.workspaces


def _deploys(per_month: Decimal, time_us: Numbers) -> Numbers:
    """Return how many evenly spaced deploys came before; the period begins with one."""
    per_us = float(per_month) / (MONTH // MICROSECOND)
    passed: Numbers = (time_us * per_us).astype(np.int64)
    return passed


class _Parts:
    """Draws pool items and sizes; a part's draws depend on its name, not on the other parts."""

    def __init__(self, talk: Numbers, owners: dict[Audience, Numbers], rng: Generator) -> None:
        self._talk = talk
        self._owners = owners
        self._entropy = int(rng.integers(2**63))

    def items(self, part: Part, pool: Zipf) -> Numbers:
        """Return the pool item of every request."""
        rng = self._rng(part, b"item")
        return self._each(part.stability.audience, lambda n: pool.sample(rng, n))

    def sizes(self, part: Part, law: Distribution, items: dict[str, Numbers]) -> Numbers:
        """Return the sampled size of a part in every request; an item keeps its size."""
        rng = self._rng(part, b"size")
        if part.pool is not None:
            return sample_whole(law, rng, part.pool.size)[items[part.name]]
        return self._each(part.stability.audience, lambda n: sample_whole(law, rng, n))

    def _each(self, audience: Audience, sample: Callable[[int], Numbers]) -> Numbers:
        """Sample once for each member of the audience and give every request its member's."""
        talk = self._talk
        match audience:
            case Audience.ALL:
                return np.repeat(sample(1), len(talk))
            case Audience.TENANT | Audience.USER:
                members, which = np.unique(self._owners[audience], return_inverse=True)
                return sample(len(members))[which]
            case Audience.SESSION:
                return sample(int(talk[-1]) + 1 if len(talk) else 0)[talk]
            case Audience.TURN | Audience.REQUEST:
                return sample(len(talk))
            case unknown:
                assert_never(unknown)

    def _rng(self, part: Part, aspect: bytes) -> Generator:
        key = int.from_bytes(digest(part.name.encode(), aspect), "little")
        return np.random.default_rng([self._entropy, key])
