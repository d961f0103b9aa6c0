"""From the knobs of a pricing file to cache specs, with a model's own exceptions filled in."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from promptcost.catalogue.provider import CacheOption, Invalidation, Loss
from promptcost.catalogue.spec import (
    BlocksSpec,
    BreakpointSpec,
    CachePolicySpec,
    Evidence,
    Family,
    HandleSpec,
    IncrementSpec,
    Isolation,
    Knob,
    UnitSpec,
)
from promptcost.files.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from promptcost.catalogue._build import Raw

SPECS: dict[Family, type[CachePolicySpec]] = {
    Family.BREAKPOINT: BreakpointSpec,
    Family.INCREMENT: IncrementSpec,
    Family.UNIT: UnitSpec,
    Family.HANDLE: HandleSpec,
    Family.BLOCKS: BlocksSpec,
}
KNOBS: dict[Family, tuple[str, ...]] = {
    family: tuple(field.name for field in fields(kind)) for family, kind in SPECS.items()
}
DURATIONS = frozenset({"ttl", "idle_ttl", "max_age", "readable_after"})


def options_of(provider: Raw, model: Raw) -> dict[str, tuple[str, Raw]]:
    """Return option → (cache name, knobs) of a model; the first option is the default."""
    found: dict[str, tuple[str, Raw]] = {}
    for name, own in model.get("caches", {}).items():
        cache = provider["caches"][name]
        for option, special in cache["options"].items():
            found[option] = (name, {**cache["knobs"], **special, **own})
    return found


def spec(provider: Raw, cache_name: str, knobs: Raw) -> CachePolicySpec:
    """Return the spec of a family with all its knobs."""
    family = Family(provider["caches"][cache_name]["family"])
    made: Any = {name: _knob(provider, name, knobs[name]) for name in KNOBS[family]}
    return SPECS[family](**made)


def cache_options(provider: Raw) -> Iterator[CacheOption]:
    """Yield the cache options of a provider without any model's exceptions."""
    for name, cache in provider.get("caches", {}).items():
        family = Family(cache["family"])
        rows = tuple(
            Invalidation(change=row["change"], loss=Loss(row["loss"]), note=row.get("note", ""))
            for row in cache.get("invalidation", ())
        )
        for option, special in cache["options"].items():
            knobs = {**cache["knobs"], **special}
            whole = all(knob in knobs for knob in KNOBS[family])
            yield CacheOption(
                option=option,
                cache=name,
                family=family,
                how=cache["how"],
                spec=spec(provider, name, knobs) if whole else None,
                invalidation=rows,
            )


def _knob(provider: Raw, name: str, raw: Raw) -> Knob[object]:
    source = provider["sources"].get(raw.get("source"), {}).get("text", "")
    as_of = f"as of {raw['as_of']}" if "as_of" in raw else ""
    note = "; ".join(part for part in (raw.get("note", ""), source, as_of) if part)
    return Knob(_value(name, raw["value"]), Evidence(raw["evidence"]), note)


def _value(name: str, raw: str | int | None) -> timedelta | Isolation | float | int | None:
    if raw is None:
        return None
    if name in DURATIONS:
        return parse_duration(str(raw))
    if name == "isolation":
        return Isolation(str(raw))
    if name == "placement_probability":
        return float(raw)
    return raw if isinstance(raw, bool) else int(raw)
