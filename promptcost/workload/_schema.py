"""The workload file as pydantic models: shapes, units and bounds of each value.

How values must fit each other is in `_checks`.  Descriptions appear in the reader's editor.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from promptcost.model.prompt import Role
from promptcost.workload._fields import (
    AS_MAPPING,
    BY_SHAPE,
    IN_SHORT,
    Day,
    Lifetime,
    Name,
    Number,
    Period,
    Share,
    StabilityWord,
    Text,
    Weights,
    Zone,
)
from promptcost.workload._laws import TokenLaw, TurnLaw, WaitLaw
from promptcost.workload.processes import ArrivalProcess
from promptcost.workload.profiles import HOURS, WEEKDAYS

Rate = Annotated[Decimal, Number("0.001", "1e9")]
Exponent = Annotated[Decimal, Number("0", "10")]
Members = Annotated[int, Number("1", "1e6")]
Deploys = Annotated[Decimal, Number("0", "1e5")]
Dollars = Annotated[Decimal, Number("0.01", "1e12")]
Seed = Annotated[int, Number("0", "1e18")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PoolModel(_Model):
    """A pool of texts, of which each use takes one."""

    size: Members
    """Number of texts."""

    zipf: Exponent = Decimal(0)
    """Skew: text k has weight 1 / k ** zipf; 0 makes all equally popular."""


Group = Annotated[Annotated[Members, IN_SHORT] | Annotated[PoolModel, AS_MAPPING], BY_SHAPE]
Hours = Annotated[tuple[float, ...], Weights(HOURS)]
Days = Annotated[tuple[float, ...], Weights(WEEKDAYS)]


class TrafficModel(_Model):
    """How many requests, and when conversations begin; give one of the three rates."""

    arrivals: ArrivalProcess | None = None
    """Evenly spaced, Poisson (the default), or Poisson over a daily profile."""

    requests_per_hour: Rate | None = None
    requests_per_day: Rate | None = None
    requests_per_month: Rate | None = None
    """A month is 30 days."""

    diurnal: Hours | None = None
    """A named daily profile, or 24 weights by local hour from midnight."""

    weekdays: Days | None = None
    """A named weekly profile, or 7 weights from Monday."""

    timezone: Zone | None = None
    """IANA name, as in Europe/Berlin; UTC by default."""

    start: Day | None = None
    """The local date on which the period begins."""


class ScopeModel(_Model):
    """Who calls: how many, or {size, zipf} where some call more than others."""

    tenants: Group | None = None
    users: Group | None = None
    """All users together; user u belongs to tenant u mod tenants."""

    workspaces: Members | None = None
    """The provider's workspaces that tenants are spread over."""


class PartModel(_Model):
    """A piece of the prompt: with tokens, with a template, or the growing history."""

    name: Name
    role: Role | None = None
    """Tools, system, or messages; by default what the name or the place says."""

    tokens: TokenLaw | None = None
    """Size: a number, or a distribution where everybody has a text of their own."""

    template: Text | None = None
    """A template file beside the workload, measured instead of declared."""

    variables: Annotated[dict[str, StabilityWord], Field(max_length=200)] | None = None
    """What each variable of the template varies with."""

    context: Text | None = None
    """A file with values for the template's variables."""

    stability: StabilityWord | None = None
    """What the text varies with: a clock word, an audience word, or one of each."""

    pool: PoolModel | None = None
    """The text is one of a pool, drawn anew for each of the audience (default: session)."""

    growth: Annotated[list[str], Field(max_length=100)] | None = None
    """Makes the part the history: the later parts that it keeps of every turn."""


class ConversationModel(_Model):
    """The requests of one session."""

    turns: TurnLaw | None = None
    """Requests per conversation; 1 by default."""

    think_time: WaitLaw | None = None
    """From one request of a conversation to the next, answering included."""


class MarkerModel(_Model):
    """An explicit cache mark."""

    after: str
    """The name of a part, or tail for the end of the request."""

    ttl: Lifetime | None = None
    """Lifetime, as in 5m or 1h; the target's own by default."""


class BudgetModel(_Model):
    """What the workload may cost."""

    usd_per_month: Dollars


class WorkloadModel(_Model):
    """A promptcost workload: one application's traffic and prompt."""

    name: Text | None = None
    period: Period | None = None
    """How long to simulate; 30d by default."""

    traffic: TrafficModel
    scope: ScopeModel = ScopeModel()
    prompt: Annotated[list[PartModel], Field(min_length=1, max_length=100)] | None = None
    """The parts in wire order: tools, system, messages."""

    template: Text | None = None
    """A prompt of a single template, instead of parts."""

    variables: Annotated[dict[str, StabilityWord], Field(max_length=200)] | None = None
    """What each variable of the template varies with."""

    context: Text | None = None
    """A file with values for the template's variables."""

    conversation: ConversationModel = ConversationModel()
    output_tokens: TokenLaw | None = None
    """Tokens per answer; 300 by default."""

    deploys_per_month: Deploys | None = None
    """Evenly spaced; each changes the parts of stability deploy."""

    markers: Annotated[list[MarkerModel], Field(max_length=16)] = []
    """Cache marks in wire order; without them each provider gets the natural ones."""

    targets: Annotated[list[Text], Field(max_length=100)] = []
    """What to price, as provider/model@option; globs are allowed."""

    uncertainty: Annotated[dict[str, Share], Field(max_length=100)] = {}
    """How sure an input is, as a log-normal sigma: requests_per_day: 20%."""

    budget: BudgetModel | None = None
    seed: Seed | None = None
    """Of all random draws; 0 by default."""
