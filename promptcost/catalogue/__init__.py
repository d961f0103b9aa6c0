"""Prices and cache semantics of every provider: dated, sourced, with the evidence beside them."""

from promptcost.catalogue._load import builtin_directory, load_catalogue
from promptcost.catalogue._usage import read_usage
from promptcost.catalogue.breakeven import HitRate, Rent, hit_rates, rent
from promptcost.catalogue.card import (
    Derivation,
    HourWindow,
    PriceCard,
    RateTable,
    SizeTier,
    Source,
    Trust,
    price,
)
from promptcost.catalogue.catalogue import Catalogue
from promptcost.catalogue.compare import Comparison, Difference, KnownDifference, compare
from promptcost.catalogue.explain import ExplainPage, KnobFact, explain
from promptcost.catalogue.known import builtin_known, read_known
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
from promptcost.catalogue.tables import PriceTable, RateKey, TableKind, TableRow, read_table
from promptcost.catalogue.target import Target
from promptcost.catalogue.validation import validate

__all__ = [
    "BlocksSpec",
    "BreakpointSpec",
    "CacheOption",
    "CachePolicySpec",
    "Catalogue",
    "Comparison",
    "Derivation",
    "Difference",
    "Evidence",
    "ExplainPage",
    "Family",
    "HandleSpec",
    "HitRate",
    "HourWindow",
    "IncrementSpec",
    "Invalidation",
    "Isolation",
    "Knob",
    "KnobFact",
    "KnownDifference",
    "Loss",
    "Modifier",
    "NoCacheSpec",
    "Note",
    "NoteKind",
    "Offer",
    "PriceCard",
    "PriceTable",
    "ProviderInfo",
    "RateKey",
    "RateTable",
    "Rent",
    "SizeTier",
    "Source",
    "TableKind",
    "TableRow",
    "Target",
    "Total",
    "Trust",
    "UnitSpec",
    "UsageField",
    "UsageMapping",
    "builtin_directory",
    "builtin_known",
    "compare",
    "explain",
    "family_of",
    "hit_rates",
    "load_catalogue",
    "price",
    "read_known",
    "read_table",
    "read_usage",
    "rent",
    "validate",
]
