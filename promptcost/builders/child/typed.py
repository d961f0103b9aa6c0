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

_DEEPEST = 3  # objects in objects


def hints_of(called: Any) -> dict[str, Any]:
    """Return the annotations of a function or constructor, none where they mean nothing."""
    function = called.__init__ if inspect.isclass(called) else called
    try:
        return typing.get_type_hints(inspect.unwrap(function))
    except Exception:  # noqa: BLE001 - an annotation is any expression of the user's
        return {}


def fields_of(path: str, hint: Any, depth: int = 0) -> dict[str, str]:
    """Return the fields of a dataclass or model, by dotted path, as they are annotated."""
    for each in typing.get_args(hint):
        if inspect.isclass(each) and _field_hints(each) and typing.get_origin(hint) is not list:
            return fields_of(path, each, depth)
    found: dict[str, str] = {}
    for name, inner in _field_hints(hint).items():
        below = fields_of(f"{path}.{name}", inner, depth + 1) if depth < _DEEPEST else {}
        found |= below or {f"{path}.{name}": inspect.formatannotation(inner)}
    return found


def _field_hints(kind: Any) -> dict[str, Any]:
    if not inspect.isclass(kind):
        return {}
    if not dataclasses.is_dataclass(kind) and not hasattr(kind, "model_validate"):
        return {}
    names = getattr(kind, "model_fields", None) or getattr(kind, "__dataclass_fields__", {})
    try:
        hints = typing.get_type_hints(kind)
    except Exception:  # noqa: BLE001 - an annotation is any expression of the user's
        return {}
    return {name: hints[name] for name in names if name in hints}


def typed_arguments(called: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return arguments in the types a function names, those that do not fit as they are."""
    hints = hints_of(called)
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
    hints = _field_hints(kind)
    return kind(**{name: typed(value[name], hint) for name, hint in hints.items() if name in value})
