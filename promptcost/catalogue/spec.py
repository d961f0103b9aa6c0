"""Cache semantics as data: one frozen spec per cache family, evidence beside every knob.

Sources of the values are the pricing files; this module only says which knobs exist.
Lifetimes are `timedelta`, sizes are tokens of the model's own tokenizer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from promptcost.model.prompt import Isolation as Isolation  # noqa: PLC0414 - a knob's vocabulary

T = TypeVar("T")


class Evidence(StrEnum):
    """How a knob's value is known."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Knob(Generic[T]):
    """A value with the evidence for it and a note on where it comes from."""

    value: T
    evidence: Evidence = Evidence.ASSUMED
    note: str = ""


class Family(StrEnum):
    """The kinds of prompt cache that policies implement."""

    BREAKPOINT = "breakpoint"
    INCREMENT = "increment"
    UNIT = "unit"
    HANDLE = "handle"
    BLOCKS = "blocks"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCacheSpec:
    """No caching: every prompt token is input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakpointSpec:
    """Entries exist only at breakpoints; delta writes; lifetime refreshed by use.

    `write_kind_is_input`: the provider charges no premium and bills writes as input.
    `lookback`: positions tried per breakpoint, its own included.
    `automatic_tail`: the provider itself marks the end of the request when the caller does not.
    """

    ttl: Knob[timedelta]
    min_tokens: Knob[int]
    max_breakpoints: Knob[int]
    lookback: Knob[int]
    refreshed_by_use: Knob[bool]
    readable_after: Knob[timedelta]
    automatic_tail: Knob[bool]
    writes_billed_as_input: Knob[bool]
    isolation: Knob[Isolation]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncrementSpec:
    """Longest common prefix rounded down to a step; idle lifetime with an absolute cap.

    `max_age` None: no cap.  `requests_per_minute_per_key` None: no overflow.
    `placement_probability`: chance that a request reaches a machine that holds its prefix.
    """

    min_tokens: Knob[int]
    step: Knob[int]
    idle_ttl: Knob[timedelta]
    max_age: Knob[timedelta | None]
    requests_per_minute_per_key: Knob[int | None]
    placement_probability: Knob[float]
    readable_after: Knob[timedelta]
    isolation: Knob[Isolation]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpec:
    """Persisted units must match whole; a shared prefix is first readable on the third request."""

    min_tokens: Knob[int]
    step: Knob[int]
    idle_ttl: Knob[timedelta]
    readable_after: Knob[timedelta]
    isolation: Knob[Isolation]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleSpec:
    """A named object: created at the input price, rent per token-hour, cheap reads until expiry.

    `extended_by_use`: whether a read moves the expiry (callers that update the TTL on each use).
    """

    ttl: Knob[timedelta]
    min_tokens: Knob[int]
    extended_by_use: Knob[bool]
    readable_after: Knob[timedelta]
    isolation: Knob[Isolation]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksSpec:
    """Fixed-size blocks hashed in a chain, LRU over a finite capacity, tail evicted first.

    `capacity_tokens` None: unbounded.  The last token is always computed.
    """

    block_tokens: Knob[int]
    capacity_tokens: Knob[int | None]
    isolation: Knob[Isolation]


CachePolicySpec = NoCacheSpec | BreakpointSpec | IncrementSpec | UnitSpec | HandleSpec | BlocksSpec


def family_of(spec: CachePolicySpec) -> Family:
    """Return the family of a spec."""
    return _FAMILIES[type(spec)]


_FAMILIES: dict[type, Family] = {
    NoCacheSpec: Family.NONE,
    BreakpointSpec: Family.BREAKPOINT,
    IncrementSpec: Family.INCREMENT,
    UnitSpec: Family.UNIT,
    HandleSpec: Family.HANDLE,
    BlocksSpec: Family.BLOCKS,
}
