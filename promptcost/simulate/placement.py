"""Where a target's cache markers stand: as the workload says, else where sharing changes.

The natural placement marks the end of what all callers share (tools and system text), the end of
what some of them share after that (documents, a session's files), and the end of the history.
Nothing is marked behind text that is new in every request or changes within minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.catalogue import BreakpointSpec, HandleSpec
from promptcost.errors import Level, Problem
from promptcost.model.simulation_report import MarkerSource, PlacedMarker
from promptcost.model.usage import MeterKind, format_ttl
from promptcost.policies.breakpoint import AUTOMATIC
from promptcost.simulate.objects import natural_object
from promptcost.simulate.sharing import lasting as lasting_blocks
from promptcost.simulate.sharing import natural_marks
from promptcost.workload.spec import TAIL
from promptcost.workload.stream import Placement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from promptcost.catalogue import Offer
    from promptcost.simulate.layout import CountedLayout
    from promptcost.workload.spec import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The markers of one target: for the stream, for the report, and what is to be said of them."""

    placement: Placement = ()
    shown: tuple[PlacedMarker, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def place(workload: Workload, offer: Offer, layout: CountedLayout) -> Placed:
    """Return the markers of a target.  A lifetime of None is the target's own."""
    match offer.policy:
        case BreakpointSpec():
            return _breakpoints(workload, offer, offer.policy, layout)
        case HandleSpec():
            return _handle(workload, offer, offer.policy, layout)
        case _:
            return _none(workload)


def _breakpoints(
    workload: Workload, offer: Offer, spec: BreakpointSpec, layout: CountedLayout
) -> Placed:
    automatic = spec.automatic_tail.value
    room = spec.max_breakpoints.value - (1 if automatic else 0)
    asked = [(marker.after, marker.ttl) for marker in workload.markers]
    source = MarkerSource.DECLARED if asked else MarkerSource.NATURAL
    marks = asked or [(name, None) for name in natural_marks(workload, layout)]
    problems = []
    if len(asked) > room:
        problems.append(_too_many(workload, offer, len(asked), room))
    sold, notes = _sold(marks[-room:] if room else [], offer, spec)
    problems += _disordered(workload, offer, sold, spec.ttl.value)
    shown = [
        PlacedMarker(after=name, ttl=ttl or spec.ttl.value, source=source) for name, ttl in sold
    ]
    if automatic and not any(name == TAIL for name, _ in sold):
        end = PlacedMarker(after=AUTOMATIC, ttl=spec.ttl.value, source=MarkerSource.AUTOMATIC)
        shown.append(end)
    return Placed(
        placement=tuple(sold), shown=tuple(shown), notes=tuple(notes), problems=tuple(problems)
    )


def _sold(
    marks: list[tuple[str, timedelta | None]], offer: Offer, spec: BreakpointSpec
) -> tuple[list[tuple[str, timedelta | None]], list[str]]:
    """Replace lifetimes that the provider does not sell by the target's own, and say so."""
    own = spec.ttl.value
    rates = offer.tables[0][0].rates
    known = {meter.ttl for meter, _ in rates if meter.kind is MeterKind.CACHE_WRITE} | {own}
    kept, notes = [], []
    for name, ttl in marks:
        is_sold = ttl is None or ttl in known
        if ttl is not None and not is_sold:
            notes.append(
                f"a lifetime of {format_ttl(ttl)} is not sold here: the marker after {name!r} "
                f"was simulated with {format_ttl(own)}"
            )
        kept.append((name, ttl if is_sold and ttl != own else None))
    return kept, notes


def _too_many(workload: Workload, offer: Offer, asked: int, room: int) -> Problem:
    message = f"{offer.target} accepts {room} markers of a request, {asked} are declared"
    return _fault(
        workload, message, f"simulated with the latest {room}; the provider may reject more",
        Level.WARNING,
    )  # fmt: skip


def _disordered(
    workload: Workload,
    offer: Offer,
    marks: Iterable[tuple[str, timedelta | None]],
    own: timedelta,
) -> Iterable[Problem]:
    """Yield a fault for each lifetime longer than one before it, which providers reject."""
    before: tuple[str, timedelta] | None = None
    for name, ttl in marks:
        this = ttl or own
        if before is not None and this > before[1]:
            message = (
                f"{offer.target} takes no marker of {format_ttl(this)} (after {name!r}) behind "
                f"one of {format_ttl(before[1])} (after {before[0]!r})"
            )
            yield _fault(workload, message, "put the longer lifetimes first", Level.ERROR)
        before = (name, this)


def _fault(workload: Workload, message: str, repair: str, level: Level) -> Problem:
    path, line, column = workload.name, None, None
    if workload.origin is not None:
        path = workload.origin.path
        line, column = workload.origin.place(("markers",))
    return Problem(path=path, message=message, repair=repair, line=line, column=column, level=level)


def _handle(workload: Workload, offer: Offer, spec: HandleSpec, layout: CountedLayout) -> Placed:
    """Mark one prefix: the longest declared one that outlives a conversation, else the natural."""
    lasting = lasting_blocks(workload, layout)
    names = {block.name for block in lasting}
    declared = [marker for marker in workload.markers if marker.after in names]
    if declared:
        name, ttl, source = declared[-1].after, declared[-1].ttl, MarkerSource.DECLARED
    elif lasting:
        name, ttl, source = (
            natural_object(workload, offer, spec, layout),
            None,
            MarkerSource.NATURAL,
        )
    else:
        return Placed(notes=("the prompt has no lasting part that a cache object could hold",))
    shown = PlacedMarker(after=name, ttl=ttl or spec.ttl.value, source=source)
    notes: tuple[str, ...] = ()
    if len(workload.markers) > 1 or (workload.markers and not declared):
        notes = (f"a request names one object: it holds everything up to {name!r}",)
    return Placed(placement=((name, ttl),), shown=(shown,), notes=notes)


def _none(workload: Workload) -> Placed:
    if not workload.markers:
        return Placed()
    return Placed(notes=("the provider finds shared prefixes itself: markers have no effect",))
