"""All recorded requests with some causes undone, and when each of them comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.recording import Remedy
from promptcost.policies import micros
from promptcost.simulate.recorded.scene import Scene, scenes
from promptcost.simulate.recorded.undo import Program

if TYPE_CHECKING:
    from datetime import timedelta

    from promptcost.simulate.recorded.tape import Tape
    from promptcost.simulate.recorded.undo import Undo


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """The requests in the order of the tape, and what is done to those of each program.

    `shared` is the number of blocks that all requests of a program begin with.
    """

    scenes: Sequence[Scene]
    remedies: Mapping[Program, frozenset[Remedy]]
    shared: Mapping[Program, int]


def world_of(tape: Tape, undo: Undo) -> World:
    """Return the requests of a tape with some causes undone.  Raises TooLongError."""
    remedies = {program: frozenset(found) for program, found in undo.programs.items()}
    made = list(scenes(tape, undo))
    wanted = {program for program, found in remedies.items() if Remedy.SHARED_MARK in found}
    return World(scenes=made, remedies=remedies, shared=_shared(made, wanted))


def _shared(made: Sequence[Scene], programs: set[Program]) -> dict[Program, int]:
    common: dict[Program, list[int]] = {}
    for scene in made:
        program = scene.take.program
        if program in programs:
            blocks = list(scene.blocks)
            before = common.get(program, blocks)
            pairs = enumerate(zip(before, blocks, strict=False))
            ends = (depth for depth, (old, new) in pairs if old != new)
            common[program] = before[: next(ends, min(len(before), len(blocks)))]
    return {program: len(blocks) for program, blocks in common.items()}


def waited(world: World, times: Sequence[int], delay: timedelta, life: timedelta) -> Sequence[int]:
    """Return the times with first requests held back until an entry of the first can be read.

    A first request is cold when its program was silent for as long as an entry lives.
    """
    patient = {program for program, found in world.remedies.items() if Remedy.WAITED in found}
    if not patient:
        return times
    made = list(times)
    cold: dict[Program, int] = {}
    latest: dict[Program, int] = {}
    for number in sorted(range(len(times)), key=times.__getitem__):
        take, time = world.scenes[number].take, times[number]
        if take.program not in patient:
            continue
        if take.program not in cold or time - latest[take.program] > micros(life):
            cold[take.program] = time
        elif take.previous < 0:
            made[number] = max(time, cold[take.program] + micros(delay))
        latest[take.program] = time
    return made
