"""The survival table: what of a prompt stays a shared prefix when one thing changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from promptcost.audit.causes import excerpt
from promptcost.model.audit_report import Change, SurvivalRow, brings
from promptcost.model.finding import Confidence
from promptcost.templates.perturb import world_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.lens import Lens
    from promptcost.audit.sources import Sources
    from promptcost.model.audit_report import TargetSurvival
    from promptcost.rules import Cause
    from promptcost.templates.perturb import Renders
    from promptcost.templates.pieces import Rendered


def survival(
    renders: Renders, lens: Lens, sources: Sources, causes: tuple[Cause, ...]
) -> Iterator[SurvivalRow]:
    """Yield a row for every change, in the order in which reports show them."""
    survives = lens.survival(renders.base.text)
    rows: dict[int, partial[SurvivalRow]] = {}
    for change in Change:
        other = _first_to_part(renders, change)
        if id(other) not in rows:  # renders are kept, and many changes bring the same one
            kept = survives(other.text)
            rows[id(other)] = _row(renders, other, kept, sources, causes)
        yield rows[id(other)](change=change)


def _row(
    renders: Renders,
    other: Rendered,
    kept: tuple[TargetSurvival, ...],
    sources: Sources,
    causes: tuple[Cause, ...],
) -> partial[SurvivalRow]:
    """Return the row of a change that brings a render; what is left open is the change."""
    base, parted = renders.base, renders.parting(other)
    total = len(base.data)
    if parted is None or parted.offset >= total:
        return partial(
            SurvivalRow,
            confidence=_of_constant(renders),
            bytes_shared=total,
            bytes_total=total,
            targets=kept,
        )
    piece = parted.before
    place = None if piece is None else sources.place(piece.span)
    sure = next((cause.confidence for cause in causes if cause.place == place), None)
    return partial(
        SurvivalRow,
        confidence=sure or Confidence.SUSPECTED,
        bytes_shared=parted.offset,
        bytes_total=total,
        place=place,
        expression="" if piece is None else piece.expression,
        excerpt=excerpt(base.data, other.data, parted.offset),
        targets=kept,
    )


def _first_to_part(renders: Renders, change: Change) -> Rendered:
    """Return the render, of those that a change brings with it, that parts from the base first."""
    start = renders.values.base
    first, *others = [renders.in_world(world_of(each, start)) for each in brings(change)]
    return min((first, *others), key=renders.shared) if others else first


def _of_constant(renders: Renders) -> Confidence:
    """Say how sure it is that nothing changed: certain only where every value was given."""
    return Confidence.SUSPECTED if renders.values.stand_ins() else Confidence.CONFIRMED
