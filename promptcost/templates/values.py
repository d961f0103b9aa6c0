"""The values of a template's variables in any world, and how sure their reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, assert_never

from promptcost.model.audit_report import ContextSource
from promptcost.model.finding import Confidence
from promptcost.model.stability import Audience, Clock
from promptcost.templates._given import GivenValues, differing, holds_set
from promptcost.templates._kinds import Assigned
from promptcost.templates._shape import Shape, shapes
from promptcost.templates.contexts import Contexts
from promptcost.templates.names import Kind, Reading, classify, classify_call, is_limit
from promptcost.templates.synthesise import Synthesiser, World
from promptcost.templates.uses import Use, VariableUse

if TYPE_CHECKING:
    from promptcost.templates._conversation import Talk
    from promptcost.templates._value import Value

PASSED_TO_CHATS = frozenset({"messages", "tools", "add_generation_prompt"})
_OF_TALKS = frozenset({Kind.HISTORY, Kind.TOOLS})  # what a list shaped like messages shows
_OF_AUDIENCE = {
    Audience.REQUEST: Kind.PAYLOAD,
    Audience.TURN: Kind.HISTORY,
    Audience.SESSION: Kind.SESSION,
    Audience.USER: Kind.USER,
    Audience.TENANT: Kind.TENANT,
    Audience.ALL: Kind.SETTING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is known about the variables of one template.

    `payload` are names the file itself declares as inputs of each call, `labels` is what its text
    says of paths whose names say nothing, `shown` of those whose names say something else,
    `assigned` what the file around it sets names to.
    """

    variables: tuple[VariableUse, ...]
    contexts: Contexts
    payload: frozenset[str] = frozenset()
    labels: Mapping[str, Reading] = field(default_factory=dict)
    shown: Mapping[str, Reading] = field(default_factory=dict)
    assigned: Mapping[str, Assigned] = field(default_factory=dict)


class Detail(Enum):
    """How much is synthesised, most first; a template that fails with one may do with the next."""

    FULL = "stand-ins for all names"
    TEXTS = "stand-ins for printed names"
    NOTHING = "no stand-ins"


