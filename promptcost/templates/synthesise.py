"""Values for the names nobody gave, by what their name says and what the template does with them.

Deterministic from a seed; lengths are those of real prompts: a document of 200 words, a question
of 15, a setting of 15.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from promptcost.model.stability import Clock
from promptcost.templates import _filler
from promptcost.templates._conversation import Talk, conversation, tool_definitions
from promptcost.templates._standins import Answer, Text, TimeText
from promptcost.templates._words import words
from promptcost.templates.names import Kind, classify_call, split_words
from promptcost.templates.uses import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from promptcost.templates._shape import Shape
    from promptcost.templates._value import Value
    from promptcost.templates.names import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The state of everything a value can depend on.

    `changed` are the kinds whose values are other ones than in the base render, `turns` the rounds
    that were appended to histories, `process` the process whose hash seed orders sets.
    """

    clock: datetime
    seed: int = 0
    changed: frozenset[Kind] = field(default_factory=frozenset)
    turns: int = 0
    process: int = 0

    def version(self, kind: Kind) -> int:
        """Return the version of values of a kind: 1 when they changed, else 0."""
        return int(kind in self.changed)


_LONG = words(
    "text document documents content article passage diff code transcript story news body context"
    " page chunk segment review abstract docs chunks segments snippets results"
)
_WORDS = {
    Kind.PAYLOAD: 15,
    Kind.RETRIEVAL: 200,
    Kind.HISTORY: 100,
    Kind.TOOLS: 40,
    Kind.SETTING: 15,
    Kind.UNKNOWN: 15,
    Kind.ENVIRONMENT: 6,
    Kind.USER: 2,
    Kind.TENANT: 2,
}
# First or last words of settings that are numbers.
_COUNTS = words("num n no max min top total limit count size length threshold")
_LONG_WORDS = 200
_ITEMS = 2
_COUNTING = words("length count")
_ROLES = frozenset({"role", "content"})


