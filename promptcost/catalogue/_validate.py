"""Strict reading of one pricing file: syntax, shape, cross-checks, worked examples."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from promptcost.catalogue._checks import cross_check, entries, mapping
from promptcost.catalogue._magnitudes import rate_check
from promptcost.catalogue._overlay import merge
from promptcost.catalogue._schema import PricingFile
from promptcost.errors import Level, Problem
from promptcost.files.schema import validate
from promptcost.files.yaml import MAX_PROBLEMS, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from promptcost.catalogue._build import Raw
    from promptcost.files.yaml import Document

MAX_ENTRIES = 2_000  # every price is held against every other of its provider
_NEEDED = ("name", "about", "sources", "usage", "models")


def read_pricing(
    path: Path, builtin: Mapping[str, Callable[[], Raw]] | None = None
) -> tuple[Raw | None, list[Problem]]:
    """Return the values of a pricing file, over the built-in one of the same provider if any.

    All faults are reported in one run; with any error there are no values.
    """
    document, problems = read_yaml(path)
    if document is None:
        return None, problems
    if not isinstance(document.value, dict):
        problems.append(document.problem((), "is not a pricing file", "begin with 'provider:'"))
        return None, problems
    over = document.value
    if _entries(over) > MAX_ENTRIES:
        message = f"holds more than {MAX_ENTRIES:,} prices and examples"
        problems.append(document.problem((), message, "split the file"))
        return None, problems
    reader = (builtin or {}).get(str(over.get("provider")))
    merged = merge(reader() if reader else {}, over)
    _, shape = validate(PricingFile, document)
    problems += [*map(_with_repair, shape), *_incomplete(document, merged)]
    problems += islice(
        chain(cross_check(document, merged), rate_check(document, merged)), MAX_PROBLEMS
    )
    found = sorted(dict.fromkeys(problems), key=lambda p: (p.line or 0, p.column or 0))
    if any(problem.level is Level.ERROR for problem in found):
        return None, found
    return merged, found


def _entries(over: Raw) -> int:
    prices = (model.get("prices") for _, model in entries(over.get("models")))
    return sum(len(some) for some in (*prices, over.get("examples")) if isinstance(some, list))


def _with_repair(problem: Problem) -> Problem:
    """Move the repair that a check of ours wrote after a semicolon to its own field."""
    message, _, repair = problem.message.partition("; ")
    made = problem.repair or repair or "see pricing.schema.json for what may stand there"
    return replace(problem, message=message, repair=made)


def _incomplete(document: Document, merged: Raw) -> list[Problem]:
    """Return what a provider of its own, one that overlays nothing, still needs."""
    needed = [key for key in _NEEDED if key not in merged]
    if "models" in needed and mapping(merged.get("upstreams")):
        needed.remove("models")
    at = ("provider",)
    return [
        document.problem(at, f"a provider that is not built in needs {key!r}", f"add {key!r}")
        for key in needed
    ]
