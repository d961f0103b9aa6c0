"""Report objects as plain JSON values, by one set of rules that `schema` describes.

Fields keep their names, with these rules: an exact decimal is a string, a duration is a number of
seconds in a field whose name ends in ``_seconds``, a day or instant is ISO 8601, a meter is its
name, an enumeration its word, and the place of a finding lies flat beside its other fields.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, singledispatch
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from promptcost.model.audit_report import SurvivalRow, TargetSurvival
from promptcost.model.finding import Finding, Severity
from promptcost.model.money import Cost
from promptcost.model.usage import Meter, Usage
from promptcost.report.safe import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

DERIVED: dict[type, tuple[str, ...]] = {
    TargetSurvival: ("share", "clears_minimum"),
    SurvivalRow: ("survives",),
}
FLATTENED = {(Finding, "place")}


@singledispatch
def encode(value: object) -> Json:
    """Return a value of the model as JSON.  Raises TypeError for what no rule covers."""
    message = f"no rule to write {type(value).__name__} as JSON"
    if not is_dataclass(value):
        raise TypeError(message)
    kind: Any = type(value)
    written: dict[str, Json] = {}
    for name, key in keys(kind).items():
        encoded = encode(getattr(value, name))
        if (kind, name) in FLATTENED and isinstance(encoded, dict):
            written.update(encoded)
        else:
            written[key] = encoded
    return written


@encode.register(NoneType)
@encode.register(bool)
@encode.register(int)
@encode.register(float)
def _(value: float | None) -> Json:
    return value


@encode.register
def _(value: str) -> Json:  # the words of enumerations too
    return whole(str(value))


@encode.register
def _(value: Severity) -> Json:
    return value.word


@encode.register
def _(value: Decimal) -> Json:
    return f"{value:f}"


@encode.register
def _(value: date) -> Json:  # an instant is a date too
    return value.isoformat()


@encode.register
def _(value: timedelta) -> Json:
    return value.total_seconds()


@encode.register(tuple)
def _(value: tuple[object, ...]) -> Json:
    return [encode(item) for item in value]


@encode.register
def _(value: Meter) -> Json:
    return str(value)


@encode.register
def _(value: Usage) -> Json:
    return {"counts": _by_meter(value.counts), "unknown": _names(value.unknown)}


@encode.register
def _(value: Cost) -> Json:
    total = encode(value.total) if value.is_known else None
    unknown = _names(value.unknown)
    return {"total": total, "amounts": _by_meter(value.amounts), "unknown": unknown}


@cache
def keys(kind: Any) -> dict[str, str]:  # noqa: ANN401 - a dataclass
    """Return the JSON key of every field and derived figure of a dataclass, in order."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    timed = [name for name in names if timedelta in {hints[name], *get_args(hints[name])}]
    written = {name: f"{name}_seconds" if name in timed else name for name in names}
    return written | {name: name for name in DERIVED.get(kind, ())}


def _by_meter(amounts: Mapping[Meter, int] | Mapping[Meter, Decimal]) -> dict[str, Json]:
    return {str(meter): encode(amounts[meter]) for meter in sorted(amounts, key=str)}


def _names(kinds: Iterable[object]) -> list[Json]:
    return [str(kind) for kind in sorted(kinds, key=str)]
