"""The functions that Hugging Face chat templates are rendered with."""

# ruff: noqa: ANN401, FBT001, FBT002 - the signature of the function it stands for
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import TemplateRuntimeError

if TYPE_CHECKING:
    from jinja2 import Environment


class RaisedByTemplateError(TemplateRuntimeError):
    """The template called ``raise_exception``."""


def add_chat_functions(env: Environment) -> None:
    """Add ``raise_exception`` and the ``tojson`` that neither escapes HTML nor sorts keys."""
    env.globals["raise_exception"] = _raise_exception
    env.filters["tojson"] = _tojson


def _raise_exception(message: object = "") -> NoReturn:
    raise RaisedByTemplateError(str(message))


def _tojson(  # the signature of the function it stands for
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )
