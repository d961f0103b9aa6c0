"""What one simulation says: every figure with its basis, so that reporters only lay it out.

Figures are for one month (`SimulationReport.month`); rates of hits and shares are floats in 0..1,
money is exact dollars, tokens are integers.  None means that the figure cannot be known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from promptcost.errors import Problem
from promptcost.model.count import CountMethod
from promptcost.model.money import Cost
from promptcost.model.usage import Meter, Usage

SCHEMA_VERSION = 1


class MarkerSource(StrEnum):
    """Who placed a cache marker: the workload file, the natural placement, or the provider."""

    DECLARED = "declared"
    NATURAL = "natural"
    AUTOMATIC = "automatic"


class BudgetStatus(StrEnum):
    """A cost against the budget; at risk: the expected cost fits and the P95 does not."""

    WITHIN = "within"
    AT_RISK = "at_risk"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """P5, P50 and P95 of the monthly cost over the declared uncertainty of the inputs."""

    p5: Decimal
    p50: Decimal
    p95: Decimal
    replicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBasis:
    """The price card a cost rests on; `checked` is the day its figures were read."""

    checked: date
    valid_from: date | None
    trust: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBasis:
    """Whose tokens were counted, how, and the largest relative half-width of a part's band."""

    tokenizer: str
    method: CountMethod
    relative_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMarker:
    """A cache marker as simulated: behind which part, for how long, placed by whom."""

    after: str
    ttl: timedelta | None
    source: MarkerSource


@dataclass(frozen=True, slots=True, kw_only=True)
class BelowMinimum:
    """A marker whose prefix was too short for the provider to cache, and how often.

    `shortest` and `longest` are the tokens of the prefixes seen below `minimum`; `certain` is
    False when the count's band straddles the minimum.
    """

    after: str
    minimum: int
    shortest: int
    longest: int
    requests: int
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCounts:
    """Cache events of the simulated requests; not scaled to the month.

    `writes` counts new entries; requests that wrote an entry already in flight are writes too.
    `refused` counts requests larger than the whole cache.
    """

    hits: int = 0
    misses: int = 0
    writes: int = 0
    refreshes: int = 0
    expiries: int = 0
    evictions: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableUsage:
    """Usage and cost of the requests that one rate table priced (size tier, hour window)."""

    table: str
    requests: int
    usage: Usage
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Cost without caching minus cost with it; negative when caching costs more.

    `share` is of the cost without caching, None when that is zero.
    """

    uncached: Decimal
    amount: Decimal
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The hit rate by token at which caching costs as much as no caching, and the one simulated.

    Both count marked tokens only: read / (read + written).
    """

    hit_rate: float
    simulated: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A knob of the cache's behaviour that no documentation settles: value, evidence, note."""

    knob: str
    value: str
    evidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResult:
    """What the workload would cost at one target, and why.

    `hit_rate_requests`: requests that read anything / requests; `hit_rate_tokens`: tokens read /
    prompt tokens.  `dominant_input` names the declared uncertainty that moves the cost most.
    """

    target: str
    family: str
    prices: PriceBasis
    tokens: TokenBasis
    requests: int
    usage: Usage
    tables: tuple[TableUsage, ...]
    hit_rate_requests: float
    hit_rate_tokens: float
    cost: Cost
    percentiles: Percentiles | None
    dominant_input: str
    saving: Saving | None
    break_even: BreakEven | None
    placement: tuple[PlacedMarker, ...]
    below_minimum: tuple[BelowMinimum, ...]
    events: EventCounts
    budget: BudgetStatus | None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterDifference:
    """Dollars a meter costs more (positive) at the runner-up than at the cheapest target."""

    meter: Meter
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheapest:
    """The cheapest target with a known cost, the runner-up, and which meters part them.

    `meters` are ordered by size; `why` is the one sentence that says it.
    """

    target: str
    cost: Decimal
    runner_up: str | None
    runner_up_cost: Decimal | None
    meters: tuple[MeterDifference, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputUncertainty:
    """A declared uncertainty of one input of the workload, relative (0.2 means ±20 %)."""

    name: str
    relative: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationReport:
    """Everything one run of the simulator found.

    `requests` in `conversations` were drawn and simulated; figures are scaled to the declared
    `requests_per_month`.  `defaults` are sentences on what was not declared.
    """

    workload: str
    path: str
    period: timedelta
    month: timedelta
    seed: int
    requests: int
    requests_per_month: int
    conversations: int
    priced_at: date
    defaults: tuple[str, ...]
    uncertainty: tuple[InputUncertainty, ...]
    targets: tuple[TargetResult, ...]
    cheapest: Cheapest | None
    budget: Decimal | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION
