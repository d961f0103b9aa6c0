"""Where in the template a change enters the prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.span import Span
from promptcost.rules import Via
from promptcost.templates.names import Kind
from promptcost.templates.pieces import PieceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptcost.audit.facets import Facet
    from promptcost.templates.blocks import Arm, Blocks
    from promptcost.templates.pieces import Piece, Rendered

_LISTED = frozenset({Kind.HISTORY, Kind.RETRIEVAL})
_ITERATED = re.compile(r"\bin\s+\(*([A-Za-z_][\w.]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of a change: its span and source, how it gets there, and where in the output.

    `piece` is the number of the piece of the base that follows or holds the change.
    """

    span: Span
    expression: str
    via: Via
    piece: int
    offset: int


class Spotter:
    """Finds the spots of changes in one base render."""

    def __init__(self, base: Rendered, blocks: Blocks, kind_of: Callable[[str], Kind]) -> None:
        self._pieces = base.pieces
        self._blocks = blocks
        self._kind_of = kind_of

    def spot(self, facet: Facet) -> Spot:
        """Return the place of a change: a printed expression, else the loop or condition."""
        offset = facet.divergence.offset
        first = min(facet.pieces, default=None)
        # Behind a finer clock the first piece of a coarser one is not where the texts part.
        if first is not None and (self._pieces[first].start <= offset or facet.kind is Kind.TIME):
            return self._of_piece(first, facet)
        before, after = facet.divergence.before, facet.divergence.after
        found = before or after
        assert found is not None  # noqa: S101 - texts that differ have a piece at the difference
        arm = self._arm(before, after)
        return _spot(arm, found, self.number(offset), offset)

    def number(self, offset: int) -> int:
        """Return the number of the piece that holds a byte, or the number of pieces."""
        numbered = enumerate(self._pieces)
        return next((at for at, piece in numbered if piece.end > offset), len(self._pieces))

    def _of_piece(self, number: int, facet: Facet) -> Spot:
        piece = self._pieces[number]
        if piece.kind is PieceKind.LITERAL:
            arm = self._arm(piece, facet.divergence.after)
        else:
            arm = self._loop_over(facet.kind, piece)
        return _spot(arm, piece, number, piece.start)

    def _loop_over(self, kind: Kind, piece: Piece) -> Arm | None:
        """Return the loop over a history or documents that prints a piece: it prints more later."""
        if kind not in _LISTED or not piece.loops:
            return None
        loops = (arm for arm in self._blocks.around(piece.span) if arm.is_loop)
        over = ((arm, _ITERATED.search(arm.text)) for arm in loops)
        return next((arm for arm, path in over if path and self._kind_of(path[1]) is kind), None)

    def _arm(self, before: Piece | None, after: Piece | None) -> Arm | None:
        if before is not None and after is not None:
            return self._blocks.parting(*_apart(before, after))
        found = before or after
        around = self._blocks.around(found.span) if found is not None else ()
        return around[0] if around else None


def _apart(before: Piece, after: Piece) -> tuple[Span, Span]:
    """Return the outermost places in which two pieces differ: calls of macros before their text."""
    routes = ((*before.stack, before.span), (*after.stack, after.span))
    return next(
        (pair for pair in zip(*routes, strict=False) if pair[0] != pair[1]),
        (
            before.span,
            after.span,
        ),
    )


def _spot(arm: Arm | None, piece: Piece, number: int, offset: int) -> Spot:
    if arm is None:
        via = Via.LOOP if piece.loops else Via.PRINTED
        return Spot(
            span=piece.span, expression=piece.expression, via=via, piece=number, offset=offset
        )
    via = Via.LOOP if arm.is_loop else Via.CONDITION
    return Spot(span=arm.tag, expression=arm.text, via=via, piece=number, offset=offset)
