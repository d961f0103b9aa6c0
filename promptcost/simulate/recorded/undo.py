"""Recorded requests as if some causes had not been there: which block stands for which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.model.recording import Occurrence, Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.simulate.recorded.tape import Tape

Program = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """What stands for a block that varies: what it always says, and the rest of it elsewhere.

    `in_turn`: the rest differs between turns, so it stands at the end of the prompt; else behind
    the first question, where later turns find it again.
    """

    start: int
    rest: int
    in_turn: bool


@dataclass(slots=True)
class Undo:
    """What is done to the requests; those of a program by its number, single ones by theirs.

    `split` are blocks whose rest stays where it is, with the mark behind it in front of the rest.
    `moved` are blocks that stand elsewhere, with `Same.in_turn`.  `appended` maps a request to the
    turn before and to the number of its blocks that are another version of what that turn sent.
    `readable` maps a request to the number of its blocks that can be read at any rate.
    `as_before` maps a request to the one whose model, key or setting it takes over, by name.
    """

    same: dict[int, Same] = field(default_factory=dict)
    split: dict[int, Same] = field(default_factory=dict)
    moved: dict[int, bool] = field(default_factory=dict)
    sorted: set[Program] = field(default_factory=set)
    tools: dict[Program, tuple[int, ...]] = field(default_factory=dict)
    appended: dict[int, tuple[int, int]] = field(default_factory=dict)
    as_before: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    nearer: dict[int, int] = field(default_factory=dict)
    readable: dict[int, int] = field(default_factory=dict)
    programs: dict[Program, set[Remedy]] = field(default_factory=lambda: defaultdict(set))


MODEL, KEY, IMAGES = "model", "cache key", ""  # names in `as_before`; settings have their own
_NAMES = {Remedy.SAME_MODEL: MODEL, Remedy.SAME_KEY: KEY}


def undo_of(tape: Tape, occurrences: Iterable[Occurrence]) -> Undo:
    """Return what undoes occurrences; what concerns requests that are not played is left out."""
    made, alike, split = Undo(), _Alike(), _Alike()
    offering: set[Program] = set()
    for one in occurrences:
        now = tape.number_of.get(one.now)
        was = None if one.was is None else tape.number_of.get(one.was)
        if now is None:
            continue
        program = tape.takes[now].program
        match one.remedy:
            case Remedy.SORTED:
                made.sorted.add(program)
            case Remedy.ALL_TOOLS:
                offering.add(program)
            case Remedy.NEARER_MARK:
                made.nearer[now] = one.block
            case _ if one.was is None:
                made.programs[program].add(one.remedy)
            case Remedy.EARLIER_MARK if was is not None:
                _put_together(split, tape, one, now, was)
            case Remedy.SAME_TEXT if was is not None:
                _put_together(alike, tape, one, now, was)
            case _ if was is not None:
                _undo_pair(made, tape, one, now, was)
    made.same, made.split = alike.found(tape), split.found(tape)
    made.tools = _all_tools(tape, offering)
    return made


def _put_together(alike: _Alike, tape: Tape, one: Occurrence, now: int, was: int) -> None:
    new, old = tape.takes[now].blocks, tape.takes[was].blocks
    alike.add(old[one.block], new[one.block], one)


def _undo_pair(made: Undo, tape: Tape, one: Occurrence, now: int, was: int) -> None:
    new, old = tape.takes[now].blocks, tape.takes[was].blocks
    match one.remedy:
        case Remedy.MOVED:
            for block in _between(old.tolist()[one.block :], new.tolist()[one.block :]):
                made.moved[block] = made.moved.get(block, False) or one.in_turn
        case Remedy.APPENDED:
            made.appended[now] = was, one.block + (1 if one.kept else 0)
        case Remedy.READ_BACK:
            pairs = enumerate(zip(old, new, strict=False))
            parting = (depth for depth, (before, after) in pairs if before != after)
            made.readable[now] = next(parting, min(len(old), len(new)))
        case _:
            made.as_before[_NAMES.get(one.remedy, one.name)][now] = was


def _between(old: list[int], new: list[int]) -> list[int]:
    """Return the blocks that came or went before both lists go on alike."""
    if old and old[0] in new:
        return new[: new.index(old[0])]
    if new and new[0] in old:
        return old[: old.index(new[0])]
    return []


def _all_tools(tape: Tape, programs: set[Program]) -> dict[Program, tuple[int, ...]]:
    """Return every tool that a request of some programs offers, first those met first."""
    found: dict[Program, dict[int, None]] = {program: {} for program in programs}
    for take in tape.takes:
        if take.program in found:
            found[take.program] |= dict.fromkeys(take.blocks[: take.tools])
    return {program: tuple(tools) for program, tools in found.items()}


class _Alike:
    """Groups blocks that are versions of one text."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}
        self._kept: dict[int, int] = {}
        self._in_turn: dict[int, bool] = {}

    def add(self, old: int, new: int, one: Occurrence) -> None:
        first, second = sorted((self._top(old), self._top(new)))
        self._above[second] = first
        kept = (self._kept.get(top, one.kept) for top in (first, second))
        self._kept[first] = min(one.kept, *kept)
        turns = (self._in_turn.get(top, False) for top in (first, second))
        self._in_turn[first] = one.in_turn or any(turns)

    def found(self, tape: Tape) -> dict[int, Same]:
        made = {}
        for block in self._above:
            top = self._top(block)
            start = tape.blocks.start(top, self._kept[top])
            made[block] = Same(
                start=start,
                rest=tape.blocks.rest(block, start),
                in_turn=self._in_turn[top],
            )
        return made

    def _top(self, block: int) -> int:
        self._above.setdefault(block, block)
        while self._above[block] != block:
            self._above[block] = block = self._above[self._above[block]]
        return block
