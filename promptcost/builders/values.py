"""Values on their way into the process of a builder, as JSON that keeps dates, sets and keys."""

# ruff: noqa: ANN401 - values of any type

from __future__ import annotations

from datetime import date, datetime
from typing import Any

_TIME, _DAY, _SET, _MAPPING = "time", "day", "set", "mapping"


class Record(dict[Any, Any]):
    """A mapping whose keys can be read as attributes too, for builders that take objects."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def packed(value: object) -> object:
    """Return a value as JSON can hold it; what is no plain value becomes its text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_MAPPING: [[packed(key), packed(inner)] for key, inner in value.items()]}
    if isinstance(value, list | tuple):
        return [packed(item) for item in value]
    if isinstance(value, set | frozenset):
        # The order in which a set is filled can decide the order in which it is read.
        return {_SET: sorted((packed(item) for item in set(value)), key=repr)}
    if isinstance(value, date):
        return {_TIME if isinstance(value, datetime) else _DAY: value.isoformat()}
    return str.__str__(value) if isinstance(value, str) else str(value)


def unpacked(value: Any) -> Any:
    """Return the value that `packed` was given."""
    if isinstance(value, list):
        return [unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((sign, held),) = value.items()
    if sign == _MAPPING:
        return Record((unpacked(key), unpacked(inner)) for key, inner in held)
    if sign == _SET:
        return {unpacked(item) for item in held}
    return datetime.fromisoformat(held) if sign == _TIME else date.fromisoformat(held)
