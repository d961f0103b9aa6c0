"""Repairs of marks that leave uncached what could be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.series.entries import marks_of
from promptcost.audit.series.repair.layout import Layout
from promptcost.audit.series.repair.marking import carrier
from promptcost.wire import shared_blocks

if TYPE_CHECKING:
    from promptcost.audit.series.repair.marking import Marking
    from promptcost.rules.requests import Terms
    from promptcost.wire import WireRequest


def at_newest(marking: Marking) -> Layout | None:
    """Mark the last block that can carry a mark."""
    return at(marking, len(marking.request.blocks))


def at(marking: Marking, depth: int) -> Layout | None:
    """Mark the last of so many leading blocks that can carry a mark."""
    place, raw = carrier(marking.request, depth), marking.last()
    change = marking.with_mark(place, raw) if place and raw is not None else None
    return None if change is None else Layout(marks=change)


def at_newest_and(marking: Marking, previous: WireRequest) -> Layout | None:
    """Mark the last block, and where the request before it ended."""
    old = carrier(previous, len(previous.blocks))
    if marking.free <= 1 or old > shared_blocks(previous, marking.request):
        return None
    one, other = at(marking, old), at_newest(marking)
    return None if one is None or other is None else one.then(other)


def at_earlier(marking: Marking, previous: WireRequest, terms: Terms) -> Layout | None:
    """Mark the last block that the request before it marked, where both begin alike."""
    shared, raw = shared_blocks(previous, marking.request), marking.last()
    depths = [depth for depth in marks_of(previous, terms).depths if depth <= shared]
    if not depths or raw is None or carrier(marking.request, depths[-1]) != depths[-1]:
        return None
    last = max(marking.marks, default=0)
    change = marking.with_mark(depths[-1], raw, kept=last)
    return None if change is None else Layout(marks=change)


def in_front(marking: Marking, block: int) -> Layout | None:
    """Add a mark in front of a block that changes."""
    place, closing = _around(marking, block)
    if not place or not closing:
        return None
    change = marking.with_mark(place, marking.marks[closing])
    return None if change is None else Layout(marks=change)


def moved_in_front(marking: Marking, block: int) -> Layout | None:
    """Move the mark that closes over a block that changes in front of it."""
    place, closing = _around(marking, block)
    if not place or not closing:
        return None
    return Layout(marks={place: marking.marks[closing], closing: None})


def _around(marking: Marking, block: int) -> tuple[int, int]:
    """Return where a mark can stand in front of a block, and the mark behind it; 0 for neither."""
    head = marking.request.head_depth
    closing = next((depth for depth in marking.marks if block < depth <= head), 0)
    place = carrier(marking.request, block)
    return (0 if place in marking.marks else place), closing
