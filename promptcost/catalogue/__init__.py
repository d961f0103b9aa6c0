"""Prices and cache semantics of every provider: dated, sourced, with the evidence beside them."""

from promptcost.catalogue._load import load_catalogue
from promptcost.catalogue.card import PriceCard, RateTable, SizeTier, Source, Trust, price
from promptcost.catalogue.catalogue import Catalogue
from promptcost.catalogue.offer import Note, NoteKind, Offer
from promptcost.catalogue.provider import (
    CacheOption,
    Invalidation,
    Loss,
    Modifier,
    ProviderInfo,
    Total,
    UsageField,
    UsageMapping,
)
from promptcost.catalogue.spec import (
    BlocksSpec,
    BreakpointSpec,
    CachePolicySpec,
    Evidence,
    Family,
    HandleSpec,
    IncrementSpec,
    Isolation,
    Knob,
    NoCacheSpec,
    UnitSpec,
    family_of,
)
from promptcost.catalogue.target import Target
from promptcost.catalogue.validation import validate

__all__ = [
    "BlocksSpec",
    "BreakpointSpec",
    "CacheOption",
    "CachePolicySpec",
    "Catalogue",
    "Evidence",
    "Family",
    "HandleSpec",
    "IncrementSpec",
    "Invalidation",
    "Isolation",
    "Knob",
    "Loss",
    "Modifier",
    "NoCacheSpec",
    "Note",
    "NoteKind",
    "Offer",
    "PriceCard",
    "ProviderInfo",
    "RateTable",
    "SizeTier",
    "Source",
    "Target",
    "Total",
    "Trust",
    "UnitSpec",
    "UsageField",
    "UsageMapping",
    "family_of",
    "load_catalogue",
    "price",
    "validate",
]
