"""Checking pricing files: everything that is wrong with them in one run, worked bills included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._examples import check_examples
from promptcost.catalogue._load import builtin_directory, pricing_files, readers_of
from promptcost.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from promptcost.catalogue._build import Raw
    from promptcost.errors import Problem


def validate(paths: Sequence[Path] = (), directory: Path | None = None) -> list[Problem]:
    """Return every fault of pricing files (or directories of them), in file and line order.

    A user's file is read over the built-in one of its provider, a built-in file (all of them when
    no path is given) by itself.  Examples are priced where the file has no errors.
    """
    base = directory or builtin_directory()
    problems: list[Problem] = []
    for path in pricing_files(paths or [base], problems):
        problems += _validate(path, base)
    return problems


def _validate(path: Path, base: Path) -> list[Problem]:
    from promptcost.catalogue._validate import read_pricing  # noqa: PLC0415 - heavy

    readers = readers_of(base)
    builtin = path.resolve().parent == base.resolve()
    raw, problems = read_pricing(path, {} if builtin else readers)
    if raw is None:
        return problems
    return [*problems, *check_examples(_with(raw, base), raw, str(path))]


def _with(raw: Raw, base: Path) -> Catalogue:
    return Catalogue({**readers_of(base), raw["provider"]: lambda: raw})