class Synthesiser:
    """Makes the values of one world; `read` says what a path is."""

    def __init__(self, world: World, read: Callable[[str], Reading], talk: Talk | None) -> None:
        self._world = world
        self._read = read
        self._talk = talk

    def value(self, shape: Shape, at: tuple[int, ...] = ()) -> Value:
        """Return a stand-in for the value of a shape; `at` are the positions of its elements."""
        reading = self._read(shape.path)
        if Use.CALLED in shape.uses:
            return self._function(shape, reading, at)
        if self._is_conversation(shape):
            return self._messages(shape, reading)
        if self._talk is not None and shape.path == "tools":
            return tool_definitions(self._world.version(Kind.TOOLS), self._world.seed)
        return self._container(shape, reading, at)

    def _container(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> Value:
        if shape.is_mapping:
            return self._mapping(shape, reading, at)
        if shape.members:
            return [self._member(shape, reading, (*at, item)) for item in _upto(shape.members)]
        if shape.is_sequence:
            return self._sequence(shape, reading, at)
        if shape.attributes and reading.kind is not Kind.TIME:
            return {name: self.value(inner, at) for name, inner in shape.attributes.items()}
        return self._leaf(shape, reading, at)

    def _is_conversation(self, shape: Shape) -> bool:
        element = shape.element
        if "." in shape.path or element is None:
            return False
        return shape.path == "messages" or set(element.attributes) >= _ROLES

    def _messages(self, shape: Shape, reading: Reading) -> list[dict[str, Value]]:
        version = self._world.version(reading.kind)
        talk = self._talk or Talk.PLAIN
        made = conversation(talk, self._world.turns, version, self._world.seed)
        extra = shape.element.attributes.items() if shape.element is not None else ()
        return [
            {name: self.value(inner, (at,)) for name, inner in extra if self._talk is None}
            | message
            for at, message in enumerate(made)
        ]

    def _member(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> Value:
        inner = shape.members.get(at[-1])
        return self._leaf(shape, reading, at) if inner is None else self.value(inner, at)

    def _mapping(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> dict[str, Value]:
        version = self._world.version(reading.kind)
        keys = [
            _filler.sentence(1, version, self._world.seed, shape.path, at, item)
            for item in range(_ITEMS)
        ]
        inner = shape.entry
        values = [
            self._leaf(shape, reading, (*at, item))
            if inner is None
            else self.value(inner, (*at, item))
            for item in range(_ITEMS)
        ]
        named = {name: self.value(held, at) for name, held in shape.attributes.items()}
        return named | dict(zip(keys, values, strict=True))

    def _sequence(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> list[Value]:
        grown = self._world.turns if reading.kind is Kind.HISTORY and not at else 0
        places = [(*at, item) for item in range(_ITEMS + grown)]
        if shape.element is None:
            return [self._leaf(shape, reading, place) for place in places]
        return [self.value(shape.element, place) for place in places]

    def _function(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> Value:
        called = classify_call(shape.path)
        if Kind.TIME in {called.kind, reading.kind}:
            told = called if called.kind is Kind.TIME else reading
            return Answer(lambda args: self._now(args, told.clock, shape.path))
        if called.kind is Kind.RANDOM:
            version = self._world.version(Kind.RANDOM)
            return Answer(lambda args: self._identifier(shape, version, (*at, len(args))))
        version = self._version(reading)
        key = (self._world.seed, shape.path, at)

        def make(args: tuple[Value, ...]) -> Text:
            words = _WORDS.get(reading.kind, 15)
            told = _filler.number(*(repr(arg) for arg in args))
            return Text(_filler.sentence(words, version + told % 2, *key, told))

        return Answer(make)

    def _now(self, args: tuple[Value, ...], precision: Clock, name: str) -> Value:
        """Return the time in the format a call asks for, else as precise as its name is."""
        moment = self._world.clock
        if args and isinstance(args[0], str) and "%" in args[0]:
            return TimeText(moment.strftime(args[0]), moment)
        return time_text(precision, moment, name)

    def _leaf(self, shape: Shape, reading: Reading, at: tuple[int, ...]) -> Value:
        if reading.kind is Kind.TIME:
            return time_text(reading.clock, self._world.clock, shape.path)
        chosen = _chosen(shape, reading)
        if chosen is not None:
            return chosen
        version = self._version(reading)
        if reading.kind in {Kind.ID, Kind.SESSION, Kind.RANDOM}:
            return self._identifier(shape, version, at)
        if reading.kind is Kind.COUNTER:
            counted = not _COUNTING.isdisjoint(shape.filters)
            return [*range(3 + version)] if counted else 3 + version
        words = _length(shape, reading)
        text = _filler.sentence(words, version, self._world.seed, shape.path, at)
        if reading.kind is Kind.HISTORY and not at and not _is_rewritten(shape.path):
            for turn in range(self._world.turns):
                text += ". " + _filler.sentence(words // 3, version, shape.path, at, "turn", turn)
        return Text(text)

    def _version(self, reading: Reading) -> int:
        return self._world.version(reading.kind)

    def _identifier(self, shape: Shape, version: int, at: tuple[int, ...]) -> Text:
        return Text(_filler.identifier(12, version, self._world.seed, shape.path, at))


def time_text(precision: Clock, moment: datetime, name: str) -> TimeText:
    """Return a moment as a name of that precision would show it."""
    if "week" in name.lower():
        return TimeText(moment.strftime("%A"), moment)
    if precision is Clock.DAY:
        return TimeText(moment.date().isoformat(), moment.date())
    spec = {Clock.HOUR: "%Y-%m-%d %H:00", Clock.MINUTE: "%Y-%m-%d %H:%M"}
    shown = moment.strftime(spec.get(precision, "%Y-%m-%d %H:%M:%S"))
    return TimeText(shown, moment)


def _chosen(shape: Shape, reading: Reading) -> Value:
    """Return the value that the template's own comparisons and tests ask for, if they do."""
    constants = [item for item in shape.compared if item is not None and item != ""]
    printed = shape.uses & {Use.PRINTED, Use.PASSED, Use.ASSIGNED}
    if constants and (reading.stability.is_static or not printed):
        first = constants[0]
        is_flag = isinstance(first, bool)
        return first + 1 if isinstance(first, int | float) and not is_flag else first
    if "number" in shape.tests or "integer" in shape.tests or shape.filters & {"round", "int"}:
        return 3
    named = split_words(shape.path.rsplit(".", 1)[-1])
    if reading.kind is Kind.SETTING and _COUNTS & {*named[:1], *named[-1:]}:
        return 5
    return True if reading.kind is Kind.SETTING and not printed and not shape.filters else None


def _upto(members: Collection[int]) -> range:
    return range(max(members) + 1)


def _length(shape: Shape, reading: Reading) -> int:
    last = shape.path.replace("[]", "").rsplit(".", 1)[-1].lower()
    if reading.kind is Kind.PAYLOAD and last.rsplit("_", 1)[-1] in _LONG:
        return _LONG_WORDS
    return _WORDS.get(reading.kind, 15)


def _is_rewritten(path: str) -> bool:
    """Say whether a history is made anew each turn (a summary) rather than appended to."""
    return any(word in path.lower() for word in ("summary", "memor", "scratchpad", "todo"))