class Values:
    """The values of a template's variables in any world, and how sure their reading is.

    `base` is the world of the base render.
    """

    def __init__(
        self,
        inputs: Inputs,
        base: World,
        talk: Talk | None = None,
        detail: Detail = Detail.FULL,
    ) -> None:
        self._inputs = inputs
        self.detail = detail
        self.base = base
        self._talk = talk
        self._named = list(inputs.contexts.named.values())
        self._given: Mapping[str, Any] = self._named[0] if self._named else {}
        self._differing = differing(self._named)
        self.shapes = shapes(inputs.variables)
        self.has_sets = any(holds_set(value) for value in self._given.values())
        self._called = {use.name for use in inputs.variables if Use.CALLED in use.uses}
        self.reading = cache(self._reading)
        self._made: dict[tuple[Any, ...], Any] = {}

    def context(self, world: World) -> dict[str, Any]:
        """Return the value of every variable in a world; names with a default are left out."""
        later = replace(world, turns=world.turns - self.base.turns)
        given = GivenValues(later, self.base.clock, self.reading, self._is_free)
        made = {
            name: given.vary(value, name, [other.get(name) for other in self._named[1:]])
            for name, value in self._given.items()
        }
        for name, kinds in self._synthesised.items():
            value = self._stand_in(name, world, kinds)
            if self._suits(value):
                made[name] = value
        return made

    @cached_property
    def _synthesised(self) -> dict[str, frozenset[Kind]]:
        """Return the names that get a stand-in, and the kinds of what it may hold."""
        return {
            name: _OF_TALKS.union(*(self._kinds_of(part.path) for part in shape.parts()))
            for name, shape in self.shapes.items()
            if name not in self._given and not self._is_left_out(name, shape)
        }

    def _kinds_of(self, path: str) -> set[Kind]:
        called = {classify_call(path).kind} if path in self._called else set()
        return {self.reading(path).kind, *called}

    def _stand_in(self, name: str, world: World, kinds: frozenset[Kind]) -> Value:
        """Return the value of a name, made once for all worlds that agree in what it holds."""
        clock = world.clock if Kind.TIME in kinds else None
        key = (name, world.changed & kinds, clock, world.turns, world.seed)
        if key not in self._made:
            made = Synthesiser(world, self.reading, self._talk)
            self._made[key] = made.value(self.shapes[name])
        return self._made[key]

    def in_talk(self, talk: Talk) -> Values:
        """Return the same values with another conversation."""
        return Values(self._inputs, self.base, talk, self.detail)

    def relevant(self, world: World, kinds: frozenset[Kind]) -> World:
        """Return a world without the changes that values of some kinds cannot show."""
        base = self.base
        return World(
            clock=world.clock if Kind.TIME in kinds else base.clock,
            seed=world.seed,
            changed=world.changed & kinds,
            turns=world.turns if Kind.HISTORY in kinds else base.turns,
            process=world.process if self.has_sets else base.process,
        )

    def _is_left_out(self, name: str, shape: Shape) -> bool:
        """Say whether a template does without a name: it sets it, or it is a switch of a chat.

        Who renders a chat template passes messages and tools, and seldom any of its switches.
        """
        if self._talk is not None and name in PASSED_TO_CHATS:
            return False
        if _has_own_value(shape):
            return True
        # What it asks for is a switch or documents, which an ordinary call does not pass.
        is_asked = shape.tests & {"defined", "undefined"} or "default" in shape.filters
        is_switch = bool(is_asked) or Use.TESTED in shape.uses or shape.uses == {Use.PASSED}
        return self._talk is not None and Use.CALLED not in shape.uses and is_switch

    def _suits(self, value: object) -> bool:
        match self.detail:
            case Detail.FULL:
                return True
            case Detail.TEXTS:
                return isinstance(value, str)
            case Detail.NOTHING:
                return False
            case _:
                assert_never(self.detail)

    def _is_free(self, path: str) -> bool:
        """Say whether a given value may be replaced although no other context does it."""
        return not self._named[1:] or self._inputs.contexts.declared(path) is not None

    def _reading(self, path: str) -> Reading:
        """Return what a path is: the user's word first, then the contexts, then the name."""
        named = self._by_name(path)
        declared = self._inputs.contexts.declared(path)
        if declared is None:
            seen = named.stability.is_static and self._differs(path)
            return Reading(kind=Kind.PAYLOAD) if seen else named
        if declared.clock not in {Clock.NEVER, Clock.DEPLOY}:
            return Reading(kind=Kind.TIME, clock=declared.clock)
        if declared.audience is named.stability.audience and named.kind is not Kind.TIME:
            return named
        return Reading(kind=_OF_AUDIENCE[declared.audience])

    def _by_name(self, path: str) -> Reading:
        told = self._inputs.assigned.get(path)
        if told is not None:
            return told.reading
        root = path.split(".", 1)[0].split("[", 1)[0].split("{", 1)[0]
        if path in self._called:
            called = classify_call(path)
            if called.kind is not Kind.UNKNOWN:
                return called
        named = self._inputs.shown.get(path) or classify(path)
        is_said = named.kind is Kind.UNKNOWN or (named.kind is Kind.SETTING and not is_limit(path))
        if root in self._inputs.payload and is_said:
            return Reading(kind=Kind.PAYLOAD)
        if named.kind is not Kind.UNKNOWN or self._is_same(root, path):
            return named
        whole = self._inputs.assigned.get(root)
        return self._inputs.labels.get(path, named) if whole is None else whole.reading

    def _is_same(self, root: str, path: str) -> bool:
        """Say whether several contexts show that a value is the same in all of them."""
        given = len(self._named) > 1 and all(root in context for context in self._named)
        return given and not self._differs(path)

    def _differs(self, path: str) -> bool:
        plain = path.replace("[]", "").replace("{}", "")
        return any(plain == at or plain.startswith(f"{at}.") for at in self._differing)

    def confidence(self, path: str) -> Confidence:
        """Say how it is known what a path varies with; what a known function does is known."""
        if path in self._called and classify_call(path).kind is not Kind.UNKNOWN:
            return Confidence.CONFIRMED
        told = self._inputs.assigned.get(path)
        if told is not None and told.is_certain:
            return Confidence.CONFIRMED
        if self._differs(path) or any(at.startswith(f"{path}.") for at in self._differing):
            return Confidence.CONFIRMED
        if self._inputs.contexts.declared(path) is not None:
            return Confidence.DECLARED
        return Confidence.SUSPECTED

    def source(self) -> ContextSource:
        """Say where the values come from."""
        made = [name for name, shape in self.shapes.items() if not self._is_left_out(name, shape)]
        missing = [name for name in made if name not in self._given]
        if not self.shapes:
            return ContextSource.NONE
        if not missing:
            return ContextSource.GIVEN
        return ContextSource.MIXED if len(missing) < len(made) else ContextSource.SYNTHESISED

    def stand_ins(self) -> tuple[str, ...]:
        """Return the names that have no value of the user's."""
        return tuple(name for name in self.shapes if name not in self._given)

    @cached_property
    def _kinds(self) -> frozenset[Kind]:
        paths = {variable.name for variable in self._inputs.variables}
        given = {at for at in self._differing if at.split(".", 1)[0] in self.shapes}
        return frozenset(self.reading(path).kind for path in paths | given)

    def kinds(self) -> frozenset[Kind]:
        """Return the kinds of everything the template reads."""
        return self._kinds


def _has_own_value(shape: Shape) -> bool:
    """Say whether the template sets the name itself when it is not given."""
    return shape.defaulted and Use.ASSIGNED in shape.uses and "defined" in shape.tests
