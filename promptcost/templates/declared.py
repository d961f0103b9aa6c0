"""Inputs that a file itself declares: the ``inputs`` and the ``sample`` of a prompty head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.files.yaml import parse_yaml

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

_HEAD = re.compile(r"\s*---[ \t]*\r?\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


def declared_inputs(source: TemplateSource) -> frozenset[str]:
    """Return the names a file declares as inputs of each call: those without a default."""
    head = _HEAD.match(source.container) if source.path.endswith(".prompty") else None
    if head is None:
        return frozenset()
    document, _ = parse_yaml(head[1], source.path)
    top = document.value if document is not None else None
    if not isinstance(top, dict):
        return frozenset()
    inputs, sample = top.get("inputs"), top.get("sample")
    declared = inputs if isinstance(inputs, dict) else {}
    shown = sample if isinstance(sample, dict) else {}
    fixed = {name for name, about in declared.items() if _has_default(about)}
    return frozenset({*declared, *shown} - fixed)


def _has_default(about: object) -> bool:
    return isinstance(about, dict) and "default" in about
