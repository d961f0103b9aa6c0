"""Which prefix a cache object naturally holds: what is read often enough to pay its rent."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.model.stability import Audience
from promptcost.simulate.closed_form import object_break_even_reads
from promptcost.simulate.sharing import for_all, is_pooled, lasting

if TYPE_CHECKING:
    from promptcost.catalogue import HandleSpec, Offer
    from promptcost.simulate.layout import CountedLayout
    from promptcost.workload.spec import Workload
    from promptcost.workload.stream import LayoutPart

_HOUR = timedelta(hours=1)
_HOURS_PER_DAY = 24


def natural_object(
    workload: Workload, offer: Offer, spec: HandleSpec, layout: CountedLayout
) -> str:
    """Return the block that closes the natural cache object of a prompt with lasting blocks.

    Of what all callers share and what some share it is the longer, if an object is then expected to
    be read often enough to pay its creation and rent, else the shorter; the minimum permitting.
    """
    shared = lasting(workload, layout)
    candidates = [blocks for blocks in (for_all(workload, layout, shared), shared) if blocks]
    large = [one for one in candidates if _tokens(workload, layout, one) >= spec.min_tokens.value]
    needed = object_break_even_reads(offer.tables[0][0], spec.ttl.value)
    hours = spec.ttl.value / _HOUR
    paying = [
        one
        for one in large
        if needed is not None and _reads_per_hour(workload, layout, one) * hours >= needed
    ]
    return (paying[-1:] or large[:1] or candidates[-1:])[0][-1].name


def _tokens(workload: Workload, layout: CountedLayout, blocks: list[LayoutPart]) -> float:
    """Return the mean tokens of some blocks."""
    laws = {part.name: part.tokens for part in workload.prompt}
    total = 0.0
    for block in blocks:
        law = laws[layout.owner(block.name)]
        total += law.mean if law is not None else block.tokens or 0
    return total


def _reads_per_hour(workload: Workload, layout: CountedLayout, blocks: list[LayoutPart]) -> float:
    """Return how often one object of these blocks is used in an hour of average traffic."""
    people = workload.population
    requests = float(workload.traffic.requests_per_day) / _HOURS_PER_DAY
    sizes = {
        Audience.TENANT: people.tenants.size,
        Audience.USER: people.users.size,
        Audience.SESSION: requests / workload.conversation.mean_turns,
    }
    audiences = {
        block.stability.audience for block in blocks if not is_pooled(workload, layout, block)
    }
    owners = {layout.owner(block.name) for block in blocks}
    pools = [part.pool.size for part in workload.prompt if part.pool and part.name in owners]
    return requests / math.prod([*pools, *(sizes.get(one, 1) for one in audiences)])
