"""What each piece of a render varies with, seen in renders that differ in one kind of value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from promptcost.model.audit_report import Change
from promptcost.model.stability import Clock
from promptcost.templates.names import Kind
from promptcost.templates.perturb import world_of, world_of_kind
from promptcost.templates.pieces import Piece, PieceKind, Rendered
from promptcost.templates.trace import Divergence, varying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.span import Span
    from promptcost.templates.perturb import Renders
    from promptcost.templates.synthesise import World


class Pace(IntEnum):
    """How often something changes, most often first."""

    SECOND = 0
    REQUEST = 1
    TURN = 2
    HOUR = 3
    SESSION = 4
    DAY = 5
    USER = 6
    TENANT = 7
    PROCESS = 8
    NEVER = 9


PACE_OF_KIND = {
    Kind.RANDOM: Pace.REQUEST,
    Kind.ID: Pace.REQUEST,
    Kind.PAYLOAD: Pace.REQUEST,
    Kind.RETRIEVAL: Pace.REQUEST,
    Kind.COUNTER: Pace.TURN,
    Kind.HISTORY: Pace.TURN,
    Kind.SESSION: Pace.SESSION,
    Kind.ENVIRONMENT: Pace.SESSION,
    Kind.USER: Pace.USER,
    Kind.TENANT: Pace.TENANT,
}
_CLOCKS = (
    (Change.NEXT_SECOND, Clock.SECOND, Pace.SECOND),
    (Change.NEXT_MINUTE, Clock.MINUTE, Pace.SECOND),
    (Change.NEXT_HOUR, Clock.HOUR, Pace.HOUR),
    (Change.NEXT_DAY, Clock.DAY, Pace.DAY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One kind of change, the render it leads to, and the pieces of the base that it changes."""

    kind: Kind
    clock: Clock = Clock.NEVER
    pace: Pace
    other: Rendered
    divergence: Divergence
    pieces: frozenset[int]
    is_order: bool = False


def facets(renders: Renders) -> tuple[Facet, ...]:
    """Return every kind of change that reaches the prompt, each precision of a clock by itself."""
    return (*_kinds(renders), *_clocks(renders), *_order(renders))


def _kinds(renders: Renders) -> Iterator[Facet]:
    base = renders.values.base
    present = renders.kinds()
    for kind, pace in PACE_OF_KIND.items():
        if kind in present:
            yield from _facet(renders, world_of_kind(kind, base), kind, pace)


def _clocks(renders: Renders) -> Iterator[Facet]:
    if Kind.TIME not in renders.values.kinds():
        return
    base = renders.values.base
    known: frozenset[int] = frozenset()
    for change, clock, pace in _CLOCKS:
        for found in _facet(renders, world_of(change, base), Kind.TIME, pace):
            finest = found.pieces - known
            known |= found.pieces
            if finest:
                yield replace(found, clock=clock, pieces=finest)


def _order(renders: Renders) -> Iterator[Facet]:
    world = world_of(Change.OTHER_PROCESS, renders.values.base)
    for found in _facet(renders, world, Kind.UNKNOWN, Pace.PROCESS):
        yield replace(found, is_order=True)


def _facet(renders: Renders, world: World, kind: Kind, pace: Pace) -> Iterator[Facet]:
    other = renders.in_world(world)
    parted = renders.parting(other)
    if parted is not None:
        changed = varying(renders.base, other)
        yield Facet(kind=kind, pace=pace, other=other, divergence=parted, pieces=changed)


def paces(pieces: tuple[Piece, ...], found: tuple[Facet, ...]) -> tuple[Pace, ...]:
    """Return how often each piece changes; fixed text in a loop changes with what is looped over.

    A system message printed by the loop over all messages stays what it is: a constant value.
    """
    own = [Pace.NEVER] * len(pieces)
    for facet in found:
        for number in facet.pieces:
            own[number] = min(own[number], facet.pace)
    loops: dict[Span, Pace] = {}
    for piece, pace in zip(pieces, own, strict=True):
        for loop in piece.loops:
            loops[loop] = min(loops.get(loop, Pace.NEVER), pace)
    return tuple(
        min([pace, *(loops[loop] for loop in piece.loops if piece.kind is PieceKind.LITERAL)])
        for piece, pace in zip(pieces, own, strict=True)
    )
