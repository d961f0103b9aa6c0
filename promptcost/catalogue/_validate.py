"""Strict reading of one pricing file: syntax, shape, cross-checks, overlaying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._schema import PricingFile
from promptcost.errors import Level, Problem
from promptcost.files.schema import validate
from promptcost.files.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from promptcost.catalogue._build import Raw

_KEYED = ("sources", "prefixes", "caches", "tiers", "windows")


def read_pricing(
    path: Path, builtin: Mapping[str, Callable[[], Raw]] | None = None
) -> tuple[Raw | None, list[Problem]]:
    """Return the values of a pricing file, overlaid on the built-in one of the same provider."""
    document, problems = read_yaml(path)
    if document is None:
        return None, problems
    _, found = validate(PricingFile, document)
    problems += found
    if any(problem.level is Level.ERROR for problem in problems):
        return None, problems
    return document.value, problems
