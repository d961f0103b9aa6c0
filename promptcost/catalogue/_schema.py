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

# left out, which is not the same as null: null is refused except where a type names None
ABSENT: Any = Field(default=None)

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
Factor = Annotated[Decimal, Field(gt=0, le=100)]
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
    source: Word = ABSENT
    as_of: Day = ABSENT
    note: str = ""


StrictBool = Annotated[bool, Field(strict=True)]
StrictInt = Annotated[int, Field(strict=True, ge=0, le=10**15)]


class Knobs(Strict):
    """Every knob of every family; which ones a cache needs depends on its family."""

    ttl: KnobEntry[Duration] = ABSENT
    idle_ttl: KnobEntry[Duration] = ABSENT
    max_age: KnobEntry[Duration | None] = ABSENT
    readable_after: KnobEntry[Duration] = ABSENT
    min_tokens: KnobEntry[StrictInt] = ABSENT
    step: KnobEntry[Positive] = ABSENT
    max_breakpoints: KnobEntry[Positive] = ABSENT
    lookback: KnobEntry[Positive] = ABSENT
    refreshed_by_use: KnobEntry[StrictBool] = ABSENT
    automatic_tail: KnobEntry[StrictBool] = ABSENT
    writes_billed_as_input: KnobEntry[StrictBool] = ABSENT
    extended_by_use: KnobEntry[StrictBool] = ABSENT
    requests_per_minute_per_key: KnobEntry[Positive | None] = ABSENT
    placement_probability: KnobEntry[Annotated[Decimal, Field(ge=0, le=1)]] = ABSENT
    block_tokens: KnobEntry[Positive] = ABSENT
    capacity_tokens: KnobEntry[Positive | None] = ABSENT
    isolation: KnobEntry[Isolation] = ABSENT


class InvalidationEntry(Strict):
    """What one change to a request makes unreadable."""

    change: Word
    loss: Loss
    note: str = ""
    source: Word = ABSENT


class CacheEntry(Strict):
    """One kind of cache of a provider; `options` are the names users write after @."""

    family: Literal["breakpoint", "increment", "unit", "handle", "blocks"]
    how: Text
    options: Annotated[dict[Word, Knobs], Field(min_length=1)]
    knobs: Knobs = Knobs()
    invalidation: list[InvalidationEntry] = []


class TierEntry(Strict):
    """A way of being billed: one factor for every meter, or one per meter kind."""

    factor: Factor = ABSENT
    factors: dict[MeterKind, Factor | Literal["as_input"]] = ABSENT
    disables_caching: StrictBool = False
    excludes: list[Word] = []
    note: str = ""
    source: Word = ABSENT


class TierUse(Strict):
    """A model's use of a tier, with the published figures that the vendor rounded."""

    use: Word
    until: Day = ABSENT
    rates: dict[MeterName, Usd] = {}
    note: str = ""


class WindowEntry(Strict):
    """Hours of some weekdays that multiply every rate."""

    timezone: Zone
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]
    hours: Annotated[list[Hours], Field(min_length=1)]
    factor: Factor
    note: str = ""
    source: Word = ABSENT


class UsageEntry(Strict):
    """How one API reports usage: meter to JSON path; a list adds up, ``a | b`` are alternatives."""

    api: Word
    total: Total
    fields: dict[MeterName, Text | list[Text]]
    note: str = ""
    source: Word = ABSENT


class RatesEntry(Strict):
    """Dollars per million tokens; storage per million token-hours.  `cache_read` per option."""

    input: Usd
    cache_read: Usd | dict[Word, Usd] = ABSENT
    cache_write: dict[Duration, Usd] = {}
    storage_per_mtok_hour: Usd = ABSENT
    output: Usd


class SizeTierEntry(RatesEntry):
    """Rates of the whole request when the prompt is longer than (or at least) a limit."""

    above: Positive = ABSENT
    at_least: Positive = ABSENT


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

    from_: Annotated[Instant, Field(alias="from")] = ABSENT
    until: Instant = ABSENT
    assured_until: Instant = ABSENT
    input: Usd = ABSENT
    cache_read: Usd | dict[Word, Usd] = ABSENT
    cache_write: dict[Duration, Usd] = {}
    storage_per_mtok_hour: Usd = ABSENT
    output: Usd = ABSENT
    size_tiers: list[SizeTierEntry] = []
    windows: list[Word] = []
    derived: DerivedEntry = ABSENT
    no_charge: Text = ABSENT
    trust: Trust = ABSENT
    sources: list[Word] = []
    note: str = ""


class ModelEntry(Strict):
    """A model at this provider."""

    id: Word
    name: Text = ABSENT
    aliases: list[Word] = []
    tokenizer: Tokenizer
    context_window: Positive = ABSENT
    released: Day = ABSENT
    retires: Day = ABSENT
    caches: dict[Word, Knobs] = {}
    tiers: dict[Word, Word | TierUse] = {}
    trust: Trust
    checked: Day = ABSENT
    sources: Annotated[list[Word], Field(min_length=1)]
    not_represented: list[Text] = []
    prices: Annotated[list[PriceEntry], Field(min_length=1)]


class ExampleEntry(Strict):
    """A worked bill: usage, or a payload as the API reports it, and the dollars it costs."""

    target: Text
    at: Instant
    usage: dict[MeterName, StrictInt] = ABSENT
    api: Word = ABSENT
    reported: dict[str, Any] = ABSENT
    usd: Annotated[Decimal, Field(ge=0)]
    note: str = ""


class PricingFile(Strict):
    """One provider's prices and cache semantics.

    A user's own file of the same shape overlays a built-in one: its models, caches and tiers
    replace those of the same name; with `replaces_builtin` nothing built in remains.
    """

    provider: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    replaces_builtin: StrictBool = False
    name: Text = ABSENT
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
