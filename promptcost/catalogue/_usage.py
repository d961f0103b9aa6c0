"""Usage mappings of a pricing file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._build import parse_meter
from promptcost.catalogue.provider import Total, UsageField, UsageMapping

if TYPE_CHECKING:
    from promptcost.catalogue._build import Raw


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
    alternatives = tuple(tuple(part.strip() for part in summand.split("|")) for summand in summands)
    return UsageField(meter=parse_meter(meter), paths=alternatives)
