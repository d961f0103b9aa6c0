"""What decides a piece's text, as integer columns over all requests.

Two requests see the same text of a piece if and only if they agree in every column of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import numpy as np

from promptcost.model.prompt import Isolation
from promptcost.model.stability import Audience, Clock
from promptcost.workload._clock import DAY_US, HOUR_US

if TYPE_CHECKING:
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.distributions import Numbers
    from promptcost.workload.stream import LayoutPart

MINUTE_US = HOUR_US // 60
SECOND_US = MINUTE_US // 60


def columns_of(part: LayoutPart, arrivals: Arrivals) -> list[Numbers]:
    """Return the columns that decide a piece: its clock reading, and its item or audience."""
    if part.name in arrivals.pool_items:
        return [*_clock(part.stability.clock, arrivals), arrivals.pool_items[part.name]]
    return [*_clock(part.stability.clock, arrivals), *_audience(part.stability.audience, arrivals)]


def partition_of(isolation: Isolation, arrivals: Arrivals) -> Numbers:
    """Return the number of the group that shares cache entries."""
    match isolation:
        case Isolation.ORGANIZATION:
            return np.zeros_like(arrivals.user)
        case Isolation.WORKSPACE:
            return arrivals.workspace
        case Isolation.TENANT:
            return arrivals.tenant
        case Isolation.USER:
            return arrivals.user
        case unknown:
            assert_never(unknown)


def refine(group: Numbers, columns: list[Numbers]) -> Numbers:
    """Split groups of requests so that members also agree in the columns; numbered from 0."""
    for column in columns:
        _, dense = np.unique(column, return_inverse=True)
        _, group = np.unique(group * (dense.max(initial=0) + 1) + dense, return_inverse=True)
    return group


def last_uses(group: Numbers) -> Numbers:
    """Return the index of the last request of each group."""
    last = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    last[group] = np.arange(len(group))  # of equal indices, numpy keeps the last
    return last


def _clock(clock: Clock, arrivals: Arrivals) -> list[Numbers]:
    match clock:
        case Clock.NEVER:
            return []
        case Clock.DEPLOY:
            return [arrivals.deploy]
        case Clock.DAY:
            return [arrivals.wall_us // DAY_US]
        case Clock.HOUR:
            return [arrivals.wall_us // HOUR_US]
        case Clock.MINUTE:
            return [arrivals.wall_us // MINUTE_US]
        case Clock.SECOND:
            return [arrivals.wall_us // SECOND_US]
        case unknown:
            assert_never(unknown)


def _audience(audience: Audience, arrivals: Arrivals) -> list[Numbers]:
    match audience:
        case Audience.ALL:
            return []
        case Audience.TENANT:
            return [arrivals.tenant]
        case Audience.USER:
            return [arrivals.user]
        case Audience.SESSION:
            return [arrivals.conversation]
        case Audience.TURN | Audience.REQUEST:
            return [arrivals.conversation, arrivals.turn]
        case unknown:
            assert_never(unknown)
