"""What a builder returns in each world: one process, and others for what a process keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.audit.builders.arguments import Arguments
from promptcost.audit.builders.elsewhere import elsewhere
from promptcost.audit.builders.prompt import Prompt
from promptcost.audit.builders.replies import replies
from promptcost.audit.facets import PACE_OF_KIND
from promptcost.builders.process import BuilderLimits, Call, Moment, Session, run_session
from promptcost.builders.target import BuilderTarget
from promptcost.errors import Problem
from promptcost.model.audit_report import Change
from promptcost.templates.names import Kind
from promptcost.templates.perturb import world_of, world_of_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.templates.synthesise import World

# A process that started a day before or after another one, in another second, minute and hour.
_LATER = timedelta(days=1, hours=1, minutes=1, seconds=1)
# A small set can come in one order under two hash seeds; where there are sets, more are tried.
_OTHER_HASH_SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The prompts of one builder in every world.

    `again` is a second call in the base's world, `chance` one with other random numbers only;
    `hashed` and `started` are second calls in processes with another hash seed and random numbers,
    and in one that started at another time; `elsewhere` is the base as another machine would have
    it.  Where a call failed or nothing differs it is the base.
    """

    base: Prompt
    again: Prompt
    chance: Prompt
    hashed: Prompt
    started: Prompt
    elsewhere: Prompt
    changes: Mapping[Change, Prompt]
    kinds: Mapping[Kind, Prompt]

    @property
    def keeps_state(self) -> bool:
        """Whether two equal calls in one process return different prompts."""
        return self.again.text != self.base.text


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs the processes of one builder; notes the calls that failed and those for the network."""

    target: BuilderTarget
    arguments: Arguments
    limits: BuilderLimits
    makes_sets: bool = True
    failures: list[Problem] = field(default_factory=list)
    asked_network: bool = False

    def run(self) -> Runs | Problem:
        """Return the prompts of every world, or why there is none."""
        base = self.arguments.values.base
        first = self._call(base)
        chance = replace(first, moment=replace(first.moment, seed=base.seed + 1))
        changes = {change: self._change(change, base) for change in Change}
        kinds = {kind: self._call(world_of_kind(kind, base)) for kind in self._kinds()}
        calls = {_key(call): call for call in (chance, *changes.values(), *kinds.values())}
        calls.pop(_key(first), None)
        own, again, *others = self._session([first, first, *calls.values()])
        if isinstance(own, Problem):
            return own
        second = self._kept(again, own)
        if second.text != own.text:  # each call would see what the one before it left
            others = [self._session([call])[0] for call in calls.values()]
        made = {key: self._kept(other, own) for key, other in zip(calls, others, strict=True)}
        made[_key(first)] = own
        return Runs(
            base=own,
            again=second,
            chance=made[_key(chance)],
            hashed=self._hashed(first, chance, second),
            started=self._started(first, second),
            elsewhere=elsewhere(own),
            changes={change: made[_key(call)] for change, call in changes.items()},
            kinds={kind: made[_key(call)] for kind, call in kinds.items()},
        )

    def _kinds(self) -> Sequence[Kind]:
        present = self.arguments.values.kinds()
        return [kind for kind in PACE_OF_KIND if kind in present]

    def _change(self, change: Change, base: World) -> Call:
        """Return the call in a changed world; the next request draws other random numbers."""
        call = self._call(world_of(change, base))
        if change is not Change.NEXT_REQUEST:
            return call
        return replace(call, moment=replace(call.moment, seed=base.seed + 1))

    def _call(self, world: World) -> Call:
        moment = Moment(clock=world.clock, seed=world.seed)
        return Call(moment=moment, arguments=self.arguments.of(world))

    def _hashed(self, first: Call, chance: Call, own: Prompt) -> Prompt:
        """Return the first prompt that differs in processes with other hash seeds."""
        for seed in _OTHER_HASH_SEEDS if self.makes_sets else _OTHER_HASH_SEEDS[:1]:
            found = self._kept(self._session([chance, first], chance.moment, seed)[-1], own)
            if found.text != own.text:
                return found
        return own

    def _started(self, first: Call, own: Prompt) -> Prompt:
        later = replace(first.moment, clock=first.moment.clock + _LATER)
        calls = [replace(first, moment=later), first]
        return self._kept(self._session(calls, later)[-1], own)

    def _session(
        self, calls: Sequence[Call], imported: Moment | None = None, hash_seed: int = 0
    ) -> list[Prompt | Problem]:
        """Return what each call gives; what a process that ends early leaves out is its fault."""
        session = Session(
            target=self.target,
            imported=imported or calls[0].moment,
            hash_seed=hash_seed,
            calls=tuple(calls),
            first_decides=imported is None,
        )
        told = run_session(session, self.limits)
        self.asked_network |= any(line.get("network") for line in told.lines)
        names = self.arguments.values.stand_ins()
        found = replies(told, self.target, self.limits, names)
        return [*found[: len(calls)], *(found[-1:] * (len(calls) - len(found)))]

    def _kept(self, made: Prompt | Problem, own: Prompt) -> Prompt:
        if isinstance(made, Problem):
            self.failures.append(made)
            return own
        return made


def _key(call: Call) -> str:
    return json.dumps(call.told())
