"""The shape of a pricing file.  Imported only inside functions: pydantic is heavy.

Cross-checks between parts of a file (references, order of dates, magnitudes) are in `_checks`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from promptcost.catalogue._build import (
    parse_day,
    parse_hours,
    parse_instant,
    parse_meter,
    parse_zone,
)
from promptcost.catalogue.card import Trust
from promptcost.catalogue.provider import Loss, Total
from promptcost.catalogue.spec import Evidence, Isolation
from promptcost.files.units import parse_duration
from promptcost.model.usage import MeterKind

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_MOST = Decimal(100_000)  # dollars per million tokens; nothing costs a tenth of a dollar per token


def _rate(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = "a price is a plain number of dollars"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects only ValueError
    if not 0 <= value <= _MOST:
        message = f"a price lies between 0 and {_MOST:,} dollars"
        raise ValueError(message)
    return value


def _checked(parse: Callable[[str], object], form: str) -> AfterValidator:
    def check(text: str) -> str:
        try:
            parse(text)
        except (ValueError, KeyError, OSError) as error:
            message = f"{text[:40]!r} is not {form}"
            raise ValueError(message) from error
        return text

    return AfterValidator(check)


Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,119}$")]
Usd = Annotated[Decimal, BeforeValidator(_rate), WithJsonSchema({"type": "number", "minimum": 0})]
Positive = Annotated[int, Field(strict=True, gt=0, le=10**15)]
Day = Annotated[str, _checked(parse_day, "a date; write it as 2026-10-07")]
Instant = Annotated[
    str, _checked(parse_instant, "a date or instant; write 2026-10-07 or 2026-10-07T16:00:00Z")
]
Duration = Annotated[str, _checked(parse_duration, "a duration; write it as 5m, 1h or 90s")]
MeterName = Annotated[str, _checked(parse_meter, "a meter; write input or cache_write@5m")]
Hours = Annotated[str, _checked(parse_hours, "a span of hours; write it as 01:00-04:00")]
Zone = Annotated[str, _checked(parse_zone, "a time zone; write UTC or Asia/Shanghai")]
Tokenizer = Literal[
    "o200k", "cl100k", "claude-2024", "claude-2026", "gemini", "llama3", "qwen", "deepseek",
    "unknown",
]  # fmt: skip


class Strict(BaseModel):
    """Nothing that is not named here may stand in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


class SourceEntry(Strict):
    """Where figures come from; `url` only where the page is public."""

    text: Text
    url: str = ""


class KnobEntry(Strict, Generic[T]):
    """A value with the evidence for it."""

    value: T
    evidence: Evidence
    source: Word | None = None
    as_of: Day | None = None
    note: str = ""


StrictInt = Annotated[int, Field(strict=True, ge=0, le=10**15)]


class Knobs(Strict):
    """Every knob of every family; which ones a cache needs depends on its family."""

    ttl: KnobEntry[Duration] | None = None
    idle_ttl: KnobEntry[Duration] | None = None
    max_age: KnobEntry[Duration | None] | None = None
    readable_after: KnobEntry[Duration] | None = None
    min_tokens: KnobEntry[StrictInt] | None = None
    step: KnobEntry[Positive] | None = None
    max_breakpoints: KnobEntry[Positive] | None = None
    lookback: KnobEntry[Positive] | None = None
    refreshed_by_use: KnobEntry[bool] | None = None
    automatic_tail: KnobEntry[bool] | None = None
    writes_billed_as_input: KnobEntry[bool] | None = None
    extended_by_use: KnobEntry[bool] | None = None
    requests_per_minute_per_key: KnobEntry[Positive | None] | None = None
    placement_probability: KnobEntry[Annotated[Decimal, Field(ge=0, le=1)]] | None = None
    block_tokens: KnobEntry[Positive] | None = None
    capacity_tokens: KnobEntry[Positive | None] | None = None
    isolation: KnobEntry[Isolation] | None = None


class InvalidationEntry(Strict):
    """What one change to a request makes unreadable."""

    change: Word
    loss: Loss
    note: str = ""
    source: Word | None = None


class CacheEntry(Strict):
    """One kind of cache of a provider; `options` are the names users write after @."""

    family: Literal["breakpoint", "increment", "unit", "handle", "blocks"]
    how: Text
    options: Annotated[dict[Word, Knobs], Field(min_length=1)]
    knobs: Knobs = Knobs()
    invalidation: list[InvalidationEntry] = []


class TierEntry(Strict):
    """A way of being billed: one factor for every meter, or one per meter kind."""

    factor: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    factors: (
        dict[MeterKind, Annotated[Decimal, Field(gt=0, le=100)] | Literal["as_input"]] | None
    ) = None
    disables_caching: bool = False
    excludes: list[Word] = []
    note: str = ""
    source: Word | None = None


