"""What the catalogue knows about a provider beyond prices: caches, usage fields, breakers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from promptcost.catalogue.card import Source
from promptcost.catalogue.spec import CachePolicySpec, Family
from promptcost.model.usage import Meter, MeterKind


class Loss(StrEnum):
    """What a change makes unreadable, in the order tools, system, messages."""

    EVERYTHING = "everything"
    SYSTEM = "system"
    MESSAGES = "messages"
    FROM_THERE = "from_there"
    NOTHING = "nothing"
    MODEL_SPECIFIC = "model_specific"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalidation:
    """One row of a cache's table of prefix breakers: `change` is a slug shared by providers."""

    change: str
    loss: Loss
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheOption:
    """One way of caching at a provider: the ``@option`` of a target and its semantics.

    `spec` holds the provider's values; a model's own minimum and other exceptions are filled in
    by `Catalogue.select`.  None where the provider leaves a knob to its models.
    """

    option: str
    cache: str
    family: Family
    how: str
    spec: CachePolicySpec | None
    invalidation: tuple[Invalidation, ...]


class Total(StrEnum):
    """Whether a provider's input count includes the tokens read from and written to the cache."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageField:
    """The JSON paths whose numbers add up to a meter; each path is a list of alternatives.

    A path is dotted keys; of alternatives the first that is present counts.
    """

    meter: Meter
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageMapping:
    """How one API reports usage.  A field that is absent is unknown, not zero."""

    api: str
    total: Total
    fields: tuple[UsageField, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """A way of being billed: factors per meter kind; None bills the kind at the input rate.

    `rates` are published figures that differ from the product (the vendor rounds).  `until` is
    the day it is no longer sold.
    """

    name: str
    factors: tuple[tuple[MeterKind, Decimal | None], ...]
    rates: tuple[tuple[Meter, Decimal], ...] = ()
    disables_caching: bool = False
    excludes: tuple[str, ...] = ()
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderInfo:
    """A provider: its cache options, usage fields, sources and the day they were checked."""

    name: str
    title: str
    about: str
    checked: date
    aliases: tuple[str, ...]
    options: tuple[CacheOption, ...]
    usage: tuple[UsageMapping, ...]
    sources: tuple[Source, ...]
    not_represented: tuple[str, ...] = ()

    def option(self, cache: str, option: str) -> CacheOption | None:
        """Return a cache option by the name of its cache (`Offer.cache`) and its own."""
        found = (one for one in self.options if (one.cache, one.option) == (cache, option))
        return next(found, None)
