"""The targets at which recorded requests are replayed, and what they cost without some causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.model.recording import RecordedCause, RecordedModel, Remedy
from promptcost.simulate.money import monthly_cost
from promptcost.simulate.recorded.scene import TooLongError
from promptcost.simulate.recorded.stage import Chains, Stage
from promptcost.simulate.recorded.tape import Tape
from promptcost.simulate.recorded.terms import first_lost, terms_of
from promptcost.simulate.recorded.times import Schedule
from promptcost.simulate.recorded.undo import undo_of
from promptcost.simulate.recorded.world import World, world_of
from promptcost.simulate.tariff import Tariff
from promptcost.workload.spec import Workload

if TYPE_CHECKING:
    from decimal import Decimal

    from promptcost.catalogue import Catalogue, Offer
    from promptcost.model.recording import Occurrence, RecordId

_POLICY_STREAM = 3
_OF_PAIRS = frozenset(
    {Remedy.SAME_TEXT, Remedy.MOVED, Remedy.SORTED, Remedy.ALL_TOOLS, Remedy.APPENDED}
)
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A target with the numbers of the causes that its rules know about."""

    number: int
    stage: Stage
    causes: frozenset[int]

    @property
    def name(self) -> str:
        """The target as users write it."""
        return str(self.stage.terms.offer.target)


@dataclass(slots=True)
class Bench:
    """The recorded requests, when they come, and the causes found in them, known by number."""

    tape: Tape
    workload: Workload
    causes: Sequence[RecordedCause]
    came: Schedule
    _worlds: dict[frozenset[int], World] = field(default_factory=dict)

    def cost(self, place: Place, undone: frozenset[int]) -> Decimal | None:
        """Return the monthly cost at a target without some causes.

        None where a rate is unknown, and where the prompts would be longer than can be played.
        """
        import numpy as np  # noqa: PLC0415 - heavy

        rng = np.random.default_rng([self.workload.seed, _POLICY_STREAM, place.number])
        try:
            result = place.stage.play(self._world(undone), self.came.times, rng)
        except TooLongError:
            return None
        cost = monthly_cost(result, self.workload, self.came.scale)
        return cost.total if cost.is_known else None

    def together(self) -> list[tuple[str, ...]]:
        """Return, for each cause, the codes of those that show in the very same pairs."""
        pairs: defaultdict[tuple[RecordId, RecordId | None, int], set[int]] = defaultdict(set)
        for number, cause in enumerate(self.causes):
            for one in cause.occurrences:
                if one.remedy in _OF_PAIRS:
                    pairs[one.now, one.was, one.block].add(number)
        others: list[set[int]] = [set() for _ in self.causes]
        for numbers in pairs.values():
            for number in numbers:
                others[number] |= numbers - {number}
        return [tuple(sorted({self.causes[n].code for n in found})) for found in others]

    def _world(self, undone: frozenset[int]) -> World:
        """Return the requests without some causes; the last ones asked for are kept."""
        if undone not in self._worlds:
            while len(self._worlds) > 1:
                del self._worlds[next(iter(self._worlds))]
            found = (one for number in sorted(undone) for one in self.causes[number].occurrences)
            self._worlds[undone] = world_of(self.tape, undo_of(self.tape, found))
        return self._worlds[undone]


def places_of(
    bench: Bench,
    offers: Sequence[Offer],
    catalogue: Catalogue,
    models: Sequence[RecordedModel],
    members: Mapping[str, Sequence[int]],
) -> list[Place]:
    """Return the targets that serve any request.

    `members` are the numbers of the requests of each; models whose requests are played elsewhere
    than at their own target are in `models`.
    """
    chains: dict[str, Chains] = {}
    places = []
    for number, offer in enumerate(offers):
        served = members.get(str(offer.target), ())
        if not served:
            continue
        tokenizer = offer.card.tokenizer or "unknown"
        if tokenizer not in chains:
            chains[tokenizer] = Chains(bench.tape.blocks, tokenizer)
        stage = Stage(
            terms=terms_of(offer, catalogue, _toggles(bench, offer), models),
            chains=chains[tokenizer],
            tariff=Tariff(offer, bench.came.start),
            members=served,
            output_tokens=round(bench.workload.output_tokens.mean),
        )
        places.append(Place(number=number, stage=stage, causes=frozenset(_known(bench, stage))))
    return places


def _known(bench: Bench, stage: Stage) -> Iterator[int]:
    """Yield the causes that a target's rules know about and that show in what it serves."""
    served = {bench.tape.takes[number].id for number in stage.members}
    for number, cause in enumerate(bench.causes):
        found = [one for one in cause.occurrences if one.now in served]
        if found and all(map(stage.terms.undoes, found)):
            yield number


def _toggles(bench: Bench, offer: Offer) -> dict[str, int]:
    """Return the settings that lose something at the provider they were sent to."""
    found: dict[str, int] = {}
    for cause in bench.causes:
        if cause.provider == offer.target.provider:
            for one in cause.occurrences:
                part = _part(bench.tape, one)
                if part is not None:
                    found[one.name] = min(part, found.get(one.name, part))
    return found


def _part(tape: Tape, one: Occurrence) -> int | None:
    number = tape.number_of.get(one.now)
    if one.remedy is not Remedy.SAME_SETTING or number is None:
        return None
    return first_lost(tape.takes[number], one.block)
