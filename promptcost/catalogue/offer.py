"""An offer: a target on a day, with its price card, its cache semantics and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from promptcost.catalogue.card import PriceCard, RateTable
from promptcost.catalogue.provider import Modifier
from promptcost.catalogue.spec import CachePolicySpec
from promptcost.catalogue.target import Target


class NoteKind(StrEnum):
    """Why a figure that rests on an offer needs a warning."""

    STALE = "stale"
    PRICE_CHANGE = "price_change"
    NOT_ASSURED = "not_assured"
    RETIRES = "retires"
    RETIRED = "retired"
    LOW_TRUST = "low_trust"
    SNAPSHOT = "snapshot"
    NO_CACHING = "no_caching"
    PASSED_THROUGH = "passed_through"
    NOT_REPRESENTED = "not_represented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A warning about an offer; `at` is the instant it begins to matter, None when always."""

    kind: NoteKind
    message: str
    at: datetime | None = None

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What `Catalogue.select` found.

    `target` is canonical (aliases resolved, option filled in); `at` is the priced instant.
    `cache` names the kind of cache within its provider, empty without caching.
    `tables` holds one row per hour window (the first: outside of all), one table per size tier.
    """

    target: Target
    at: datetime
    cache: str
    card: PriceCard
    policy: CachePolicySpec
    modifiers: tuple[Modifier, ...]
    notes: tuple[Note, ...]
    tables: tuple[tuple[RateTable, ...], ...]

    def table(self, prompt_tokens: int, at: datetime | None = None) -> RateTable:
        """Return the rates for a prompt of so many tokens (read, written and uncached together).

        `at` chooses the hour window and defaults to the instant of the offer; the card stays.
        """
        row = self.tables[self._window(at or self.at)] if self.card.windows else self.tables[0]
        for index in range(len(self.card.size_tiers), 0, -1):
            if self.card.size_tiers[index - 1].applies(prompt_tokens):
                return row[index]
        return row[0]

    def _window(self, at: datetime) -> int:
        hits = (n for n, window in enumerate(self.card.windows, 1) if window.applies(at))
        return next(hits, 0)
