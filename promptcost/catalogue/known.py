"""Known differences from other price tables: a YAML file of globs with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._load import builtin_directory
from promptcost.catalogue.compare import KnownDifference
from promptcost.errors import Level
from promptcost.files.schema import validate
from promptcost.files.yaml import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.catalogue.tables import TableKind
    from promptcost.errors import Problem

FOLDER = "known_differences"


def read_known(path: Path) -> tuple[tuple[KnownDifference, ...], list[Problem]]:
    """Read a known-differences file; with any error nothing in it counts."""
    from promptcost.catalogue._known_schema import KnownDifferencesFile  # noqa: PLC0415 - heavy

    document, problems = read_yaml(path)
    if document is None:
        return (), problems
    made, found = validate(KnownDifferencesFile, document)
    problems += found
    if made is None or any(problem.level is Level.ERROR for problem in problems):
        return (), problems
    known = (
        KnownDifference(target=one.target, rate=one.rate, reason=one.reason)
        for one in made.differences
    )
    return tuple(known), problems


def builtin_known(kind: TableKind) -> tuple[tuple[KnownDifference, ...], list[Problem]]:
    """Read the known differences that ship with the catalogue."""
    return read_known(builtin_directory() / FOLDER / f"{kind.value}.yaml")
