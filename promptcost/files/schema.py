"""Validation of documents against pydantic models, with faults as problems on their lines."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from promptcost.files.yaml import MAX_PROBLEMS

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from promptcost.errors import Problem
    from promptcost.files.yaml import Document

    M = TypeVar("M", bound=BaseModel)

_SHORT = 60


def validate(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """Return the document as a model, or every fault in it with its line and a repair."""
    from pydantic import ValidationError  # noqa: PLC0415 - heavy

    if document.value is None:
        return None, [document.problem((), "is empty", "write a document")]
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        names = sorted(_field_names(model, set()))
        found = error.errors(include_url=False, include_context=False)[:MAX_PROBLEMS]
        return None, list(dict.fromkeys(_problem(document, fault, names) for fault in found))


def _problem(document: Document, fault: ErrorDetails, names: list[str]) -> Problem:
    path = _existing_path(document, fault["loc"])
    key = str(fault["loc"][-1])[:_SHORT] if fault["loc"] else ""
    where = ".".join(str(part) for part in path) or "the file"
    match fault["type"]:
        case "extra_forbidden":
            near = get_close_matches(key, names, n=1)
            repair = f"did you mean {near[0]!r}?" if near else "remove it"
            return document.problem(path, f"unknown key {key!r}", repair)
        case "missing":
            return document.problem(path, f"{where} has no {key!r}", f"add {key!r}")
        case "model_type" | "model_attributes_type" | "dict_type" | "list_type" as shape:
            kind = "list" if shape == "list_type" else "mapping"
            return document.problem(path, f"{where} is not a {kind}{_got(fault)}")
        case _:
            message = fault["msg"].removeprefix("Value error, ")
            return document.problem(path, f"{where}: {message}{_got(fault)}")


def _got(fault: ErrorDetails) -> str:
    value = fault["input"]
    scalar = value is None or isinstance(value, str | int | float)
    return f" (got {str(value)[:_SHORT]!r})" if scalar and fault["type"] != "value_error" else ""


def _existing_path(document: Document, loc: tuple[int | str, ...]) -> tuple[str | int, ...]:
    """Drop the parts of a pydantic location that name union members, not keys of the file."""
    path: tuple[str | int, ...] = ()
    for part in loc:
        if (*path, part) in document.places:
            path = (*path, part)
    return path


def _field_names(kind: Any, seen: set[Any]) -> set[str]:
    from pydantic import BaseModel  # noqa: PLC0415 - heavy

    if kind in seen:
        return set()
    seen.add(kind)
    names: set[str] = set()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            names |= {info.alias or name} | _field_names(info.annotation, seen)
    for inner in get_args(kind):
        names |= _field_names(inner, seen)
    return names
