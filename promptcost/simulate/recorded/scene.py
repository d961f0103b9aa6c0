"""One recorded request as it is played: its blocks, where its parts end, and its marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from promptcost.model.recording import Remedy
from promptcost.simulate.recorded.tape import Mark, Take
from promptcost.simulate.recorded.undo import IMAGES, KEY, MODEL, Undo

if TYPE_CHECKING:
    from promptcost.simulate.recorded.tape import Tape

MOST = 2_000_000  # blocks of prompts that are made longer


class TooLongError(Exception):
    """Without the cause the prompts grow beyond what can be played."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """A request: its blocks, and how many of them tools, and tools with system text, are.

    `moved` are blocks behind everything, which no cache is asked to hold.  `nearer` is the depth
    of one more mark, 0: none.  So many `readable` blocks are read whatever the cache holds.
    `settings` are those that differ from the recorded ones, by name.
    """

    take: Take
    blocks: Sequence[int]
    tools: int
    head: int
    marks: tuple[Mark, ...]
    moved: tuple[int, ...] = ()
    nearer: int = 0
    readable: int = 0
    settings: Mapping[str, str] | None = None

    @property
    def model(self) -> str:
        """The model asked for."""
        return self._setting(MODEL, self.take.model or "")

    @property
    def key(self) -> str:
        """The cache key."""
        return self._setting(KEY, self.take.key)

    def setting(self, name: str) -> str:
        """Return the value of a setting; the empty name asks whether there are pictures."""
        return self._setting(name, _recorded(self.take, name))

    def _setting(self, name: str, recorded: str) -> str:
        return recorded if self.settings is None else self.settings.get(name, recorded)


def _recorded(take: Take, name: str) -> str:
    known = {MODEL: take.model or "", KEY: take.key, IMAGES: str(take.images)}
    return known[name] if name in known else take.settings.get(name, "")


def scenes(tape: Tape, undo: Undo) -> Iterator[Scene]:
    """Yield every request in the order of the tape, with some causes undone.

    Raises TooLongError where repeating all earlier turns makes too much of them.
    """
    settings = _Settings(tape, undo)
    grown = _Grown(tape, undo)
    for number, take in enumerate(tape.takes):
        made = _Rewriter(take, undo)
        blocks = grown.blocks(number, made)
        end = len(blocks)
        yield Scene(
            take=take,
            blocks=blocks,
            tools=min(made.ends[take.tools], end),
            head=min(made.ends[take.head], end),
            marks=tuple(sorted(made.marks(take, end), key=itemgetter(0))),
            moved=tuple(made.moved),
            nearer=min(made.ends[undo.nearer[number]], end) if number in undo.nearer else 0,
            readable=min(made.ends[undo.readable.get(number, 0)], end),
            settings=settings.of(number),
        )


class _Rewriter:
    """The blocks of one request with those replaced, moved and sorted that have to be.

    `ends` says for each number of recorded blocks how many there are instead, `_cut` how many
    stand before the rest of the first split block.
    """

    def __init__(self, take: Take, undo: Undo) -> None:
        self._undo = undo
        self._behind_opening: list[int] = []
        self._cut: int | None = None
        self.moved: list[int] = []
        self.blocks: list[int] = []
        self.ends = [0]
        tools, system = take.blocks[: take.tools], take.blocks[take.tools : take.head]
        self._section(self._tools(take, tools.tolist()), take.tools)
        is_sorted = take.program in undo.sorted
        self._section(sorted(system) if is_sorted else system.tolist(), take.head - take.tools)
        for depth, block in enumerate(take.blocks[take.head :], start=take.head):
            if depth == take.opening:
                self._close_opening()
            self._put(block, opened=depth < take.opening)
            self.ends.append(len(self.blocks))
        if take.opening == len(take.blocks):
            self._close_opening()

    def marks(self, take: Take, length: int) -> Iterator[Mark]:
        """Yield the marks where they stand in a prompt of so many blocks.

        Those behind the opening keep their distance from the end.
        """
        cut, shift = self._cut, length - len(self.blocks)
        for depth, ttl in take.marks:
            end = self.ends[depth]
            if cut is not None and cut < end <= self.ends[take.head]:
                end, cut = cut, None
            moved = end + (shift if end > self.ends[take.opening] else 0)
            yield min(max(moved, 0), length), ttl

    def _tools(self, take: Take, own: list[int]) -> list[int]:
        if take.program in self._undo.tools:
            return list(self._undo.tools[take.program])
        return sorted(own) if take.program in self._undo.sorted else own

    def _section(self, blocks: list[int], recorded: int) -> None:
        """Put tools or system text; a mark inside keeps its distance from the start."""
        ends = []
        for block in blocks:
            self._put(block, opened=True)
            ends.append(len(self.blocks))
        inner = ends[: max(recorded - 1, 0)]
        self.ends += [*inner, *([len(self.blocks)] * (recorded - len(inner)))]

    def _put(self, block: int, *, opened: bool) -> None:
        same = self._undo.same.get(block)
        if same is not None:
            self.blocks.append(same.start)
            self._aside(same.rest, at_end=same.in_turn or not opened)
        elif block in self._undo.split:
            self.blocks.append(self._undo.split[block].start)
            self._cut = len(self.blocks) if self._cut is None else self._cut
            self.blocks.append(self._undo.split[block].rest)
        elif block in self._undo.moved:
            self._aside(block, at_end=self._undo.moved[block] or not opened)
        else:
            self.blocks.append(block)

    def _aside(self, block: int, *, at_end: bool) -> None:
        (self.moved if at_end else self._behind_opening).append(block)

    def _close_opening(self) -> None:
        self.blocks += self._behind_opening
        self._behind_opening = []
        self.ends[-1] = len(self.blocks)


class _Grown:
    """The conversations that repeat what the recorded ones rewrote."""

    def __init__(self, tape: Tape, undo: Undo) -> None:
        self._tape = tape
        self._appended = undo.appended
        self._concerned = _conversations(tape, undo)
        self._kept: dict[int, list[int]] = {}
        self._left = MOST

    def blocks(self, number: int, made: _Rewriter) -> list[int]:
        """Return the blocks of a request."""
        if number not in self._concerned:
            return made.blocks
        take = self._tape.takes[number]
        before = self._kept.get(take.previous)
        start = None if before is None else self._start(number)
        blocks = made.blocks
        if before is not None and start is not None:
            blocks = [*before, *made.blocks[made.ends[start] :]]
        self._left -= len(blocks)
        if self._left < 0:
            raise TooLongError
        self._kept[number] = blocks
        return blocks

    def _start(self, number: int) -> int | None:
        """Return how many recorded blocks the turn before has already; None: it is not repeated."""
        takes = self._tape.takes
        now, was = takes[number].blocks, takes[takes[number].previous].blocks
        if number not in self._appended:
            return len(was) if now[: len(was)] == was else None
        _, start = self._appended[number]
        known = set(was)
        last = (depth for depth in range(len(now), start, -1) if now[depth - 1] in known)
        return next(last, start)


def _conversations(tape: Tape, undo: Undo) -> set[int]:
    """Return the requests of the conversations in which a turn has to be repeated."""
    first: list[int] = []
    for number, take in enumerate(tape.takes):
        first.append(number if take.previous < 0 else first[take.previous])
    wanted = {first[number] for number in undo.appended}
    return {number for number, start in enumerate(first) if start in wanted}


class _Settings:
    """What requests ask for instead, where they take over a value of the turn before."""

    def __init__(self, tape: Tape, undo: Undo) -> None:
        self._tape = tape
        self._as_before = undo.as_before
        self._one_key = {p for p, found in undo.programs.items() if Remedy.ONE_KEY in found}
        self._changed: dict[int, dict[str, str]] = {}

    def of(self, number: int) -> Mapping[str, str] | None:
        """Return the values that differ from the recorded ones; turns are asked for in order."""
        made = {KEY: ""} if self._tape.takes[number].program in self._one_key else {}
        for name, pairs in self._as_before.items():
            value = self._value(number, name, pairs)
            if value is not None:
                made[name] = value
        if made:
            self._changed[number] = made
        return made or None

    def _value(self, number: int, name: str, pairs: Mapping[int, int]) -> str | None:
        takes = self._tape.takes
        if number in pairs:
            was = pairs[number]
            return self._changed.get(was, {}).get(name, _recorded(takes[was], name))
        before = takes[number].previous
        kept = before >= 0 and _recorded(takes[before], name) == _recorded(takes[number], name)
        return self._changed.get(before, {}).get(name) if kept else None
