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
from promptcost.workload.profiles import HOURS, WEEKDAYS
from promptcost.workload.spec import ArrivalProcess

Rate = Annotated[Decimal, Number("0.001", "1e9")]
Exponent = Annotated[Decimal, Number("0", "10")]
Members = Annotated[int, Number("1", "1e6")]
Deploys = Annotated[Decimal, Number("0", "1e5")]
Dollars = Annotated[Decimal, Number("0.01", "1e12")]
Seed = Annotated[int, Number("0", "1e18")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PoolModel(_Model):
    """A pool of texts, of which each use takes one; item k has weight 1 / k ** zipf."""

    size: Members
    zipf: Exponent = Decimal(0)


Group = Annotated[Annotated[Members, IN_SHORT] | Annotated[PoolModel, AS_MAPPING], BY_SHAPE]
Hours = Annotated[tuple[float, ...], Weights(HOURS)]
Days = Annotated[tuple[float, ...], Weights(WEEKDAYS)]


class TrafficModel(_Model):
    """How many requests, and when conversations begin."""

    arrivals: ArrivalProcess | None = None
    requests_per_hour: Rate | None = None
    requests_per_day: Rate | None = None
    requests_per_month: Rate | None = None
    diurnal: Hours | None = None
    weekdays: Days | None = None
    timezone: Zone | None = None
    start: Day | None = None


class ScopeModel(_Model):
    """Who calls."""

    tenants: Group | None = None
    users: Group | None = None
    workspaces: Members | None = None


class PartModel(_Model):
    """A piece of the prompt."""

    name: Name
    role: Role | None = None
    tokens: TokenLaw | None = None
    template: Text | None = None
    variables: Annotated[dict[str, StabilityWord], Field(max_length=200)] | None = None
    context: Text | None = None
    stability: StabilityWord | None = None
    pool: PoolModel | None = None
    growth: Annotated[list[str], Field(max_length=100)] | None = None


class ConversationModel(_Model):
    """The requests of one session."""

    turns: TurnLaw | None = None
    think_time: WaitLaw | None = None


class MarkerModel(_Model):
    """An explicit cache mark."""

    after: str
    ttl: Lifetime | None = None


class BudgetModel(_Model):
    """What the workload may cost."""

    usd_per_month: Dollars


class WorkloadModel(_Model):
    """A promptcost workload: one application's traffic and prompt."""

    name: Text | None = None
    period: Period | None = None
    traffic: TrafficModel
    scope: ScopeModel = ScopeModel()
    prompt: Annotated[list[PartModel], Field(min_length=1, max_length=100)] | None = None
    template: Text | None = None
    variables: Annotated[dict[str, StabilityWord], Field(max_length=200)] | None = None
    context: Text | None = None
    conversation: ConversationModel = ConversationModel()
    output_tokens: TokenLaw | None = None
    deploys_per_month: Deploys | None = None
    markers: Annotated[list[MarkerModel], Field(max_length=16)] = []
    targets: Annotated[list[Text], Field(max_length=100)] = []
    uncertainty: Annotated[dict[str, Share], Field(max_length=100)] = {}
    budget: BudgetModel | None = None
    seed: Seed | None = None
