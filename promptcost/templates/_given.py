"""The user's own values in another world: what differs between contexts, and what time changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from promptcost.templates import _filler
from promptcost.templates._value import Value
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from promptcost.templates.names import Reading
    from promptcost.templates.synthesise import World

_MISSING = object()
# Ways of writing a moment that are recognised in text, finest first.
_FORMATS = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%A, %B %d, %Y",
    "%A, %d %B %Y",
    "%A",
    "%H:%M:%S",
    "%H:%M",
)


class Unordered(frozenset[Value]):
    """A set whose order depends on the process only, as that of a set of texts does in Python."""

    process: int

    def __new__(cls, items: Iterable[Value], process: int) -> Unordered:  # noqa: PYI034 - frozenset
        """Keep the items; odd processes see them in the opposite order."""
        made = super().__new__(cls, items)
        made.process = process
        return made

    def __iter__(self) -> Iterator[Value]:
        ordered = sorted(super().__iter__(), key=lambda item: _filler.number(repr(item)))
        return iter(ordered[::-1] if self.process % 2 else ordered)

    def __repr__(self) -> str:
        return "{" + ", ".join(repr(item) for item in self) + "}"


class GivenValues:
    """Values of the first context, varied by what the other contexts hold."""

    def __init__(
        self,
        world: World,
        base_clock: datetime,
        read: Callable[[str], Reading],
        sure: Callable[[str], bool],
    ) -> None:
        self._world = world
        self._passed = world.clock - base_clock
        self._read = read
        self._sure = sure

    def vary(self, value: Value, path: str, others: Sequence[Value]) -> Value:
        """Return the value in this world; `others` are the same value of the other contexts."""
        reading = self._read(path)
        if isinstance(value, set | frozenset):
            value = Unordered(value, self._world.process)
        if reading.kind is Kind.TIME and not isinstance(value, dict | list):
            return self._later(value, others)
        if reading.kind in self._world.changed and not reading.stability.is_static:
            replaced = self._other(value, path, others)
            if replaced is not _MISSING:
                return replaced
        if isinstance(value, dict):
            return {
                key: self.vary(inner, f"{path}.{key}", _inner(others, key))
                for key, inner in value.items()
            }
        if isinstance(value, list):
            items = [
                self.vary(item, f"{path}[]", _inner(others, at)) for at, item in enumerate(value)
            ]
            grows = reading.kind is Kind.HISTORY and self._world.turns
            return items + items[-2:] if grows else items
        return value

    def _other(self, value: Value, path: str, others: Sequence[Value]) -> Value:
        for other in others:
            if other is not _MISSING and other != value:
                return self.vary(other, path, ()) if isinstance(other, set) else other
        # Equal in every context given: constant as far as anybody has seen.
        if isinstance(value, dict | list) or not self._sure(path):
            return _MISSING
        if isinstance(value, str):
            words = max(len(value.split()), 1)
            return _filler.sentence(words, 1, path)
        return value + 1 if type(value) in {int, float} else _MISSING

    def _later(self, value: Value, others: Sequence[Value]) -> Value:
        if isinstance(value, datetime):
            return value + self._passed
        if isinstance(value, date):
            return value + timedelta(days=self._passed.days)
        moved = shift(value, self._passed) if isinstance(value, str) else None
        if moved is not None or not self._passed:
            return value if moved is None else moved
        return next((other for other in others if other not in (_MISSING, value)), value)


def shift(text: str, passed: timedelta) -> str | None:
    """Return a written moment moved on, in the same notation; None when it is not recognised."""
    for notation in _FORMATS:
        try:
            moment = datetime.strptime(text.strip(), notation)  # noqa: DTZ007 - as it is written
        except ValueError:
            continue
        if notation == "%A":
            return _shift_weekday(text, passed)
        return (moment + passed).strftime(notation)
    try:
        return (datetime.fromisoformat(text.strip()) + passed).isoformat()
    except (ValueError, OverflowError):
        return None


def _shift_weekday(text: str, passed: timedelta) -> str:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return days[(days.index(text.strip().capitalize()) + passed.days) % len(days)]


def _inner(others: Sequence[Value], key: str | int) -> list[Value]:
    found = []
    for other in others:
        if isinstance(other, dict):
            found.append(other.get(key, _MISSING))
        elif isinstance(other, list) and isinstance(key, int) and key < len(other):
            found.append(other[key])
        else:
            found.append(_MISSING)
    return found


def holds_set(value: Value) -> bool:
    """Say whether a value is a set or holds one."""
    if isinstance(value, dict):
        return any(holds_set(inner) for inner in value.values())
    if isinstance(value, list):
        return any(holds_set(inner) for inner in value)
    return isinstance(value, set | frozenset)


def differing(contexts: Sequence[Mapping[str, Value]]) -> frozenset[str]:
    """Return the paths at which contexts differ: the smallest parts that do."""
    found: set[str] = set()
    first, *others = [dict(context) for context in contexts] or [{}]
    for name, value in first.items():
        _differences(value, name, _inner(others, name), found)
    return frozenset(found)


def _differences(value: Value, path: str, others: Sequence[Value], found: set[str]) -> None:
    present = [other for other in others if other is not _MISSING]
    if all(other == value for other in present) and len(present) == len(others):
        return
    if isinstance(value, dict) and all(isinstance(other, dict) for other in present):
        for key, inner in value.items():
            _differences(inner, f"{path}.{key}", _inner(others, key), found)
    else:
        found.add(path)
