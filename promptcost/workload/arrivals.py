"""When who calls: the arrivals of a workload as arrays, one entry per request in time order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

    from promptcost.workload.distributions import Numbers  # noqa: TC004 - numpy is heavy
    from promptcost.workload.spec import Workload


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """The requests of a window of the period; every array has one entry per request.

    `time_us`: microseconds since the period began, ascending; conversations begin inside
    `window_us` (half-open) and are played to their end, so the last requests may come after it.
    `wall_us`: the local wall clock, microseconds since midnight of the start date.
    `turn` counts from 0; `is_last` is 1 on the last request of a conversation.
    `pool_items`: item number by pooled part; `part_tokens`: sizes by part whose size is sampled.
    `scale`: expected requests of the period over those of the window; multiply figures by it.
    """

    time_us: Numbers
    wall_us: Numbers
    conversation: Numbers
    turn: Numbers
    is_last: Numbers
    tenant: Numbers
    user: Numbers
    workspace: Numbers
    deploy: Numbers
    output_tokens: Numbers
    pool_items: Mapping[str, Numbers]
    part_tokens: Mapping[str, Numbers]
    window_us: tuple[int, int]
    scale: Decimal

    def __len__(self) -> int:
        return len(self.time_us)


def arrivals(workload: Workload, rng: Generator, *, limit: int | None = None) -> Arrivals:
    """Draw the arrivals of a workload, about `limit` of them at most.

    Beyond the limit the window is cut to whole weeks, else whole days, else to the part of the
    first day around the middle of its traffic, so that it is expected to hold `limit` requests.
    Conversation starts, turns, gaps, callers, sizes and every part draw from their own
    sub-stream, so changing a length changes no arrival time.
    """
    from promptcost.workload._arrivals import draw_arrivals  # noqa: PLC0415 - needs numpy

    return draw_arrivals(workload, rng, limit)
