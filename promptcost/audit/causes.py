"""From what varies to causes: the first place of each kind of change, and what is lost after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from promptcost.audit.facets import Facet, Pace, facets, paces
from promptcost.model.finding import Confidence, Excerpt
from promptcost.model.stability import Clock
from promptcost.rules import Cause, Via
from promptcost.templates.names import Kind
from promptcost.templates.pieces import PieceKind
from promptcost.templates.trace import diverge, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.audit.sources import Sources
    from promptcost.model.count import TokenCount
    from promptcost.model.span import Place, Span
    from promptcost.templates.blocks import Arm, Blocks
    from promptcost.templates.perturb import Renders
    from promptcost.templates.pieces import Piece
    from promptcost.tokens import TokenCounter

_MOST_OTHERS = 8
_EXCERPT = 80
_SURENESS = (Confidence.CONFIRMED, Confidence.DECLARED, Confidence.SUSPECTED)


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


class CauseFinder:
    """Finds the causes of one set of renders."""

    def __init__(
        self, renders: Renders, blocks: Blocks, sources: Sources, counter: TokenCounter
    ) -> None:
        self._renders = renders
        self._base = renders.base
        self._data = encoded(renders.base.text)
        self._blocks = blocks
        self._sources = sources
        self._counter = counter
        self._facets = facets(renders)
        self._paces = paces(self._base.pieces, self._facets)
        self._names = {use.span: use.names for use in renders.template.expressions}

    def causes(self) -> tuple[Cause, ...]:
        """Return one cause for each kind of change, in the order of the prompt."""
        spotted = sorted(
            ((self._spot(facet), facet) for facet in self._facets), key=lambda pair: pair[0].offset
        )
        made: list[tuple[Spot, Facet, Cause]] = []
        for spot, facet in spotted:
            hidden = next((c.place for s, f, c in made if f.pace <= facet.pace), None)
            same = [at for at, (_, f, _) in enumerate(made) if _supersedes(f, facet)]
            if same:
                earlier = made[same[0]]
                place = self._sources.place(spot.span)
                others = (*earlier[2].others, place)[:_MOST_OTHERS]
                made[same[0]] = (*earlier[:2], replace(earlier[2], others=others))
            else:
                made.append((spot, facet, self._cause(spot, facet, hidden)))
        return tuple(cause for _, _, cause in made)

    def rewrites(self) -> Iterator[Cause]:
        """Yield the first place at which the next turn renders earlier messages otherwise."""
        values = self._renders.values
        grown = self._renders.in_world(replace(values.base, turns=1))
        parted = diverge(self._base, grown)
        history = [
            number
            for facet in self._facets
            if facet.kind is Kind.HISTORY
            for number in facet.pieces
            if self._base.pieces[number].loops
        ]
        last = max(history, default=None)
        if parted is None or last is None or self._base.pieces[last].end <= parted.offset:
            return
        facet = Facet(
            kind=Kind.HISTORY,
            pace=Pace.TURN,
            other=grown,
            divergence=parted,
            pieces=frozenset(),
        )
        spot = self._spot(facet)
        again = self._base.pieces[spot.piece : last + 1]
        yield Cause(
            kind=Kind.HISTORY,
            via=spot.via,
            confidence=Confidence.CONFIRMED,
            place=self._sources.place(spot.span),
            expression=spot.expression,
            lost=self._count(again),
            shareable=self._count(self._base.pieces),
            excerpt=excerpt(self._base.text, facet.other.text, facet.divergence.offset),
        )

    def _cause(self, spot: Spot, facet: Facet, hidden: Place | None) -> Cause:
        names = self._names.get(spot.span, ())
        lost = self._lost(spot, facet.pace)
        place = self._sources.place(spot.span)
        return Cause(
            kind=facet.kind,
            clock=facet.clock,
            via=Via.ORDER if facet.is_order else spot.via,
            confidence=self._confidence(facet, names),
            place=place,
            expression=spot.expression,
            names=names,
            lost=self._count(lost),
            shareable=self._count(self._shareable(facet.pace)),
            lines_after=self._lines_after(place, lost),
            excerpt=excerpt(self._base.text, facet.other.text, facet.divergence.offset),
            others=self._others(spot, facet),
            hidden_by=hidden,
        )

    def _spot(self, facet: Facet) -> Spot:
        offset = facet.divergence.offset
        first = min(facet.pieces, default=None)
        if first is not None and self._base.pieces[first].start <= offset:
            return self._spot_of_piece(first, facet)
        before, after = facet.divergence.before, facet.divergence.after
        number = self._number(offset)
        if first is not None and facet.kind is Kind.TIME:
            return self._spot_of_piece(first, facet)  # a finer clock stands before this one
        arm = self._arm(before, after)
        if arm is not None:
            via = Via.LOOP if arm.is_loop else Via.CONDITION
            return Spot(span=arm.tag, expression=arm.text, via=via, piece=number, offset=offset)
        found = before or after
        assert found is not None  # texts that differ have a piece at the difference
        return Spot(
            span=found.span,
            expression=found.expression,
            via=Via.PRINTED,
            piece=number,
            offset=offset,
        )

    def _spot_of_piece(self, number: int, facet: Facet) -> Spot:
        piece = self._base.pieces[number]
        if piece.kind is PieceKind.LITERAL:
            arm = self._arm(piece, facet.divergence.after)
            if arm is not None:
                return Spot(
                    span=arm.tag,
                    expression=arm.text,
                    via=Via.LOOP if arm.is_loop else Via.CONDITION,
                    piece=number,
                    offset=piece.start,
                )
        return Spot(
            span=piece.span,
            expression=piece.expression,
            via=Via.LOOP if piece.loops else Via.PRINTED,
            piece=number,
            offset=piece.start,
        )

    def _arm(self, before: Piece | None, after: Piece | None) -> Arm | None:
        if before is not None and after is not None:
            return self._blocks.parting(before.span, after.span)
        found = before or after
        around = self._blocks.around(found.span) if found is not None else ()
        return around[0] if around else None

    def _number(self, offset: int) -> int:
        pieces = self._base.pieces
        return next((at for at, piece in enumerate(pieces) if piece.end > offset), len(pieces))

    def _lost(self, spot: Spot, pace: Pace) -> list[Piece]:
        """Return the pieces after a change that stay as they are whenever it happens."""
        slowest = _beside(pace)
        return [
            piece
            for piece, own in zip(
                self._base.pieces[spot.piece :], self._paces[spot.piece :], strict=True
            )
            if own > slowest and piece.start >= spot.offset
        ]

    def _shareable(self, pace: Pace) -> list[Piece]:
        slowest = _beside(pace)
        return [
            piece
            for piece, own in zip(self._base.pieces, self._paces, strict=True)
            if own > slowest
        ]

    def _count(self, pieces: Iterable[Piece]) -> TokenCount:
        data = b"".join(self._data[piece.start : piece.end] for piece in pieces)
        return self._counter.count(data.decode("utf-8", "surrogatepass").strip())

    def _confidence(self, facet: Facet, names: tuple[str, ...]) -> Confidence:
        values = self._renders.values
        found = [
            values.confidence(name) for name in names if values.reading(name).kind is facet.kind
        ]
        if facet.is_order:
            return Confidence.CONFIRMED
        return min(found or [Confidence.SUSPECTED], key=_SURENESS.index)

    def _lines_after(self, place: Place, lost: list[Piece]) -> int:
        own = [piece for piece in lost if piece.span.source == place.path and not piece.stack]
        ends = [self._sources.place(piece.span).end_line for piece in own[-1:]]
        return max(ends[0] - place.end_line, 0) if ends else 0

    def _others(self, spot: Spot, facet: Facet) -> tuple[Place, ...]:
        spans = {
            self._base.pieces[number].span: None
            for number in sorted(facet.pieces)
            if self._base.pieces[number].kind is PieceKind.EXPRESSION
        }
        places = [self._sources.place(span) for span in spans if span != spot.span]
        return tuple(places[:_MOST_OTHERS])


def _supersedes(earlier: Facet, later: Facet) -> bool:
    """Say whether a later change is only more of an earlier one: a coarser clock behind a finer."""
    both = earlier.kind is Kind.TIME and later.kind is Kind.TIME
    return both and earlier.clock is not Clock.NEVER and earlier.pace <= later.pace


def _beside(pace: Pace) -> Pace:
    """Return the slowest pace whose text is not shared between two moments of this change."""
    return Pace.REQUEST if pace is Pace.SECOND else max(pace, Pace.TURN)


def excerpt(was: str, now: str, offset: int) -> Excerpt:
    """Return the line in which two texts part, from a little before the byte offset on."""
    return Excerpt(was=_shown(encoded(was), offset), now=_shown(encoded(now), offset))


def _shown(data: bytes, offset: int) -> str:
    start = max(data.rfind(b"\n", 0, offset) + 1, offset - _EXCERPT // 2)
    end = data.find(b"\n", offset)
    stop = min(len(data) if end < 0 else end, offset + _EXCERPT)
    return data[start:stop].decode("utf-8", "replace").strip("\ufffd")


def merge(branches: Iterable[tuple[Cause, ...]]) -> tuple[Cause, ...]:
    """Return one cause for each kind over all branches: the earliest branch that loses something.

    The base comes first; a branch that the values do not take counts only for what it adds.
    """
    best: dict[tuple[Kind, bool, Clock], Cause] = {}
    for causes in branches:
        for cause in causes:
            key = (cause.kind, cause.via is Via.ORDER, cause.clock)
            if key not in best or _much_more(cause, best[key]):
                best[key] = cause
    return tuple(sorted(best.values(), key=lambda cause: cause.place))


def _much_more(cause: Cause, than: Cause) -> bool:
    return cause.lost.value > 2 * than.lost.value + 2 * _EXCERPT
