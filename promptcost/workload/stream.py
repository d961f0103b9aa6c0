"""Arrivals and a layout as a stream of requests: chains of prefixes with their cache marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.prompt import Isolation, Role
from promptcost.model.stability import Stability
from promptcost.workload.spec import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from promptcost.model.prompt import Request
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.spec import Part, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPart:
    """A block of the prompt for one tokenizer.

    `name` is the workload part it comes from; a part made of several pieces repeats its name.
    `tokens` None: the size is sampled and stands in `Arrivals.part_tokens`; the history's size
    follows from what it keeps and is ignored here.
    """

    name: str
    role: Role
    stability: Stability = STATIC
    tokens: int | None = None


Layout = tuple[LayoutPart, ...]
Placement = tuple[tuple[str, "timedelta | None"], ...]


def declared(part: Part) -> LayoutPart:
    """Return the piece of a part whose size the workload declares; the history has none.

    Raises ValueError for a template, whose pieces have to be counted.
    """
    if part.template is not None:
        message = f"part {part.name!r} is a template; count its pieces"
        raise ValueError(message)
    tokens = None if part.tokens is None or part.is_sampled else round(part.tokens.mean)
    return LayoutPart(name=part.name, role=part.role, stability=part.stability, tokens=tokens)


def requests(
    workload: Workload,
    arrivals: Arrivals,
    layout: Layout,
    placement: Placement = (),
    partition: Isolation = Isolation.ORGANIZATION,
) -> Iterator[Request]:
    """Yield the requests in time order.

    `placement` holds (part name, lifetime) in wire order: the mark stands after the last piece of
    the part, after all that the conversation has said for the history, at the end of the request
    for `spec.TAIL`.  A mark that would fall on the same prefix as one before it is left out.
    `partition` says who shares entries; it becomes the extra key of the chain's root.
    Raises ValueError for a mark after a part that the layout does not have, and KeyError for a part
    without tokens whose size was not sampled.
    """
    from promptcost.workload._stream import Stream  # noqa: PLC0415 - needs numpy

    return Stream(workload, arrivals, layout, placement, partition).requests()
