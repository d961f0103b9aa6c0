"""Checks of the rates themselves: units, signs, and how the rates of one price relate.

A figure per thousand tokens under a key for millions is valid YAML and wrong a thousandfold, so
every rate is held against the others of its price and against the provider's other models.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from promptcost.catalogue._checks import entries, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.catalogue._build import Raw
    from promptcost.errors import Problem
    from promptcost.files.yaml import Document, Path_

_LEAST_INPUT = Decimal("0.002")  # far below the cheapest token sold today
_FAR = 100
_NEAR = 3
_ENOUGH = 3
_READ_SHARE = Decimal(1) / 200  # the deepest true discount is 0.02
_OUTPUT_SHARE = Decimal(1) / 20
_OUTPUT_TIMES = 200
_WRITE_TIMES = 10
_STORAGE_TIMES = 100

UNITS = (
    "prices are dollars per million tokens (x 1,000 from per thousand, x 1,000,000 from per token)"
)


class _Peers:
    """The rates of a provider's models, to see whether another rate is of their magnitude."""

    def __init__(self, provider: Raw) -> None:
        self._rates = [
            (model.get("id"), key, value)
            for _, model in entries(provider.get("models"))
            for _, entry in entries(model.get("prices"))
            for key in ("input", "output")
            if (value := number_of(entry.get(key)))
        ]

    def typical(self, identity: object, key: str, value: Decimal) -> Decimal | None:
        """Return the median of the other models where `value` is far from all of them."""
        others = [rate for who, what, rate in self._rates if what == key and who != identity]
        if len(others) < _ENOUGH:
            return None
        middle = median(others)
        low = value * _FAR < middle and value * _NEAR < min(others)
        high = value > middle * _FAR and value > max(others) * _NEAR
        return middle if low or high else None


def rate_check(document: Document, merged: Raw) -> Iterator[Problem]:
    """Yield the implausible rates of a file; `merged` is the file over its base."""
    peers = _Peers(merged)
    for index, model in entries(document.value.get("models")):
        for number, entry in entries(model.get("prices")):
            at = ("models", index, "prices", number)
            yield from _price(document, at, entry)
            yield from _far(document, at, model, entry, peers)


def _far(document: Document, at: Path_, model: Raw, entry: Raw, peers: _Peers) -> Iterator[Problem]:
    for key in ("input", "output"):
        value = number_of(entry.get(key))
        typical = peers.typical(model.get("id"), key, value) if value else None
        if typical is not None:
            message = f"{key} {value} is far from what this provider asks (about {typical})"
            yield document.problem((*at, key), message, UNITS)


def number_of(value: object) -> Decimal | None:
    """Return a price of the file exactly; None for what is no price, which `_schema` reports."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        return None
    return Decimal(value)


def _price(document: Document, at: Path_, entry: Raw) -> Iterator[Problem]:
    if "derived" in entry:
        mixed = [key for key in ("input", "output", "cache_read", "cache_write") if key in entry]
        for key in mixed:
            yield document.problem((*at, key), f"a derived price has no {key}", "remove it")
        return
    for key in ("input", "output"):
        if key not in entry:
            yield document.problem(at, f"the price has no {key!r}", f"add {key!r}, or 'derived'")
    yield from _rates(document, at, entry, free="no_charge" in entry)
    last = -1
    for number, tier in entries(entry.get("size_tiers")):
        path = (*at, "size_tiers", number)
        if ("above" in tier) == ("at_least" in tier):
            yield document.problem(path, "needs one of 'above' and 'at_least'", "give one")
        limit = tier.get("above", tier.get("at_least"))
        if isinstance(limit, int) and limit <= last:
            yield document.problem(path, "stands after a larger tier", "order tiers by size")
        last = limit if isinstance(limit, int) else last
        yield from _rates(document, path, tier, free="no_charge" in entry)


def _rates(document: Document, at: Path_, rates: Raw, *, free: bool) -> Iterator[Problem]:
    yield from _zeros(document, at, rates, free=free)
    base = number_of(rates.get("input"))
    if not base:
        return
    if base < _LEAST_INPUT:
        yield document.problem((*at, "input"), f"{base} is too little for a million tokens", UNITS)
        return
    yield from _relations(document, at, rates, base)


def _zeros(document: Document, at: Path_, rates: Raw, *, free: bool) -> Iterator[Problem]:
    for path, value in _amounts(rates):
        if value == 0 and not free:
            repair = "leave an unknown price out; say why a price is nothing with 'no_charge'"
            yield document.problem((*at, *path), f"{path[0]} is zero", repair)


def _amounts(rates: Raw) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    for key in ("input", "cache_read", "cache_write", "storage_per_mtok_hour", "output"):
        found = number_of(rates.get(key))
        if found is not None:
            yield (key,), found
        for inner, raw in mapping(rates.get(key)).items():
            value = number_of(raw)
            if value is not None:
                yield (key, inner), value


def _relations(document: Document, at: Path_, rates: Raw, base: Decimal) -> Iterator[Problem]:
    for path, value in _amounts(rates):
        if value == 0:
            continue
        match path[0]:
            case "cache_read" if value >= base:
                message = f"cache_read {value} is not below input {base}"
                yield document.problem((*at, *path), message, "a cached token costs less")
            case "cache_read" if value < base * _READ_SHARE:
                yield document.problem((*at, *path), f"cache_read {value} is too small", UNITS)
            case "cache_write" if value < base:
                message = f"cache_write {value} is below input {base}"
                yield document.problem((*at, *path), message, "a write costs at least the input")
            case "cache_write" if value > base * _WRITE_TIMES:
                yield document.problem((*at, *path), f"cache_write {value} is too much", UNITS)
            case "output" if not base * _OUTPUT_SHARE <= value <= base * _OUTPUT_TIMES:
                message = f"output {value} does not go with input {base}"
                yield document.problem((*at, *path), message, UNITS)
            case "storage_per_mtok_hour" if value > base * _STORAGE_TIMES:
                message = f"storage {value} does not go with input {base}"
                repair = "storage is dollars per million tokens and hour"
                yield document.problem((*at, *path), message, repair)
