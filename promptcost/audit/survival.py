"""The survival table: what of a prompt stays a shared prefix when one thing changes."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import TYPE_CHECKING

from promptcost.audit.causes import excerpt
from promptcost.model.audit_report import Change, SurvivalRow, brings
from promptcost.model.finding import Confidence
from promptcost.templates.perturb import world_of
from promptcost.templates.trace import diverge, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.lens import Lens
    from promptcost.audit.sources import Sources
    from promptcost.rules import Cause
    from promptcost.templates.perturb import Renders
    from promptcost.templates.pieces import Rendered
    from promptcost.templates.trace import Divergence


def survival(
    renders: Renders, lens: Lens, sources: Sources, causes: tuple[Cause, ...]
) -> Iterator[SurvivalRow]:
    """Yield a row for every change, in the order in which reports show them."""
    base = renders.base
    total = len(encoded(base.text))
    survives = cache(partial(lens.survival, base.text))
    for change in Change:
        other, parted = _first_to_part(renders, change)
        kept = survives(base.text if parted is None else other.text)
        if parted is None or parted.offset >= total:
            yield SurvivalRow(
                change=change,
                confidence=_of_constant(renders),
                bytes_shared=total,
                bytes_total=total,
                targets=kept,
            )
            continue
        piece = parted.before
        place = None if piece is None else sources.place(piece.span)
        sure = next((cause.confidence for cause in causes if cause.place == place), None)
        yield SurvivalRow(
            change=change,
            confidence=sure or Confidence.SUSPECTED,
            bytes_shared=parted.offset,
            bytes_total=total,
            place=place,
            expression="" if piece is None else piece.expression,
            excerpt=excerpt(base.text, other.text, parted.offset),
            targets=kept,
        )


def _first_to_part(renders: Renders, change: Change) -> tuple[Rendered, Divergence | None]:
    """Return the render, of those that a change brings with it, that parts from the base first."""
    base, start = renders.base, renders.values.base
    others = [renders.in_world(world_of(each, start)) for each in brings(change)]
    pairs = [(other, diverge(base, other)) for other in others]
    return min(pairs, key=lambda pair: math.inf if pair[1] is None else pair[1].offset)


def _of_constant(renders: Renders) -> Confidence:
    """Say how sure it is that nothing changed: certain only where every value was given."""
    return Confidence.SUSPECTED if renders.values.stand_ins() else Confidence.CONFIRMED
