"""The catalogue as commands use it: with the user's files laid over it, faults raised."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from promptcost.catalogue import Target, load_catalogue
from promptcost.errors import DataError, Level, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from promptcost.catalogue import Catalogue, Offer


def open_catalogue(pricing: Sequence[Path]) -> Catalogue:
    """Return the catalogue.  Raises DataError when a file of the user's has an error."""
    catalogue, problems = load_catalogue(overlay=pricing)
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    return catalogue


def instant(day: date) -> datetime:
    """Return the first instant of a day in UTC, at which its prices are looked up."""
    return datetime.combine(day, time(), tzinfo=UTC)


def one_target(catalogue: Catalogue, name: str) -> Target:
    """Return the target of a name.  Raises DataError with the nearest names when there is none."""
    try:
        asked = Target.parse(name)
    except ValueError as error:
        repair = "see 'promptcost prices list'"
        raise DataError([Problem(path=name, message=str(error), repair=repair)]) from error
    found = catalogue.resolve(asked)
    if isinstance(found, Problem):
        raise DataError([found])
    return found


def offer_of(catalogue: Catalogue, target: Target, day: date) -> Offer:
    """Return the offer of a target on a day.  Raises DataError when it has none."""
    offer = catalogue.select(target, instant(day))
    if isinstance(offer, Problem):
        raise DataError([offer])
    return offer
