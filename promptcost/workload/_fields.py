"""The kinds of values in a workload file: what each accepts, and how an editor is told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema
from pydantic_core import core_schema

from promptcost.files.units import parse_duration, parse_share
from promptcost.model.stability import STABILITY_WORDS, Audience, Clock, Stability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
_LONGEST_PERIOD = timedelta(days=366)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_LONGEST_TEXT = 500
_SHORT = 60
_NAME = re.compile(r"\w(?:[\w -]{0,58}\w)?")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")


class Number:
    """An exact number within bounds, both included; whole where the annotated type is int."""

    def __init__(self, low: str, high: str) -> None:
        self.low, self.high = Decimal(low), Decimal(high)

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        check = self.whole if source is int else self.number
        return core_schema.no_info_before_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**self.schema(), "type": handler(schema).get("type", "number")}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the number."""
        return {"type": "number", "minimum": float(self.low), "maximum": float(self.high)}

    def number(self, value: object) -> Decimal:
        """Return the number.  Raises ValueError for anything else."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            message = f"{shown(value)} is not a number"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
        if not self.low <= value <= self.high:
            message = f"{shown(value)} is not between {self.low:f} and {self.high:f}"
            raise ValueError(message)
        return Decimal(value)

    def whole(self, value: object) -> int:
        """Return the whole number.  Raises ValueError for anything else."""
        number = self.number(value)
        if number != int(number):
            message = f"{shown(value)} is not a whole number"
            raise ValueError(message)
        return int(number)


class Weights:
    """Relative weights, one for each hour or weekday, or the name of a known profile."""

    def __init__(self, profiles: Mapping[str, tuple[float, ...]]) -> None:
        self._profiles = profiles
        self._count = len(profiles["flat"])

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.weights)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        size = {"minItems": self._count, "maxItems": self._count}
        numbers = {"type": "array", "items": _WEIGHT.schema(), **size}
        return {"anyOf": [{"enum": list(self._profiles)}, numbers]}

    def weights(self, value: object) -> tuple[float, ...]:
        """Return the weights.  Raises ValueError for anything else."""
        if isinstance(value, str):
            if value in self._profiles:
                return self._profiles[value]
            raise ValueError(unknown("profile", value, self._profiles))
        if not isinstance(value, list) or len(value) != self._count:
            message = f"is neither a profile nor a list of {self._count} weights"
            raise ValueError(message)
        weights = tuple(float(_WEIGHT.number(weight)) for weight in value)
        if not any(weights):
            message = "has no weight above 0, so there is no traffic"
            raise ValueError(message)
        return weights


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """Return the message about a word that is not one of the known, with the nearest of them."""
    near = get_close_matches(str(name)[:_SHORT], known, n=1)
    hint = f"did you mean {str(near[0])!r}?" if near else f"write one of {', '.join(known)}"
    return f"unknown {kind} {shown(name)}; {hint}"


def _shape(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "value"


BY_SHAPE = Discriminator(_shape)  # a value in short, or as a mapping
IN_SHORT, AS_MAPPING = Tag("value"), Tag("mapping")


_FRACTION = Number("0", "1")
_WEIGHT = Number("0", "1e6")


def _duration(value: object) -> timedelta:
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    if not isinstance(value, str):
        message = f"{shown(value)} is not a duration; write a unit, as in 45s, 5m, 1h or 30d"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
    return parse_duration(value)


def seconds(value: object) -> Decimal:
    """Return a duration of at most a day as seconds.  Raises ValueError for anything else."""
    made = _duration(value)
    if made > _DAY:
        message = f"{shown(value)} is longer than a day"
        raise ValueError(message)
    return Decimal(made // timedelta(microseconds=1)) / 1_000_000


def _period(value: object) -> timedelta:
    made = _duration(value)
    if not _HOUR <= made <= _LONGEST_PERIOD:
        message = f"{shown(value)} is not between 1h and 366d"
        raise ValueError(message)
    return made


def _ttl(value: object) -> timedelta:
    made = _duration(value)
    if made < _SECOND:
        message = f"{shown(value)} is too short a lifetime; leave the mark out or write 5m or 1h"
        raise ValueError(message)
    return made


def _share(value: object) -> Decimal:
    return _FRACTION.number(parse_share(value) if isinstance(value, str) else value)


def _stability(value: object) -> Stability:
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list):
        message = f"{shown(value)} is not a stability; write one of {', '.join(STABILITY_WORDS)}"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
    parts = [_stability_word(word) for word in words]
    clocks = [part.clock for part in parts if part.clock is not Clock.NEVER]
    audiences = [part.audience for part in parts if part.audience is not Audience.ALL]
    if not parts or len(clocks) > 1 or len(audiences) > 1:
        message = "takes at most one clock word and one audience word, as in [day, tenant]"
        raise ValueError(message)
    return Stability(
        clock=clocks[0] if clocks else Clock.NEVER,
        audience=audiences[0] if audiences else Audience.ALL,
    )


def _stability_word(word: object) -> Stability:
    if isinstance(word, str) and word in STABILITY_WORDS:
        return Stability.parse(word)
    raise ValueError(unknown("stability", word, STABILITY_WORDS))


def _zone(value: object) -> str:
    if isinstance(value, str) and value == "UTC":
        return value
    try:
        if isinstance(value, str) and _ZONE.fullmatch(value):
            return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass  # one message for every way of not being a time zone
    zones = available_timezones()
    if not zones:
        message = "time zones are not installed here; install the package tzdata or write UTC"
        raise ValueError(message)
    near = get_close_matches(str(value)[:_SHORT], zones, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "write an IANA name, as in Europe/Berlin"
    message = f"unknown time zone {shown(value)}; {hint}"
    raise ValueError(message)


def _date(value: object) -> date:
    try:
        made = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        message = f"{shown(value)} is not a date; write it as 2026-11-02"
        raise ValueError(message) from None
    if not _FIRST_DAY <= made <= _LAST_DAY:
        message = f"{shown(value)} is not between {_FIRST_DAY} and {_LAST_DAY}"
        raise ValueError(message)
    return made


def _name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    message = f"{shown(value)} is not a name; write letters, digits, blanks, - and _ (60 at most)"
    raise ValueError(message)


def _text(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and value.isprintable():
        return value
    message = f"{shown(value)} is not a line of text"
    raise ValueError(message)


def shown(value: object) -> str:
    """Return the beginning of a value for a message."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value[:40]) if isinstance(value, str) else str(value)[:40]


def _string(**rules: str | int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **rules})


_WORDS = {"enum": list(STABILITY_WORDS)}
_TEXT_DURATION = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*(us|ms|s|m|h|d)$"}
SECONDS_SCHEMA = {"anyOf": [_TEXT_DURATION, {"const": 0}]}
_DURATION = WithJsonSchema(SECONDS_SCHEMA)
_PERCENT = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"}

Name = Annotated[str, BeforeValidator(_name), _string(maxLength=60)]
Text = Annotated[str, BeforeValidator(_text), _string(minLength=1)]
Zone = Annotated[str, BeforeValidator(_zone), _string()]
Day = Annotated[date, BeforeValidator(_date), _string(format="date")]
Period = Annotated[timedelta, BeforeValidator(_period), _DURATION]
Lifetime = Annotated[timedelta, BeforeValidator(_ttl), _DURATION]
Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    WithJsonSchema({"anyOf": [_PERCENT, {"type": "number", "minimum": 0, "maximum": 1}]}),
]
StabilityWord = Annotated[
    Stability,
    BeforeValidator(_stability),
    WithJsonSchema({"anyOf": [_WORDS, {"type": "array", "items": _WORDS, "maxItems": 2}]}),
]
