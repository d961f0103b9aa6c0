"""One target as it takes part in a simulation, and how targets share request streams."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from promptcost.catalogue import NoCacheSpec, Offer
from promptcost.model.prompt import Isolation
from promptcost.policies import make_policy
from promptcost.simulate.layout import CountedLayout
from promptcost.simulate.placement import Placed
from promptcost.simulate.reference import PlayResult, Seat, play
from promptcost.simulate.tariff import Tariff
from promptcost.workload.stream import Layout, Placement, requests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promptcost.catalogue import CachePolicySpec
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.spec import Workload

_POLICY_STREAM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A target with everything its requests need: rates, markers, and the prompt in its tokens."""

    offer: Offer
    tariff: Tariff
    placed: Placed
    layout: CountedLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The targets (by number) that see the very same requests."""

    layout: Layout
    placement: Placement
    partition: Isolation
    members: tuple[int, ...]


def streams_of(workload: Workload, stalls: Sequence[Stall]) -> list[Stream]:
    """Group targets by prompt, markers and isolation; who ignores markers joins any group."""
    members: dict[tuple[Layout, Isolation, Placement], list[int]] = {}
    followers = []
    for number, stall in enumerate(stalls):
        partition = _partition(workload, stall.offer.policy)
        if stall.placed.placement:
            key = (stall.layout.parts, partition, stall.placed.placement)
            members.setdefault(key, []).append(number)
        else:
            followers.append((number, stall.layout.parts, partition))
    for number, layout, partition in followers:
        hosts = (key for key in members if key[:2] == (layout, partition))
        members.setdefault(next(hosts, (layout, partition, ())), []).append(number)
    return [
        Stream(layout=layout, placement=placement, partition=partition, members=tuple(numbers))
        for (layout, partition, placement), numbers in members.items()
    ]


def play_all(
    workload: Workload,
    arrivals: Arrivals,
    stalls: Sequence[Stall],
    seed: int,
    progress: Callable[[int], None],
) -> list[PlayResult]:
    """Play the same arrivals at every target, starting with empty caches.

    `progress` gets the requests played so far, over all streams; there are
    ``len(arrivals) * len(streams_of(...))`` of them.
    """
    found: dict[int, PlayResult] = {}
    end_us = max([arrivals.window_us[1], *arrivals.time_us[-1:].tolist()])
    for turn, stream in enumerate(streams_of(workload, stalls)):
        before = turn * len(arrivals)
        played = requests(workload, arrivals, stream.layout, stream.placement, stream.partition)
        twins = twins_of(stalls, stream.members)
        seats = [_seat(stalls[numbers[0]], seed, numbers[0]) for numbers in twins]
        results = play(played, seats, end_us, _after(before, progress))
        for numbers, result in zip(twins, results, strict=True):
            found.update((number, _billed(result, stalls[number])) for number in numbers)
    return [found[number] for number in range(len(stalls))]


def twins_of(stalls: Sequence[Stall], members: Sequence[int]) -> list[list[int]]:
    """Group targets whose caches behave alike: one play serves them all, each at its own rates.

    Targets whose rates depend on the request stay by themselves.
    """
    groups: dict[object, list[int]] = {}
    for number in members:
        stall = stalls[number]
        spec = stall.offer.policy
        values = tuple(getattr(spec, field.name).value for field in fields(spec))
        key = (type(spec), values) if stall.tariff.is_single else number
        groups.setdefault(key, []).append(number)
    return list(groups.values())


def _billed(result: PlayResult, stall: Stall) -> PlayResult:
    """Return a result at a target's own rates."""
    if not stall.tariff.is_single:
        return result
    tables = tuple(replace(one, table=stall.tariff.storage) for one in result.tables)
    return replace(result, tables=tables)


def _after(before: int, progress: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: progress(before + done)


def _seat(stall: Stall, seed: int, number: int) -> Seat:
    import numpy as np  # noqa: PLC0415 - heavy

    rng = np.random.default_rng([seed, _POLICY_STREAM, number])
    return Seat(make_policy(stall.offer.policy, rng), stall.tariff)


def _partition(workload: Workload, spec: CachePolicySpec) -> Isolation:
    """Return who shares entries; a group of which there is one only is everybody."""
    if isinstance(spec, NoCacheSpec):
        return Isolation.ORGANIZATION
    people = workload.population
    groups = {
        Isolation.ORGANIZATION: 1,
        Isolation.WORKSPACE: people.workspaces,
        Isolation.TENANT: people.tenants.size,
        Isolation.USER: people.users.size,
    }
    asked = spec.isolation.value
    return asked if groups[asked] > 1 else Isolation.ORGANIZATION
