"""The catalogue as commands use it: with the user's files laid over it, faults raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.catalogue import Target, explain, load_catalogue
from promptcost.cli._project import open_project
from promptcost.errors import DataError, Level, Problem

if TYPE_CHECKING:
    from datetime import date

    from promptcost.catalogue import Catalogue, ExplainPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What questions about prices have in common: the day, whose prices, where the answer goes."""

    at: datetime | None
    pricing: Sequence[Path]
    output: Path | None
    config: Path | None
    no_config: bool

    def catalogue(self) -> Catalogue:
        """Return the catalogue with the pricing files named, or else those of the settings."""
        project = open_project(self.config, no_config=self.no_config)
        return open_catalogue(self.pricing or project.pricing)


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
