"""What a workload file says, as frozen values: traffic, scope, prompt, conversation, markers.

Rates are requests per day of 24 hours, a month is 30 days, durations are `timedelta`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from promptcost.files.yaml import Document
from promptcost.model.prompt import Role
from promptcost.model.stability import Stability
from promptcost.workload.distributions import Constant, Distribution, Zipf
from promptcost.workload.processes import ArrivalProcess as ArrivalProcess  # noqa: PLC0414 - part of this vocabulary

MONTH = timedelta(days=30)
DAY = timedelta(days=1)
TAIL = "tail"  # the mark that closes the whole request

FLAT_HOURS = (1.0,) * 24
FLAT_WEEK = (1.0,) * 7

STATIC = Stability()
ONE_TURN = Constant(value=1)
NO_WAIT = Constant(value=0)
DEFAULT_OUTPUT = Constant(value=300)
_ONE = Zipf(size=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How many requests, when.

    `hours` are 24 weights by local hour, `weekdays` 7 weights from Monday; only ratios count: the
    period as a whole holds `requests_per_day` times its days.  `start` is the local date on which
    the period begins at midnight.
    """

    process: ArrivalProcess
    requests_per_day: Decimal
    hours: tuple[float, ...] = FLAT_HOURS
    weekdays: tuple[float, ...] = FLAT_WEEK
    timezone: str = "UTC"
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Who calls.  Each conversation draws a tenant, then one of the tenant's users.

    User u belongs to tenant u mod tenants; a tenant (or, with more workspaces than tenants, a user)
    belongs to workspace number mod workspaces.
    """

    tenants: Zipf = _ONE
    users: Zipf = _ONE
    workspaces: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """A part's text as a template file, with what each of its variables varies with."""

    path: str
    variables: tuple[tuple[str, Stability], ...] = ()
    context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the prompt in wire order.

    Exactly one of `tokens`, `template` and `keeps` is set.  `keeps` makes the part the history: it
    grows by the named later parts and the answer of every earlier turn.  With a `pool` the part is
    one of its items, drawn anew for each member of the stability's audience, and its text depends
    on the item and the clock only.
    """

    name: str
    role: Role
    stability: Stability = STATIC
    tokens: Distribution | None = None
    template: TemplateText | None = None
    pool: Zipf | None = None
    keeps: tuple[str, ...] | None = None

    @property
    def is_history(self) -> bool:
        """Whether the part is what the conversation has said so far."""
        return self.keeps is not None

    @property
    def is_sampled(self) -> bool:
        """Whether its size differs between requests, so that arrivals carry it."""
        return self.tokens is not None and not isinstance(self.tokens, Constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The requests of one session.

    `turns`: a draw below one counts as one, fractions are rounded at random.
    `think_time`: seconds from one request to the next, answering included.
    """

    turns: Distribution = ONE_TURN
    think_time: Distribution = NO_WAIT

    @property
    def mean_turns(self) -> float:
        """The mean number of requests per conversation, exactly E[max(turns, 1)]."""
        return 1 + self.turns.excess(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """An explicit cache mark after a part (or `TAIL`); no lifetime means the target's own."""

    after: str
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One application's traffic and prompt.

    `uncertainty` holds (input, share): see `promptcost.workload.uncertainty`.
    `defaults_used` says in words what the file left open.  `origin` is the document it was read
    from, so that later stages can place their problems in it.
    """

    name: str
    period: timedelta = MONTH
    traffic: Traffic
    population: Population = Population()
    prompt: tuple[Part, ...]
    conversation: Conversation = Conversation()
    output_tokens: Distribution = DEFAULT_OUTPUT
    deploys_per_month: Decimal = Decimal(0)
    markers: tuple[Marker, ...] = ()
    targets: tuple[str, ...] = ()
    uncertainty: tuple[tuple[str, Decimal], ...] = ()
    usd_per_month: Decimal | None = None
    seed: int = 0
    defaults_used: tuple[str, ...] = ()
    origin: Document | None = field(default=None, repr=False, compare=False)

    @property
    def expected_requests(self) -> Decimal:
        """The expected number of requests of the period."""
        return self.traffic.requests_per_day * Decimal(self.period / DAY)

    @property
    def history(self) -> Part | None:
        """The part that grows with the conversation, if the prompt has one."""
        return next((part for part in self.prompt if part.is_history), None)