class TierUse(Strict):
    """A model's use of a tier, with the published figures that the vendor rounded."""

    use: Word
    until: Day | None = None
    rates: dict[MeterName, Usd] = {}
    note: str = ""


class WindowEntry(Strict):
    """Hours of some weekdays that multiply every rate."""

    timezone: Zone
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]
    hours: Annotated[list[Hours], Field(min_length=1)]
    factor: Annotated[Decimal, Field(gt=0, le=100)]
    note: str = ""
    source: Word | None = None


class UsageEntry(Strict):
    """How one API reports usage: meter to JSON path; a list adds up, ``a | b`` are alternatives."""

    api: Word
    total: Total
    fields: dict[MeterName, Text | list[Text]]
    note: str = ""
    source: Word | None = None


class RatesEntry(Strict):
    """Dollars per million tokens; storage per million token-hours.  `cache_read` per option."""

    input: Usd
    cache_read: Usd | dict[Word, Usd] | None = None
    cache_write: dict[Duration, Usd] = {}
    storage_per_mtok_hour: Usd | None = None
    output: Usd


class SizeTierEntry(RatesEntry):
    """Rates of the whole request when the prompt is longer than (or at least) a limit."""

    above: Positive | None = None
    at_least: Positive | None = None


class DerivedEntry(Strict):
    """A price that follows from GPU time."""

    gpu: Text
    gpus: Positive
    gpu_hour_usd: Usd
    prefill_tokens_per_second: Positive
    decode_tokens_per_second: Positive
    kv_bytes_per_token: Positive
    assumptions: Annotated[list[Text], Field(min_length=1)]


class PriceEntry(Strict):
    """The prices of a model from a day (inclusive) until the next entry or `until` (exclusive)."""

    from_: Annotated[Instant | None, Field(alias="from")] = None
    until: Instant | None = None
    assured_until: Instant | None = None
    input: Usd | None = None
    cache_read: Usd | dict[Word, Usd] | None = None
    cache_write: dict[Duration, Usd] = {}
    storage_per_mtok_hour: Usd | None = None
    output: Usd | None = None
    size_tiers: list[SizeTierEntry] = []
    windows: list[Word] = []
    derived: DerivedEntry | None = None
    no_charge: Text | None = None
    trust: Trust | None = None
    sources: list[Word] = []
    note: str = ""


class ModelEntry(Strict):
    """A model at this provider."""

    id: Word
    name: Text | None = None
    aliases: list[Word] = []
    tokenizer: Tokenizer
    context_window: Positive | None = None
    released: Day | None = None
    retires: Day | None = None
    caches: dict[Word, Knobs] = {}
    tiers: dict[Word, Word | TierUse] = {}
    trust: Trust
    checked: Day | None = None
    sources: Annotated[list[Word], Field(min_length=1)]
    not_represented: list[Text] = []
    prices: Annotated[list[PriceEntry], Field(min_length=1)]


class ExampleEntry(Strict):
    """A worked bill: usage, or a payload as the API reports it, and the dollars it costs."""

    target: Text
    at: Instant
    usage: dict[MeterName, StrictInt] | None = None
    api: Word | None = None
    reported: dict[str, Any] | None = None
    usd: Annotated[Decimal, Field(ge=0)]
    note: str = ""


class PricingFile(Strict):
    """One provider's prices and cache semantics.

    A user's own file of the same shape overlays a built-in one: its models, caches and tiers
    replace those of the same name; with `replaces_builtin` nothing built in remains.
    """

    provider: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    replaces_builtin: bool = False
    name: Text | None = None
    about: str = ""
    aliases: list[Word] = []
    checked: Day
    sources: dict[Word, SourceEntry]
    not_represented: list[Text] = []
    prefixes: dict[Text, Word | None] = {}
    upstreams: dict[Word, Word] = {}
    usage: list[UsageEntry] = []
    caches: dict[Word, CacheEntry] = {}
    tiers: dict[Word, TierEntry] = {}
    windows: dict[Word, WindowEntry] = {}
    models: list[ModelEntry] = []
    examples: list[ExampleEntry] = []


class KnownDifferenceEntry(Strict):
    """Globs over target and rate, and why the difference is right."""

    target: Text
    rate: Text = "*"
    reason: Text


class KnownDifferencesFile(Strict):
    """The looked-into differences from one other price table."""

    table: Literal["litellm", "genai-prices"]
    checked: Day
    differences: list[KnownDifferenceEntry]
