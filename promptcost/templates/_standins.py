"""Values for names nobody gave: text that answers whatever a template asks of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, SupportsIndex

from promptcost.templates._words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from promptcost.templates._value import Value

_TIME_METHODS = words(
    "strftime isoformat time year month day hour minute second weekday isoweekday timestamp"
    " ctime timetuple astimezone replace utcoffset tzname isocalendar toordinal"
)
# What Jinja asks of anything it calls; a stand-in must not answer yes.
_JINJA_MARKS = frozenset({"unsafe_callable", "alters_data", "jinja_pass_arg"})
_CLOCK_METHODS = frozenset({"now", "utcnow", "today", "datetime"})


class Text(str):
    """Text that also answers attributes, keys, calls and arithmetic with text.

    Templates do more with a value than print it, and a stand-in must not stop them.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_") or name in _JINJA_MARKS:
            raise AttributeError(name)
        return Text(f"{self} {name}")

    def __getitem__(self, key: SupportsIndex | slice) -> Value:
        if isinstance(key, slice):
            bounds = (key.start, key.stop, key.step)
            known = (None if isinstance(bound, Text) else bound for bound in bounds)
            return str.__getitem__(self, slice(*known))
        return str.__getitem__(self, key) if isinstance(key, int) else Text(f"{self} {key}")

    def __iter__(self) -> Iterator[str]:
        """Answer as a list of two would; nobody loops over the letters of a prompt."""
        return iter((Item(str(self)), Item(f"{self} more")))

    def __call__(self, *_args: Value, **_kwargs: Value) -> Text:
        return self

    def __add__(self, other: Value) -> Text:
        return Text(f"{self!s}{other!s}")

    def __radd__(self, other: Value) -> Text:
        return Text(f"{other!s}{self!s}")

    def _same(self, _other: Value) -> Text:
        return self

    __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _same
    __mul__ = __rmul__ = _same

    def __round__(self, _digits: int = 0) -> Text:
        return self

    def __neg__(self) -> Text:
        return self

    def __abs__(self) -> Text:
        return self

    def __int__(self) -> int:
        return len(self)

    def __index__(self) -> int:
        """Count as a few where a template counts to it."""
        return 3

    def __float__(self) -> float:
        return float(len(self))

    def __format__(self, spec: str) -> str:
        """Format as text, else as a whole number, a fraction, or as it is for a moment's spec."""
        for made in (str(self), sum(self.encode()), float(sum(self.encode()))):
            try:
                return format(made, spec)
            except ValueError:
                continue
        return str(self)

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __le__(self, other: object) -> bool:
        return str(self) <= str(other)

    def __gt__(self, other: object) -> bool:
        return str(self) > str(other)

    def __ge__(self, other: object) -> bool:
        return str(self) >= str(other)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Answer as a mapping of one entry would."""
        return (("key", str(self)),)

    def values(self) -> tuple[str, ...]:
        """Answer as a mapping of one entry would."""
        return (str(self),)

    def keys(self) -> tuple[str, ...]:
        """Answer as a mapping of one entry would."""
        return ("key",)


class Item(Text):
    """The text of an item, whose own items hold nothing: what walks a tree must come to an end."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Value:
        return Item(super().__getattr__(name))

    def __getitem__(self, key: SupportsIndex | slice) -> Value:
        return Item(super().__getitem__(key))

    def __iter__(self) -> Iterator[str]:
        """Answer as a list of two plain texts would."""
        return iter((str(self), f"{self} more"))


class TimeText(Text):
    """The text of a moment that also answers what a `datetime` answers."""

    __slots__ = ("moment",)
    moment: datetime | date

    def __new__(cls, text: str, moment: datetime | date) -> Self:
        made = super().__new__(cls, text)
        made.moment = moment
        return made

    def __getattr__(self, name: str) -> Value:
        if name in _CLOCK_METHODS:
            return self
        if name == "date":
            day = date(self.moment.year, self.moment.month, self.moment.day)
            return TimeText(day.isoformat(), day)
        if name in _TIME_METHODS:
            return getattr(self.moment, name)
        return super().__getattr__(name)

    def __format__(self, spec: str) -> str:
        """Format as a moment where the spec is one."""
        return format(self.moment, spec) if "%" in spec else super().__format__(spec)

    def replace(self, *args: Value, **kwargs: Value) -> Value:
        """Replace text, or parts of the moment when they are named."""
        return self.moment.replace(**kwargs) if kwargs else str.replace(self, *args)


class Field(Text):
    """A field of a stand-in that has the name of a text's method; `method` is called as that."""

    __slots__ = ("method",)
    method: Callable[..., Value]

    def __new__(cls, text: str, method: Callable[..., Value]) -> Self:
        made = super().__new__(cls, text)
        made.method = method
        return made


class Answer:
    """A function nobody gave: its text depends on its arguments."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[tuple[Value, ...]], Value]) -> None:
        self._make = make

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Return the text for these arguments."""
        return self._make((*args, *kwargs.values()))

    def __str__(self) -> str:
        return str(self._make(()))
