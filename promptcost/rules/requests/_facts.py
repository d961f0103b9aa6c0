"""What rules are told about recorded requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from promptcost.catalogue import BreakpointSpec, CachePolicySpec, Invalidation
from promptcost.model.count import TokenCount
from promptcost.model.series_report import Relation
from promptcost.model.stability import Clock
from promptcost.wire import Difference, WireRequest


class ValueKind(StrEnum):
    """What a value looks like that differs between two requests."""

    TIME = "time"
    ID = "id"
    COUNTER = "counter"


class Topic(StrEnum):
    """What a changed text is about, as far as the words around it tell.

    `order` and `form` say that the words are the same: only their order is another one, or only
    white space and escapes are.
    """

    MEMORY = "memory"
    USER = "user"
    ENVIRONMENT = "environment"
    ORDER = "order"
    FORM = "form"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A recognised value that differs; `clock` is the step of a time that moved."""

    kind: ValueKind
    clock: Clock = Clock.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The cache rules a request falls under.

    `spec` is None when neither model nor API tells them; `minimum` when the model is unknown.
    `losses` maps the slug of a change to what it costs at the provider.
    """

    target: str
    provider: str
    spec: CachePolicySpec | None
    minimum: int | None
    losses: Mapping[str, Invalidation]

    @property
    def breakpoints(self) -> BreakpointSpec | None:
        """The rules of a cache that only knows marked places; None for other caches."""
        return self.spec if isinstance(self.spec, BreakpointSpec) else None

    @property
    def needs_marks(self) -> bool:
        """Whether nothing is cached unless the caller marks it."""
        marks = self.breakpoints
        return marks is not None and not marks.automatic_tail.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Two prompts that part before the end of the earlier one.

    `values` are recognised values that moved in the first block that differs; `topic` is that of
    the rest of the change, None when the values are all of it or no text was changed (another
    model, other order of keys).  `lost` are the tokens that could be read from the cache but for
    this.  `in_history`: the place is in an answer or a result of the earlier prompt, or in front of
    an answer; `newest`: it is in the last block before the first answer, which differs too.
    `before` are the tokens between the mark in front of the place and the place, `behind` those of
    the earlier prompt behind it, cached or not.  `one_agent`: all but little of the system text is
    the same.
    """

    relation: Relation
    was: WireRequest
    now: WireRequest
    difference: Difference
    values: tuple[Changed, ...]
    topic: Topic | None
    lost: TokenCount
    before: TokenCount
    behind: TokenCount
    below_minimum: bool
    one_agent: bool
    in_history: bool
    newest: bool

    @property
    def in_head(self) -> bool:
        """Whether the place is in the tools or in the system text before the first message.

        Either request may be the one that has them.
        """
        return self.difference.block < max(self.was.head_depth, self.now.head_depth)

    def moved(self, kind: ValueKind) -> bool:
        """Say whether a value of a kind differs."""
        return any(value.kind is kind for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far an earlier entry lies behind the marks of a request.

    `positions` counts every block from the nearest mark back to the entry, both included;
    `grouped` counts a run of tool calls, or of their results, once.
    """

    json_path: str
    positions: int
    grouped: int
    window: int
    lost: TokenCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """A request with its place in the series.

    `upto` counts the tokens of so many leading blocks.  `unmarked` are the tokens behind the last
    mark that the previous request of the conversation already held, None where marks do not matter.
    """

    request: WireRequest
    previous: WireRequest | None
    terms: Terms
    upto: Callable[[int], TokenCount]
    breaks: tuple[Break, ...]
    reach: Reach | None
    unmarked: TokenCount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Times between a request and the one whose prefix it could read, as far as both are known.

    `over` counts those above the lifetime asked for, `within_hour` those of them under one hour,
    `short` those under the five minutes that the cheaper mark lives.  `lost` are the tokens that
    expired at an average gap over the lifetime; `where` is the first such request.
    """

    known: int
    over: int
    within_hour: int
    short: int
    lifetime: timedelta | None
    longest: timedelta
    lost: TokenCount | None
    where: WireRequest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """First requests of conversations sent before the response to an earlier one began.

    `requests` counts the ones too early; `lost` is what an average one of them computes again.
    """

    requests: int
    lost: TokenCount
    where: WireRequest
    against: WireRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The longest marked prefix of a program, its mark, and whether the marks move with turns."""

    where: WireRequest
    json_path: str
    tokens: TokenCount
    moves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFacts:
    """All requests of one prompt builder in one file.

    `single` counts conversations of one request; `unmarked` and `automatic` count requests without
    any mark and with none but at the end of the prompt.  `stable` is the shortest
    prefix that any two related requests share, None with a single request; `stable_blocks` are the
    whole blocks of it.  `keys` counts different cache keys, `keyed` the requests that carry one.
    `hour_marks` counts requests with a mark of an hour or more; `hour_moves` says that such a mark
    stands in messages.
    """

    first: WireRequest
    terms: Terms
    requests: int
    conversations: int
    single: int
    unmarked: int
    automatic: int
    stable: TokenCount | None
    stable_path: str
    keys: int
    keyed: int
    hour_marks: int
    hour_tokens: TokenCount | None
    hour_first: WireRequest | None
    hour_moves: bool
    gaps: Gaps
    burst: Burst | None
    marked: Marked | None
