"""Builds requests from arrivals, a chunk at a time: a shared trunk, then what is each one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from promptcost.model.prompt import Isolation, Request, Role, Scope
from promptcost.model.stability import Audience
from promptcost.workload._columns import columns_of, last_uses, partition_of, refine
from promptcost.workload._history import History
from promptcost.workload._trunk import Mark, Piece, SharedPiece, Trunk, marked
from promptcost.workload.spec import TAIL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.prompt import Block, Breakpoint, Prefix
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.spec import Workload
    from promptcost.workload.stream import Layout, LayoutPart, Placement

_CHUNK = 8_192  # requests prepared at once: enough for numpy, little memory
_UNIQUE = frozenset({Audience.TURN, Audience.REQUEST})
_OF_ONE_TALK = _UNIQUE | {Audience.SESSION}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One piece behind the trunk; no piece where the history stands."""

    piece: Piece | None
    kept: bool
    mark: Mark | None


class Stream:
    """The requests of some arrivals in one layout; see `promptcost.workload.stream.requests`."""

    def __init__(
        self,
        workload: Workload,
        arrivals: Arrivals,
        layout: Layout,
        placement: Placement,
        partition: Isolation,
    ) -> None:
        self._arrivals = arrivals
        history = workload.history
        self._history = history.name if history else None
        self._keeps = history.keeps or () if history else ()
        marks = _marks(layout, placement)
        self._end: Mark | None = next((mark for mark in placement if mark[0] == TAIL), None)
        pieces = [self._piece(part, index) for index, part in enumerate(layout)]
        cut = next((i for i, part in enumerate(layout) if self._leaves_trunk(part)), len(layout))
        keys = [] if partition is Isolation.ORGANIZATION else [partition.value]
        numbers = partition_of(partition, arrivals)
        self._trunk = Trunk(keys, numbers, pieces[:cut], marks[:cut])
        self._steps = [
            self._step(part, piece, mark)
            for part, piece, mark in zip(layout[cut:], pieces[cut:], marks[cut:], strict=True)
        ]
        kept = [self._is_common(part) for part in layout[cut:] if part.name in self._keeps]
        self._common = next((n for n, common in enumerate(kept) if not common), len(kept))
        self._is_base_new = cut < len(layout) and layout[cut].name != self._history
        turns = [arrivals.conversation, arrivals.turn]
        self._answers = Piece(Role.ASSISTANT, "answer", len(layout), turns, arrivals.output_tokens)
        # The last request of its conversation over the same trunk, by request.
        told = refine(self._trunk.groups, [arrivals.conversation])
        self._last_over = last_uses(told)[told]
        self._until: list[int] = []
        self._talks: dict[int, History] = {}
        self._scopes: dict[int, Scope] = {}

    def requests(self) -> Iterator[Request]:
        """Yield the requests in time order."""
        for low in range(0, len(self._arrivals), _CHUNK):
            high = min(low + _CHUNK, len(self._arrivals))
            self._trunk.load(low, high)
            for step in self._steps:
                if step.piece is not None:
                    step.piece.load(low, high)
            self._answers.load(low, high)
            self._until = self._last_over[low:high].tolist()
            yield from self._chunk(low, high)

    def _chunk(self, low: int, high: int) -> Iterator[Request]:
        a = self._arrivals
        columns = (a.time_us, a.conversation, a.is_last, a.output_tokens, a.user)
        rows = zip(*(column[low:high].tolist() for column in columns), strict=True)
        for row, (time_us, conversation, is_last, output, user) in enumerate(rows):
            chain, marks = self._chain(row, low + row, conversation, is_last)
            yield Request(
                time_us=time_us,
                prefix=chain,
                output_tokens=output,
                scope=self._scopes.get(user) or self._scope(user, low + row),
                conversation=conversation,
                breakpoints=marks,
            )

    def _chain(
        self, row: int, index: int, conversation: int, is_last: int
    ) -> tuple[Prefix, tuple[Breakpoint, ...]]:
        chain, marks = self._trunk.at(row)
        talk: History | None = None
        told, new = chain, []  # the history of the next turn, and what it has more than this one's
        for step in self._steps:
            if step.piece is None:
                talk = self._talk(chain, row, index, conversation, is_last)
                told = chain = chain if talk is None else talk.tip
            elif step.kept:
                block = step.piece.block(row)
                told, chain = _both(told, chain, block)
                new.append(block)
            else:
                chain = chain.extend(step.piece.block(row))
            if step.mark is not None:
                marks = marked(marks, chain, step.mark)
        if talk is not None and is_last:
            del self._talks[conversation]
        elif talk is not None:
            talk.told(told, [*new, self._answers.block(row)], index)
        return chain, marks if self._end is None else marked(marks, chain, self._end)

    def _talk(
        self, base: Prefix, row: int, index: int, conversation: int, is_last: int
    ) -> History | None:
        """Return the history over a base; None where nothing came before or will come after."""
        number, until = -1 - index, index
        if not self._is_base_new:
            number, until = self._trunk.group(row), self._until[row]
        talk = self._talks.get(conversation)
        if talk is not None:
            talk.move(base, number, until, index)
        elif not is_last:
            talk = History(conversation, base, number, until, self._common)
            self._talks[conversation] = talk
        return talk

    def _scope(self, user: int, index: int) -> Scope:
        a = self._arrivals
        made = Scope(tenant=int(a.tenant[index]), user=user, workspace=int(a.workspace[index]))
        self._scopes[user] = made
        return made

    def _leaves_trunk(self, part: LayoutPart) -> bool:
        """Say whether chains from this piece on are not worth sharing."""
        return part.name == self._history or self._is_fresh(part)

    def _is_fresh(self, part: LayoutPart) -> bool:
        """Say whether the text is new in every request."""
        pooled = part.name in self._arrivals.pool_items
        return part.stability.audience in _UNIQUE and not pooled

    def _is_common(self, part: LayoutPart) -> bool:
        """Say whether two conversations can have the same text in this piece."""
        own = part.stability.audience in _OF_ONE_TALK
        return part.name in self._arrivals.pool_items or not own

    def _piece(self, part: LayoutPart, index: int) -> Piece:
        a = self._arrivals
        kind = Piece if self._is_fresh(part) else SharedPiece
        if part.tokens is None and part.name != self._history:
            tokens = a.part_tokens[part.name]
        else:
            tokens = np.broadcast_to(np.int64(part.tokens or 0), len(a))
        return kind(part.role, part.name, index, columns_of(part, a), tokens)

    def _step(self, part: LayoutPart, piece: Piece, mark: Mark | None) -> _Step:
        is_history = part.name == self._history
        kept = part.name in self._keeps
        return _Step(piece=None if is_history else piece, kept=kept, mark=mark)


def _both(told: Prefix, chain: Prefix, block: Block) -> tuple[Prefix, Prefix]:
    """Extend what is told and what is sent; they stay one chain while they are the same."""
    longer = told.extend(block)
    return longer, longer if told is chain else chain.extend(block)


def _marks(layout: Layout, placement: Placement) -> list[Mark | None]:
    """Return the mark behind each piece; it stands after the last piece of its part."""
    places = {part.name: index for index, part in enumerate(layout)}
    marks: list[Mark | None] = [None] * len(layout)
    for name, ttl in placement:
        if name == TAIL:
            continue
        if name not in places:
            message = f"no part {name!r} to mark"
            raise ValueError(message)
        marks[places[name]] = (name, ttl)
    return marks
