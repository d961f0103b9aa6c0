"""Inputs that a file itself declares in its head: those of prompty, and of dotprompt.

Prompty has ``inputs`` and a ``sample``, dotprompt an ``input`` with a ``schema`` and a ``default``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.files.yaml import parse_yaml

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

_WORD = re.compile(r"\W")
_HEAD = re.compile(r"\s*---[ \t]*\r?\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


def declared_inputs(source: TemplateSource) -> frozenset[str]:
    """Return the names a file declares as inputs of each call: those without a default."""
    if not source.path.endswith((".prompty", ".prompt")):
        return frozenset()
    head = _HEAD.match(source.container)
    if head is None:
        return frozenset()
    document, _ = parse_yaml(head[1], source.path)
    top = document.value if document is not None else None
    if not isinstance(top, dict):
        return frozenset()
    if source.path.endswith(".prompt"):
        return _of_dotprompt(top.get("input"))
    inputs, sample = top.get("inputs"), top.get("sample")
    declared = inputs if isinstance(inputs, dict) else {}
    shown = sample if isinstance(sample, dict) else {}
    fixed = {name for name, about in declared.items() if _has_default(about)}
    return frozenset({*declared, *shown} - fixed)


def _has_default(about: object) -> bool:
    return isinstance(about, dict) and "default" in about


def _of_dotprompt(about: object) -> frozenset[str]:
    """Return the fields of an input's schema; ``name?(array)`` is the field ``name``."""
    top = about if isinstance(about, dict) else {}
    schema, default = top.get("schema"), top.get("default")
    fields = (
        {_WORD.split(name, maxsplit=1)[0] for name in schema} if isinstance(schema, dict) else set()
    )
    return frozenset(fields.difference(default if isinstance(default, dict) else ()))
