"""Arguments in the types that a builder asks for: its dataclasses, models, enums and moments."""

# ruff: noqa: ANN401 - annotations and values can be anything

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import inspect
import types
import typing
from typing import Any

from promptcost.builders.values import Record


def typed_arguments(called: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return arguments in the types a function names, those that do not fit as they are."""
    function = called.__init__ if inspect.isclass(called) else called
    try:
        hints = typing.get_type_hints(inspect.unwrap(function))
    except Exception:  # noqa: BLE001 - an annotation is any expression of the user's
        return given
    return {name: typed(value, hints.get(name)) for name, value in given.items()}


def typed(value: Any, hint: Any) -> Any:
    """Return a value as its annotation says, itself where it cannot be that."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType, typing.Annotated}:
        made = (typed(value, each) for each in typing.get_args(hint))
        return next((each for each in made if each is not value), value)
    if isinstance(value, list) and typing.get_origin(hint) is not None:
        inner = (*typing.get_args(hint), None)[0]
        return [typed(item, inner) for item in value]
    if not inspect.isclass(hint):
        return value
    try:
        return _made(value, hint)
    except Exception:  # noqa: BLE001 - a constructor of the user's; the plain value may do
        return value


def _made(value: Any, kind: Any) -> Any:
    if isinstance(value, Record):
        if hasattr(kind, "model_validate"):
            return kind.model_validate(value)
        return _dataclass(value, kind) if dataclasses.is_dataclass(kind) else value
    if isinstance(value, str) and issubclass(kind, dt.date):
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, enum.Enum) else value


def _dataclass(value: Record, kind: Any) -> Any:
    hints = typing.get_type_hints(kind)
    return kind(**{name: typed(held, hints.get(name)) for name, held in value.items()})
