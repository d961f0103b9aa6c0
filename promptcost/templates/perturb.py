"""Renders of one template that differ in one thing: the next request, the next day, another user.

What a value varies with comes from the user (declared), from contexts that differ (confirmed), or
from its name (suspected); the renders show what of it reaches the prompt, and where.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.model.audit_report import Change
from promptcost.templates._conversation import Talk
from promptcost.templates.chance import drawn, other_chance
from promptcost.templates.names import Kind
from promptcost.templates.pieces import Piece, PieceKind, Rendered, RenderFailure
from promptcost.templates.settings import Limits, SourceKind
from promptcost.templates.synthesise import World
from promptcost.templates.template import Template
from promptcost.templates.textmap import size
from promptcost.templates.trace import Divergence, diverge
from promptcost.templates.values import Detail, Values

if TYPE_CHECKING:
    from promptcost.templates.source import Behind
    from promptcost.templates.values import Inputs

REQUEST_KINDS = frozenset({Kind.PAYLOAD, Kind.RETRIEVAL, Kind.ID, Kind.RANDOM})
CLOCK_CHANGES = {
    Change.NEXT_SECOND: timedelta(seconds=1),
    Change.NEXT_MINUTE: timedelta(minutes=1),
    Change.NEXT_HOUR: timedelta(hours=1),
    Change.NEXT_DAY: timedelta(days=1),
}
_KINDS = {
    Change.NEXT_REQUEST: REQUEST_KINDS,
    Change.OTHER_SESSION: frozenset({Kind.SESSION, Kind.ENVIRONMENT, Kind.HISTORY}),
    Change.OTHER_USER: frozenset({Kind.USER}),
    Change.OTHER_TENANT: frozenset({Kind.TENANT}),
}


@lru_cache(maxsize=64)
def world_of(change: Change, base: World) -> World:
    """Return the world in which one thing has changed."""
    if change in CLOCK_CHANGES:
        return replace(base, clock=base.clock + CLOCK_CHANGES[change])
    if change is Change.NEXT_TURN:
        return replace(base, turns=base.turns + 1, changed=frozenset({Kind.COUNTER}))
    if change is Change.OTHER_PROCESS:
        return replace(base, process=1)
    return replace(base, changed=_KINDS[change])


@lru_cache(maxsize=64)
def next_turn(base: World) -> World:
    """Return the world in which nothing but the history has grown."""
    return replace(base, turns=base.turns + 1)


@lru_cache(maxsize=64)
def world_of_kind(kind: Kind, base: World) -> World:
    """Return the world in which only the values of one kind are other ones."""
    return replace(base, changed=frozenset({kind}))


@dataclass(slots=True, kw_only=True)
class Renders:
    """One template in one set of forced conditions: the base render and any other world on demand.

    A world that gives the same values as the base is not rendered again.
    """

    template: Template
    values: Values
    base: Rendered
    limits: Limits
    forced: Mapping[int, bool] = field(default_factory=dict)
    failures: list[Problem] = field(default_factory=list)
    _made: dict[World, Rendered] = field(default_factory=dict)
    _parted: dict[int, tuple[Rendered, Divergence | None]] = field(default_factory=dict)

    def in_world(self, world: World) -> Rendered:
        """Return the render of a world; the base where it does not render, which is noted."""
        made = self._made.get(world)
        if made is None:
            relevant = self.values.relevant(world, self.kinds())
            made = self._made.get(relevant) or self._render(relevant)
            self._made[relevant] = self._made[world] = made
        return made

    def kinds(self) -> frozenset[Kind]:
        """Return the kinds of everything the template reads or draws."""
        return self.values.kinds() | drawn(self.template.source.text)

    def _render(self, world: World) -> Rendered:
        if world == self.values.base:
            return self.base
        made = _render(self.template, self.values, world, self.limits, self.forced)
        if isinstance(made, RenderFailure):
            self.failures.append(made.problem)
            return self.base
        return made

    def parting(self, other: Rendered) -> Divergence | None:
        """Return where a render of this template parts from the base; None when it does not."""
        known = self._parted.get(id(other))
        if known is None:
            # The render is kept: its identity must not be that of a later one.
            known = self._parted[id(other)] = other, diverge(self.base, other)
        return known[1]

    def shared(self, other: Rendered) -> float:
        """Return the bytes a render shares with the base; infinitely many when it is the same."""
        parted = self.parting(other)
        return math.inf if parted is None else parted.offset

    def forced_by(self, plan: Mapping[int, bool]) -> Renders | None:
        """Return the renders with conditions forced; None where they do not render."""
        return self._opened(self.values, plan)

    def without_system(self) -> Renders | None:
        """Return the renders of a conversation for which a chat template fills in the system."""
        return self._opened(self.values.in_talk(Talk.NO_SYSTEM), self.forced)

    def _opened(self, values: Values, plan: Mapping[int, bool]) -> Renders | None:
        made = _render(self.template, values, values.base, self.limits, plan)
        if isinstance(made, RenderFailure):
            return None
        return Renders(
            template=self.template, values=values, base=made, limits=self.limits, forced=plan
        )


def open_renders(
    template: Template, inputs: Inputs, base: World, limits: Limits
) -> Renders | Problem:
    """Return the renders of a template, or why it does not render with any values.

    Stand-ins that a template cannot work with are tried again in other forms; a chat template
    refuses conversations it has no words for.
    """
    first: Problem | None = None
    deadline = limits.clock() + limits.seconds
    for detail, talk in _attempts(template.source.kind):
        values = Values(inputs, base, talk, detail)
        made = _render(template, values, base, limits, {})
        if isinstance(made, Rendered):
            return Renders(template=template, values=values, base=made, limits=limits)
        first = first or made.problem
        if limits.clock() > deadline:
            break
    assert first is not None  # noqa: S101 - there is always an attempt
    return first


def _attempts(kind: SourceKind) -> list[tuple[Detail, Talk | None]]:
    talks = list(Talk) if kind is SourceKind.CHAT_TEMPLATE else [None]
    full = [(Detail.FULL, talk) for talk in talks]
    return [*full, *((detail, talks[-1]) for detail in (Detail.TEXTS, Detail.NOTHING))]


def _render(
    template: Template, values: Values, world: World, limits: Limits, forced: Mapping[int, bool]
) -> Rendered | RenderFailure:
    seed = other_chance(world.seed) if world.version(Kind.RANDOM) else world.seed
    made = template.render(values.context(world), limits, forced=forced, seed=seed)
    later = template.source.behind
    return made if later is None or isinstance(made, RenderFailure) else _followed(made, later)


def _followed(made: Rendered, later: Behind) -> Rendered:
    """Return a render with what is fixed behind it in the same request."""
    start = made.pieces[-1].end if made.pieces else 0
    piece = Piece(
        start=start,
        end=start + size(later.text),
        kind=PieceKind.LITERAL,
        span=later.span,
        stack=(later.span,),
    )
    return replace(made, text=made.text + later.text, pieces=(*made.pieces, piece))
