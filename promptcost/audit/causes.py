"""From what varies to causes: the first place of each kind of change, and what is lost after it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.audit.facets import Facet, Pace, facets, paces
from promptcost.audit.spots import Spot, Spotter
from promptcost.model.finding import Confidence, Excerpt
from promptcost.model.stability import Clock
from promptcost.rules import Cause, Via
from promptcost.templates.names import Kind
from promptcost.templates.pieces import PieceKind
from promptcost.templates.settings import SourceKind
from promptcost.templates.trace import shared_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promptcost.audit.sources import Sources
    from promptcost.model.count import TokenCount
    from promptcost.model.span import Place, Span
    from promptcost.templates.blocks import Blocks
    from promptcost.templates.perturb import Renders
    from promptcost.templates.pieces import Piece
    from promptcost.tokens import TokenCounter

_MOST_OTHERS = 8
_PARAGRAPH = 40  # tokens of a run that is a text of its own and no label
_EXCERPT = 80
_OF_REQUESTS = frozenset({Kind.PAYLOAD, Kind.RETRIEVAL})
_SURENESS = (Confidence.CONFIRMED, Confidence.DECLARED, Confidence.SUSPECTED)


class CauseFinder:
    """Finds the causes of one set of renders."""

    def __init__(
        self,
        renders: Renders,
        blocks: Blocks,
        sources: Sources,
        counter: TokenCounter,
        per_byte: float,
    ) -> None:
        """Keep what counts tokens, and how many of them a byte of the template's text is."""
        self.renders = renders
        self.blocks = blocks
        self.base = renders.base
        self.facets = facets(renders)
        reading = renders.values.reading
        self.spotter = Spotter(renders.base, blocks, lambda path: reading(path).kind)
        self._data = renders.base.data
        self._sources = sources
        self._counter = counter
        self._per_byte = per_byte
        self._paces = paces(self.base.pieces, self.facets)
        self._names = {use.span: use.names for use in renders.template.expressions}
        self._made_up = self._stand_ins()
        pairs = [(self.spotter.spot(facet), facet) for facet in self.facets]
        self._spotted = sorted(pairs, key=lambda pair: pair[0].offset)

    def causes(self) -> tuple[Cause, ...]:
        """Return one cause for each kind of change, in the order of the prompt."""
        made: list[tuple[Facet, Cause]] = []
        for spot, facet in self._spotted:
            earlier = next((at for at, (f, _) in enumerate(made) if _supersedes(f, facet)), None)
            if earlier is None:
                made.append((facet, self.cause(spot, facet)))
            else:
                finer, cause = made[earlier]
                place = self._sources.place(spot.span)
                others = (*cause.others, place)[:_MOST_OTHERS]
                coarser = (*cause.coarser, place)
                made[earlier] = finer, replace(cause, others=others, coarser=coarser)
        return tuple(cause for _, cause in made)

    def cause(self, spot: Spot, facet: Facet) -> Cause:
        """Return what a change at a spot costs, and what else is known about it."""
        names = self._names.get(spot.span, ())
        lost = self._lost(spot, facet)
        place = self._sources.place(spot.span)
        return Cause(
            kind=facet.kind,
            clock=facet.clock,
            via=Via.ORDER if facet.is_order else spot.via,
            confidence=self._confidence(facet, names),
            place=place,
            expression=spot.expression,
            names=names,
            lost=self.count(lost),
            expected=self._expected(lost),
            longest=self._longest_run(lost),
            alone=self._alone(lost, spot, facet),
            shareable=self._expected(
                self._shared_but_for(facet.pace, self.base.pieces, self._paces)
            ),
            lines_after=self._lines_after(place, lost),
            excerpt=excerpt(self._data, facet.other.data, facet.divergence.offset),
            others=self._others(spot, facet),
            hidden_by=self._hidden_by(spot, facet),
        )

    def count(self, pieces: Iterable[Piece]) -> TokenCount:
        """Return the tokens of pieces of the base put together, as far as their text is known."""
        known = (piece for piece in pieces if piece.span not in self._made_up)
        data = b"".join(self._data[piece.start : piece.end] for piece in known)
        return self._counter.count(data.decode("utf-8", "surrogatepass").strip())

    def _expected(self, pieces: Iterable[Piece]) -> int:
        """Return the tokens of pieces by their bytes, stand-ins of the usual length included."""
        return round(self._per_byte * sum(piece.end - piece.start for piece in pieces))

    def _lost(self, spot: Spot, facet: Facet) -> list[Piece]:
        """Return what a change cuts off: the text after it that would still be shared then.

        It ends where something that changes more often begins, for behind that nothing is shared.
        """
        pieces, own = self.base.pieces[spot.piece :], self._paces[spot.piece :]
        cuts = (
            piece.start
            for piece, pace in zip(pieces, own, strict=True)
            if pace < facet.pace and piece.start > spot.offset
        )
        # With the next request of a conversation its history has grown too.
        end = len(self._data) if facet.pace <= Pace.TURN else next(cuts, len(self._data))
        kept = self._shared_but_for(facet.pace, pieces, own)
        behind = [piece for piece in kept if spot.offset <= piece.start < end]
        return [*self._rest_of_expression(facet), *behind]

    def _rest_of_expression(self, facet: Facet) -> list[Piece]:
        """Return what stays of an expression behind the time in it: ``"Now " + now + "..."``."""
        before, after = facet.divergence.before, facet.divergence.after
        if facet.kind is not Kind.TIME or before is None or after is None:
            return []
        if before.kind is not PieceKind.EXPRESSION or before.span != after.span:
            return []
        texts = (self._data[before.start : before.end], facet.other.data[after.start : after.end])
        same = shared_bytes(texts[0][::-1], texts[1][::-1])
        return [before._replace(start=before.end - same)] if same else []

    def _alone(self, lost: list[Piece], spot: Spot, facet: Facet) -> int | None:
        """Return the longest run of what is lost up to where text of the request breaks it too."""
        if facet.pace > Pace.TURN or facet.kind in _OF_REQUESTS:
            return None
        others = (f for f in self.facets if f.kind in _OF_REQUESTS)
        starts = (self.base.pieces[number].start for f in others for number in f.pieces)
        end = min((start for start in starts if start > spot.offset), default=None)
        if end is None:
            return None
        return self._longest_run([piece for piece in lost if piece.start < end])

    def _shared_but_for(
        self, pace: Pace, pieces: Sequence[Piece], own: Sequence[Pace]
    ) -> list[Piece]:
        slowest = Pace.REQUEST if pace is Pace.SECOND else max(pace, Pace.TURN)
        return [piece for piece, each in zip(pieces, own, strict=True) if each > slowest]

    def _stand_ins(self) -> frozenset[Span]:
        """Return the printed expressions of which nobody knows what they are, hence how long.

        A chat template prints a conversation of usual length, and little text of its own.
        """
        if self.renders.template.source.kind is SourceKind.CHAT_TEMPLATE:
            return frozenset()
        values = self.renders.values
        missing = set(values.stand_ins())
        return frozenset(
            span
            for span, names in self._names.items()
            if any(
                _root(name) in missing and values.reading(name).kind is Kind.UNKNOWN
                for name in names
            )
        )

    def _longest_run(self, lost: list[Piece]) -> int:
        """Return the tokens of the longest unbroken run of lost text, or of all that can be moved.

        Blanks do not break a run.  Chat templates say little between messages that is to be moved.
        """
        runs: list[list[Piece]] = []
        end = -1
        for piece in lost:
            if runs and not self._data[end : piece.start].strip():
                runs[-1].append(piece)
            else:
                runs.append([piece])
            end = piece.end
        known = ((piece for piece in run if piece.span not in self._made_up) for run in runs)
        sizes = [self._expected(run) for run in known]
        if self.renders.template.source.kind is not SourceKind.CHAT_TEMPLATE:
            sizes.append(sum(size for size in sizes if size >= _PARAGRAPH))
        return max(sizes, default=0)

    def _hidden_by(self, spot: Spot, facet: Facet) -> Place | None:
        earlier = (
            other
            for other, f in self._spotted
            if other.offset < spot.offset and f.pace <= max(facet.pace, Pace.TURN)
        )
        first = next(earlier, None)
        return None if first is None else self._sources.place(first.span)

    def _confidence(self, facet: Facet, names: tuple[str, ...]) -> Confidence:
        if facet.is_order:
            return Confidence.CONFIRMED
        values = self.renders.values
        mine = [name for name in names if values.reading(name).kind is facet.kind]
        found = [values.confidence(name) for name in mine]
        if facet.kind is Kind.RANDOM and not mine:
            return Confidence.CONFIRMED  # drawn by a filter or function of Jinja's own
        return min(found or [Confidence.SUSPECTED], key=_SURENESS.index)

    def _lines_after(self, place: Place, lost: list[Piece]) -> int:
        own = [piece for piece in lost if piece.span.source == place.path and not piece.stack]
        ends = [self._sources.place(piece.span).end_line for piece in own[-1:]]
        return max(ends[0] - place.end_line, 0) if ends else 0

    def _others(self, spot: Spot, facet: Facet) -> tuple[Place, ...]:
        pieces = [self.base.pieces[number] for number in sorted(facet.pieces)]
        spans = {piece.span: None for piece in pieces if piece.kind is PieceKind.EXPRESSION}
        places = [self._sources.place(span) for span in spans if span != spot.span]
        return tuple(places[:_MOST_OTHERS])


def _root(path: str) -> str:
    return re.split(r"[.\[{]", path, maxsplit=1)[0]


def _supersedes(earlier: Facet, later: Facet) -> bool:
    """Say whether a later change is only more of an earlier one: a coarser clock behind a finer."""
    both = earlier.kind is Kind.TIME and later.kind is Kind.TIME
    return both and earlier.clock is not Clock.NEVER and earlier.pace <= later.pace


def excerpt(was: bytes, now: bytes, offset: int) -> Excerpt:
    """Return the line in which two texts part, from a little before the byte offset on."""
    return Excerpt(was=_shown(was, offset), now=_shown(now, offset))


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
