"""The catalogue as commands use it: with the user's files laid over it, faults raised."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from promptcost.catalogue import Target, explain, load_catalogue
from promptcost.errors import DataError, Level, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from promptcost.catalogue import Catalogue, ExplainPage


def open_catalogue(pricing: Sequence[Path]) -> Catalogue:
    """Return the catalogue.  Raises DataError when a file of the user's has an error."""
    catalogue, problems = load_catalogue(overlay=pricing)
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    return catalogue


def instant(day: date) -> datetime:
    """Return the first instant of a day in UTC, at which its prices are looked up."""
    return datetime.combine(day, time(), tzinfo=UTC)


def page_of(catalogue: Catalogue, name: str, day: date) -> ExplainPage:
    """Return what is known about a target on a day.  Raises DataError with the nearest names."""
    try:
        target = Target.parse(name)
    except ValueError as error:
        repair = "see 'promptcost prices list'"
        raise DataError([Problem(path=name, message=str(error), repair=repair)]) from error
    page = explain(catalogue, target, instant(day))
    if isinstance(page, Problem):
        raise DataError([page])
    return page
