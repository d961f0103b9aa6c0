"""A clock that stands still: `time` and `datetime` as a builder sees them.

Monotonic clocks keep running, because event loops wait by them.  What reads the system's clock
below Python (compiled extensions) is not reached.
"""

# ruff: noqa: ANN401 - the signatures of the functions it stands for

from __future__ import annotations

import datetime as dt
import sys
import time
from typing import Any, Self

_REAL_DATE, _REAL_DATETIME = dt.date, dt.datetime
_BILLION = 1_000_000_000
# Real moments have microseconds, and isoformat() leaves them out where they are zero.
_FRACTION = 123_457_000
_REAL_LOCALTIME, _REAL_GMTIME = time.localtime, time.gmtime
_REAL_STRFTIME, _REAL_ASCTIME = time.strftime, time.asctime
_WALL_CLOCKS = ("time", "time_ns", "ctime", "localtime", "gmtime", "strftime", "asctime")

_nanoseconds = 0


def set_clock(moment: str) -> None:
    """Set the clock to an ISO moment."""
    global _nanoseconds  # noqa: PLW0603 - there is one clock in a process
    seconds = int(_REAL_DATETIME.fromisoformat(moment).timestamp())
    _nanoseconds = seconds * _BILLION + _FRACTION


def freeze() -> None:
    """Put the standing clock in place, also where a module has already taken the real one."""
    made: dict[object, object] = {
        _REAL_DATE: _FrozenDate,
        _REAL_DATETIME: _FrozenDatetime,
        **{getattr(time, name): globals()[f"_{name}"] for name in _WALL_CLOCKS},
    }
    if hasattr(time, "clock_gettime"):
        made[time.clock_gettime] = _clock_gettime(time.clock_gettime, _seconds)
        made[time.clock_gettime_ns] = _clock_gettime(time.clock_gettime_ns, _time_ns)
    for name, module in list(sys.modules.items()):
        if name != "_datetime" and not name.startswith("promptcost."):
            _replace(vars(module), made)


def _replace(names: dict[str, Any], made: dict[object, object]) -> None:
    for name, value in list(names.items()):
        if isinstance(value, type) or callable(value):
            try:
                names[name] = made.get(value, value)
            except TypeError:  # not hashable, so none of ours
                continue


def _seconds() -> float:
    return _nanoseconds / _BILLION


def _time() -> float:
    return _seconds()


def _time_ns() -> int:
    return _nanoseconds


def _localtime(seconds: float | None = None) -> time.struct_time:
    return _REAL_LOCALTIME(_seconds() if seconds is None else seconds)


def _gmtime(seconds: float | None = None) -> time.struct_time:
    return _REAL_GMTIME(_seconds() if seconds is None else seconds)


def _strftime(notation: str, moment: Any = None) -> str:
    return _REAL_STRFTIME(notation, _localtime() if moment is None else moment)


def _asctime(moment: Any = None) -> str:
    return _REAL_ASCTIME(_localtime() if moment is None else moment)


def _ctime(seconds: float | None = None) -> str:
    return _asctime(_localtime(seconds))


def _clock_gettime(real: Any, frozen: Any) -> Any:
    def read(clock: int) -> Any:
        return frozen() if clock == time.CLOCK_REALTIME else real(clock)

    return read


class _DateType(type):
    """Takes every date for one of the class in its place; classes derived from it as they are."""

    def __instancecheck__(cls, other: object) -> bool:
        if cls is _FrozenDate:
            return isinstance(other, _REAL_DATE)
        return isinstance(other, _REAL_DATETIME) if cls is _FrozenDatetime else _plain(cls, other)

    def __subclasscheck__(cls, other: type) -> bool:
        if cls is _FrozenDate:
            return issubclass(other, _REAL_DATE)
        if cls is _FrozenDatetime:
            return issubclass(other, _REAL_DATETIME)
        return type.__subclasscheck__(cls, other)


def _plain(cls: type, other: object) -> bool:
    return type.__instancecheck__(cls, other)


class _FrozenDate(dt.date, metaclass=_DateType):
    @classmethod
    def today(cls) -> Self:
        return cls.fromtimestamp(_seconds())

    def __repr__(self) -> str:
        return f"datetime.{super().__repr__()}"


class _FrozenDatetime(dt.datetime, metaclass=_DateType):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Self:
        return cls.fromtimestamp(_seconds(), tz)

    @classmethod
    def today(cls) -> Self:
        return cls.fromtimestamp(_seconds())

    @classmethod
    def utcnow(cls) -> Self:
        return cls.fromtimestamp(_seconds(), dt.UTC).replace(tzinfo=None)

    def __repr__(self) -> str:
        return f"datetime.{super().__repr__()}"


for _class, _name in ((_FrozenDate, "date"), (_FrozenDatetime, "datetime")):
    _class.__name__ = _class.__qualname__ = _name
    _class.__module__ = "datetime"
