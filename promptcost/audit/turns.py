"""What the next turn does to the text of this one: messages rewritten, conditions that turn."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.audit.facets import PACE_OF_KIND, Facet, Pace
from promptcost.audit.spots import Spot
from promptcost.model.finding import Confidence
from promptcost.rules import Via
from promptcost.templates.names import Kind
from promptcost.templates.perturb import next_turn
from promptcost.templates.pieces import PieceKind
from promptcost.templates.settings import SourceKind
from promptcost.templates.trace import diverge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from promptcost.audit.causes import CauseFinder
    from promptcost.model.span import Span
    from promptcost.rules import Cause
    from promptcost.templates.pieces import Rendered
    from promptcost.templates.trace import Divergence
    from promptcost.templates.uses import ConditionUse

_COMING_AND_GOING = frozenset({Kind.HISTORY, Kind.COUNTER, Kind.RETRIEVAL, Kind.PAYLOAD})
_MOST_CONDITIONS = 20
_WORD = re.compile(rb"[^\W\d]")
_METHOD = re.compile(r"\.(\w+)")
_GOES_ON, _CAME_FROM = re.compile(r"[\w.\[]"), re.compile(r"[\w.]\Z")


def rewrites(finder: CauseFinder) -> Iterator[Cause]:
    """Yield the first place at which the next turn renders earlier messages otherwise."""
    renders, pieces = finder.renders, finder.base.pieces
    grown = renders.in_world(next_turn(renders.values.base))
    parted = renders.parting(grown)
    history = {
        number
        for facet in finder.facets
        if facet.kind is Kind.HISTORY
        for number in facet.pieces
        if pieces[number].loops
    }
    last = max(history, default=None)
    if parted is None or last is None or pieces[last].end <= parted.offset:
        return
    if _goes_on(finder.base, parted):
        return
    facet = Facet(
        kind=Kind.HISTORY, pace=Pace.TURN, other=grown, divergence=parted, pieces=frozenset()
    )
    spot = finder.spotter.spot(facet)
    yield replace(
        finder.cause(spot, facet),
        confidence=Confidence.CONFIRMED,
        lost=finder.count(pieces[spot.piece : last + 1]),
        hidden_by=None,
    )


def _goes_on(base: Rendered, parted: Divergence) -> bool:
    """Say whether the texts part where one value only got longer, which rewrites nothing."""
    after = parted.after
    if after is None or after.loops or after.start >= parted.offset:
        return False
    return any(
        piece.span == after.span and piece.start == after.start and piece.end <= parted.offset
        for piece in base.pieces
    )


def turning(finder: CauseFinder) -> Iterator[Cause]:
    """Yield the conditions on a history, counter or retrieval whose other outcome moves text.

    Chat templates are left out: what they do with messages shows when the next turn is rendered.
    """
    template = finder.renders.template
    if template.source.kind is SourceKind.CHAT_TEMPLATE:
        return
    for condition in template.conditions[:_MOST_CONDITIONS]:
        kind = _tested(finder, condition)
        if kind is None:
            continue
        taken = {value for number, value in finder.base.arms if number == condition.number}
        if len(taken) != 1:
            continue
        turned = finder.renders.forced_by({condition.number: not taken.pop()})
        parted = None if turned is None else diverge(finder.base, turned.base)
        if turned is None or parted is None or not _prints_words(finder.base, turned.base):
            continue
        facet = Facet(
            kind=kind,
            pace=PACE_OF_KIND[kind],
            other=turned.base,
            divergence=parted,
            pieces=frozenset(),
        )
        spot = Spot(
            span=condition.span,
            expression=condition.text,
            via=Via.CONDITION,
            piece=finder.spotter.number(parted.offset),
            offset=parted.offset,
        )
        yield finder.cause(spot, facet)


def _prints_words(base: Rendered, turned: Rendered) -> bool:
    """Say whether fixed words come or go with a condition, and not only a value."""
    ours, theirs = _words(base), _words(turned)
    return ours != theirs


def _words(rendered: Rendered) -> frozenset[Span]:
    data = rendered.data
    return frozenset(
        piece.span
        for piece in rendered.pieces
        if piece.kind is PieceKind.LITERAL and _WORD.search(data[piece.start : piece.end])
    )


def _tested(finder: CauseFinder, condition: ConditionUse) -> Kind | None:
    """Return the kind of what a condition tests, where it comes and goes between turns."""
    if condition.span.source != finder.renders.template.source.path:
        return None
    values = finder.renders.values
    for variable in finder.renders.template.variables:
        name = variable.name.replace("[]", "").replace("{}", "")
        if _mentions(condition.text, name, variable.methods):
            kind = values.reading(variable.name).kind
            if kind in _COMING_AND_GOING:
                return kind
    return None


def _mentions(condition: str, name: str, methods: Collection[str]) -> bool:
    """Say whether a condition asks for a path itself or for a method of it."""
    at = condition.find(name)
    while at >= 0:
        before, rest = condition[:at], condition[at + len(name) :]
        method = _METHOD.match(rest)
        whole = method[1] in methods if method else not _GOES_ON.match(rest)
        if whole and not _CAME_FROM.search(before):
            return True
        at = condition.find(name, at + 1)
    return False
