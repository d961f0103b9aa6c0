"""Distributions as they are written in a workload file, of tokens, turns or waiting times."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from promptcost.workload._fields import SECONDS_SCHEMA, Number, seconds, shown, unknown
from promptcost.workload.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
)

Quantity = Callable[[object], Decimal]

_SIGMA = Number("0", "2.5")  # beyond, single draws dwarf the rest of a month
_WEIGHT = Number("0", "1e6")
_MOST_VALUES = 10_000


def _law(raw: object, quantity: Quantity) -> Distribution:
    """Return a distribution written as a number or as ``{name: parameters}``."""
    if not isinstance(raw, Mapping):
        return Constant(value=float(quantity(raw)))
    if len(raw) != 1:
        message = f"names {len(raw)} distributions; write one, as in {{exponential: ...}}"
        raise ValueError(message)
    (name, written), *_ = raw.items()
    if name not in _MAKERS:
        raise ValueError(unknown("distribution", name, _MAKERS))
    return _MAKERS[name](written, quantity)


def _constant(written: object, quantity: Quantity) -> Constant:
    return Constant(value=float(quantity(written)))


def _geometric(written: object, quantity: Quantity) -> Geometric:
    mean = _mean(written, quantity)
    if mean < 1:
        message = f"geometric counts 1, 2, 3..., so its mean is at least 1, not {mean:g}"
        raise ValueError(message)
    return Geometric(mean=mean)


def _exponential(written: object, quantity: Quantity) -> Exponential:
    mean = _mean(written, quantity)
    if not mean:
        message = "an exponential distribution has a mean above 0"
        raise ValueError(message)
    return Exponential(mean=mean)


def _mean(written: object, quantity: Quantity) -> float:
    raw = _parameters(written, ("mean",))["mean"] if isinstance(written, Mapping) else written
    return float(quantity(raw))


def _lognormal(written: object, quantity: Quantity) -> Lognormal:
    raw = _parameters(written, ("median", "sigma"))
    median, sigma = float(quantity(raw["median"])), float(_SIGMA.number(raw["sigma"]))
    if not median:
        message = "a log-normal distribution has a median above 0"
        raise ValueError(message)
    return Lognormal(median=median, sigma=sigma)


def _uniform(written: object, quantity: Quantity) -> Uniform:
    raw = _parameters(written, ("low", "high"))
    low, high = quantity(raw["low"]), quantity(raw["high"])
    if not low < high:
        message = f"low {shown(raw['low'])} is not below high {shown(raw['high'])}"
        raise ValueError(message)
    return Uniform(low=float(low), high=float(high))


def _empirical(written: object, quantity: Quantity) -> Empirical:
    raw = written if isinstance(written, Mapping) else {"values": written}
    raw = _parameters(raw, ("values",), ("weights",))
    values = _list("values", raw["values"])
    weights = _list("weights", raw["weights"]) if "weights" in raw else [1] * len(values)
    if len(weights) != len(values):
        message = f"has {len(values)} values but {len(weights)} weights"
        raise ValueError(message)
    heavy = [float(_WEIGHT.number(weight)) for weight in weights]
    total = math.fsum(heavy)
    if not total:
        message = "has no weight above 0"
        raise ValueError(message)
    return Empirical(
        values=tuple(float(quantity(value)) for value in values),
        weights=tuple(weight / total for weight in heavy),
    )


def _list(name: str, raw: object) -> list[object]:
    if isinstance(raw, list) and 0 < len(raw) <= _MOST_VALUES:
        return raw
    message = f"{name} is not a list of 1 to {_MOST_VALUES} numbers"
    raise ValueError(message)


def _parameters(
    raw: object, needed: tuple[str, ...], others: tuple[str, ...] = ()
) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        message = f"{shown(raw)} is not a mapping with {' and '.join(needed)}"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
    for name in raw:
        if name not in {*needed, *others}:
            raise ValueError(unknown("parameter", name, (*needed, *others)))
    missing = [name for name in needed if name not in raw]
    if missing:
        message = f"has no {' and no '.join(missing)}"
        raise ValueError(message)
    return raw


_MAKERS: dict[str, Callable[[object, Quantity], Distribution]] = {
    "constant": _constant,
    "geometric": _geometric,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "empirical": _empirical,
}


def _schema(quantity: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a distribution of a quantity."""
    mean = {"anyOf": [quantity, _object({"mean": quantity}, ["mean"])]}
    sigma = {"type": "number", "minimum": 0, "maximum": 2.5}
    values = {"type": "array", "items": quantity, "minItems": 1, "maxItems": _MOST_VALUES}
    weights = {"type": "array", "items": {"type": "number", "minimum": 0}}
    laws = {
        "constant": quantity,
        "geometric": mean,
        "exponential": mean,
        "lognormal": _object({"median": quantity, "sigma": sigma}, ["median", "sigma"]),
        "uniform": _object({"low": quantity, "high": quantity}, ["low", "high"]),
        "empirical": {
            "anyOf": [values, _object({"values": values, "weights": weights}, ["values"])]
        },
    }
    one = {**_object(laws, []), "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [quantity, one]}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": required} if required else made


_TOKENS = Number("0", "1e7")
_TURNS = Number("1", "2000")

TokenLaw = Annotated[
    Distribution,
    PlainValidator(lambda raw: _law(raw, _TOKENS.number)),
    WithJsonSchema(_schema(_TOKENS.schema())),
]
TurnLaw = Annotated[
    Distribution,
    PlainValidator(lambda raw: _law(raw, _TURNS.number)),
    WithJsonSchema(_schema(_TURNS.schema())),
]
WaitLaw = Annotated[
    Distribution,
    PlainValidator(lambda raw: _law(raw, seconds)),
    WithJsonSchema(_schema(SECONDS_SCHEMA)),
]
