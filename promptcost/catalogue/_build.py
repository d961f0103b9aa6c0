"""From the plain values of a checked pricing file to the frozen vocabulary of the catalogue.

The values have passed `_schema` and `_checks` (or come from the compiled form of a file that has),
so this module does not look for faults.  Numbers are Decimal, int, or text in the compiled form.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from promptcost.catalogue.card import (
    Derivation,
    HourWindow,
    PriceCard,
    Rates,
    SizeTier,
    Source,
    Trust,
)
from promptcost.files.units import parse_duration
from promptcost.model.money import MILLION, TOKEN_SECONDS_PER_MTOK_HOUR, Rate
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Raw = dict[str, Any]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_YEAR, _LAST_YEAR = 1_970, 2_999
_SECONDS_PER_HOUR = 3_600
_MICRODOLLAR = Decimal("0.000001")


def parse_instant(text: str) -> datetime:
    """Return an ISO date as its UTC midnight, an instant with offset as itself in UTC.

    Raises ValueError for anything else.
    """
    if _DAY.fullmatch(text):
        return datetime.combine(parse_day(text), time(), UTC)
    made = datetime.fromisoformat(text)
    if made.tzinfo is None or not _FIRST_YEAR <= made.year <= _LAST_YEAR:
        message = "an instant needs an offset and a likely year, as in 2026-10-07T00:00:00Z"
        raise ValueError(message)
    return made.astimezone(UTC)


def parse_day(text: str) -> date:
    """Return an ISO date.  Raises ValueError for anything else."""
    if not _DAY.fullmatch(text):  # fromisoformat also reads 20261007 and 2026-W41-3
        message = f"{text!r} is not written as 2026-01-31"
        raise ValueError(message)
    return date.fromisoformat(text)


def parse_meter(text: str) -> Meter:
    """Return the meter written ``input`` or ``cache_write@5m``.  Raises ValueError otherwise."""
    kind, at, ttl = text.partition("@")
    return Meter(MeterKind(kind), parse_duration(ttl) if at else None)


def parse_zone(name: str) -> tzinfo:
    """Return a time zone.  Raises KeyError (zoneinfo's own) for an unknown name."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - reads the system's zone files

    return ZoneInfo(name)


def parse_hours(text: str) -> tuple[time, time]:
    """Return the half-open span ``01:00-04:00``.  Raises ValueError otherwise."""
    start, _, end = text.partition("-")
    made = time.fromisoformat(start), time.fromisoformat(end)
    if made[0] >= made[1]:
        message = f"{text!r} does not end after it begins; split it at midnight"
        raise ValueError(message)
    return made


def cards(provider: Raw, model: Raw, option: str) -> tuple[PriceCard, ...]:
    """Return the dated cards of a model for a cache option, oldest first."""
    entries = model["prices"]
    after: list[Raw | None] = [*entries[1:], None]
    return tuple(
        _card(provider, model, option, entry, follower)
        for entry, follower in zip(entries, after, strict=True)
    )


def _card(provider: Raw, model: Raw, option: str, entry: Raw, follower: Raw | None) -> PriceCard:
    ends = entry.get("until") or (follower["from"] if follower else None)
    windows = provider.get("windows", {})
    return PriceCard(
        provider=provider["provider"],
        model=model["id"],
        name=str(model.get("name") or model["id"]),
        rates=rates(entry, option),
        valid_from=_instant(entry.get("from")),
        valid_until=_instant(ends),
        assured_until=_instant(entry.get("assured_until")),
        size_tiers=tuple(_size_tiers(entry, option)),
        windows=tuple(_window(name, windows[name]) for name in entry.get("windows", ())),
        derivation=_derivation(entry["derived"]) if "derived" in entry else None,
        tokenizer=model["tokenizer"],
        context_window=model.get("context_window"),
        released=_date(model.get("released")),
        retires=_date(model.get("retires")),
        checked=date.fromisoformat(str(model.get("checked") or provider["checked"])),
        trust=Trust(str(entry.get("trust") or model["trust"])),
        sources=sources(provider, [*model["sources"], *entry.get("sources", ())]),
        not_represented=tuple(model.get("not_represented", ())),
        note=entry.get("note", ""),
    )


def sources(provider: Raw, keys: list[str]) -> tuple[Source, ...]:
    """Return the sources that the keys of a file name, without repeats."""
    known = provider["sources"]
    return tuple(
        Source(text=known[key]["text"], url=known[key].get("url", ""))
        for key in dict.fromkeys(keys)
    )


def rates(entry: Raw, option: str) -> Rates:
    """Return the rates of a price entry or a size tier for a cache option."""
    return tuple(_rates(entry, option))


def _rates(entry: Raw, option: str) -> Iterator[tuple[Meter, Rate]]:
    if "derived" in entry:
        yield from _derived_rates(_derivation(entry["derived"]))
        return
    yield INPUT, _per_million(entry["input"])
    read = entry.get("cache_read")
    if isinstance(read, dict):
        read = read.get(option)
    if read is not None:
        yield CACHE_READ, _per_million(read)
    for ttl, write in entry.get("cache_write", {}).items():
        yield Meter(MeterKind.CACHE_WRITE, parse_duration(ttl)), _per_million(write)
    if "storage_per_mtok_hour" in entry:
        amount = Decimal(entry["storage_per_mtok_hour"])
        yield CACHE_STORAGE, Rate(amount=amount, per=TOKEN_SECONDS_PER_MTOK_HOUR)
    yield OUTPUT, _per_million(entry["output"])


def _per_million(value: Decimal | int | str) -> Rate:
    return Rate(amount=Decimal(value), per=MILLION)


def _derived_rates(derivation: Derivation) -> Iterator[tuple[Meter, Rate]]:
    hour = derivation.gpu_hour_usd * derivation.gpus * MILLION / _SECONDS_PER_HOUR
    yield INPUT, Rate(amount=_rounded(hour / derivation.prefill_tokens_per_second))
    yield CACHE_READ, Rate(amount=Decimal(0))  # a hit skips prefill; memory is part of the GPU
    yield OUTPUT, Rate(amount=_rounded(hour / derivation.decode_tokens_per_second))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_MICRODOLLAR)


def _derivation(raw: Raw) -> Derivation:
    return Derivation(
        gpu=raw["gpu"],
        gpus=raw["gpus"],
        gpu_hour_usd=Decimal(raw["gpu_hour_usd"]),
        prefill_tokens_per_second=raw["prefill_tokens_per_second"],
        decode_tokens_per_second=raw["decode_tokens_per_second"],
        kv_bytes_per_token=raw["kv_bytes_per_token"],
        assumptions=tuple(raw["assumptions"]),
    )


def _size_tiers(entry: Raw, option: str) -> Iterator[SizeTier]:
    for raw in entry.get("size_tiers", ()):
        limit = raw["above"] if "above" in raw else raw["at_least"]
        yield SizeTier(above=limit, inclusive="at_least" in raw, rates=rates(raw, option))


def _window(name: str, raw: Raw) -> HourWindow:
    return HourWindow(
        name=name,
        zone=parse_zone(raw["timezone"]),
        weekdays=frozenset(WEEKDAYS.index(day) for day in raw["days"]),
        hours=tuple(parse_hours(span) for span in raw["hours"]),
        factor=Decimal(raw["factor"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
