"""Usage mappings of a pricing file, and reading a payload's usage with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._build import parse_meter
from promptcost.catalogue.provider import Total, UsageField, UsageMapping
from promptcost.model.usage import INPUT, Meter, MeterKind, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.card import RateTable

_CACHED = frozenset({MeterKind.CACHE_READ, MeterKind.CACHE_WRITE})


def usage_mappings(provider: Raw) -> tuple[UsageMapping, ...]:
    """Return how each API of a provider reports usage."""
    return tuple(
        UsageMapping(
            api=raw["api"],
            total=Total(raw["total"]),
            fields=tuple(_field(meter, path) for meter, path in raw["fields"].items()),
            note=raw.get("note", ""),
        )
        for raw in provider["usage"]
    )


def _field(meter: str, path: str | list[str]) -> UsageField:
    summands = [path] if isinstance(path, str) else path
    alternatives = tuple(tuple(part.strip() for part in one.split("|")) for one in summands)
    return UsageField(meter=parse_meter(meter), paths=alternatives)


def read_usage(mapping: UsageMapping, payload: Mapping[str, object], table: RateTable) -> Usage:
    """Return the disjoint usage that a payload reports.

    A kind that is absent from the payload is unknown; kinds that `table` has no rate for are not
    missed, because nobody bills them.  Raises ValueError for a number that is negative or no
    integer, and where the cached tokens exceed an inclusive total.
    """
    found: dict[Meter, int] = {}
    for field in mapping.fields:
        count = _count(field, payload)
        if count is not None:
            found[field.meter] = found.get(field.meter, 0) + count
    reported = {meter.kind for meter in found}
    billed = {meter.kind for meter, _ in table.rates}
    mapped = {field.meter.kind for field in mapping.fields}
    if mapping.total is Total.INCLUSIVE and INPUT in found:
        found[INPUT] -= sum(n for meter, n in found.items() if meter.kind in _CACHED)
        if found[INPUT] < 0:
            message = f"{mapping.api}: more tokens are cached than the prompt has"
            raise ValueError(message)
    return Usage(found, frozenset((mapped & billed) - reported))


def _count(field: UsageField, payload: Mapping[str, object]) -> int | None:
    counts = [_first(alternatives, payload) for alternatives in field.paths]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _first(alternatives: tuple[str, ...], payload: Mapping[str, object]) -> int | None:
    for path in alternatives:
        value: object = payload
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            message = f"{path} is not a count of tokens"
            raise ValueError(message)
        return value
    return None
