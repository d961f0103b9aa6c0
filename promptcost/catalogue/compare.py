"""Comparing the catalogue with another public price table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from promptcost.catalogue._build import parse_meter
from promptcost.catalogue.tables import RateKey
from promptcost.catalogue.target import Target
from promptcost.errors import Problem
from promptcost.model.usage import CACHE_WRITE, Meter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from promptcost.catalogue.catalogue import Catalogue
    from promptcost.catalogue.offer import Offer
    from promptcost.catalogue.tables import PriceTable

_DIGITS = Decimal("0.000000001")  # the other tables hold binary fractions of a dollar


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDifference:
    """A difference that was looked into: globs over target and rate, and why it is right."""

    target: str
    rate: str = "*"
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Say whether it explains a difference."""
        target = fnmatchcase(str(difference.target), self.target)
        return target and fnmatchcase(str(difference.rate), self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One rate that the two tables give differently, in dollars per million tokens.

    `checked` is the day of our card.
    """

    target: Target
    rate: RateKey
    ours: Decimal
    theirs: Decimal
    checked: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a comparison found; models are written ``provider/model``.

    `agreements` counts equal rates, `unmatched` those of theirs that the catalogue has no rate for
    (a modifier or lifetime it does not know).  `unused` are known differences that do not occur.
    """

    agreements: int
    unmatched: int
    differences: tuple[Difference, ...]
    ours_only: tuple[str, ...]
    theirs_only: tuple[str, ...]
    unused: tuple[KnownDifference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences without a reason."""
        return tuple(one for one in self.differences if not one.reason)


def compare(
    catalogue: Catalogue, table: PriceTable, at: datetime, known: Sequence[KnownDifference] = ()
) -> Comparison:
    """Hold every rate of another table against the catalogue's of the same instant."""
    tally = _Tally()
    for row in table.rows:
        offer = catalogue.select(Target(provider=row.provider, model=row.model), at)
        if isinstance(offer, Problem):
            tally.theirs_only[f"{row.provider}/{row.model}"] = None
            continue
        tally.met.add((offer.target.provider, offer.target.model))
        for key, theirs in row.rates.items():
            tally.add(offer, key, _rate(catalogue, offer, key), theirs)
    explained = tuple(_explain(one, known) for one in tally.differences)
    return Comparison(
        agreements=tally.agreements,
        unmatched=tally.unmatched,
        differences=explained,
        ours_only=tuple(_ours_only(catalogue, table, tally.met)),
        theirs_only=tuple(tally.theirs_only),
        unused=tuple(k for k in known if not any(k.covers(one) for one in explained)),
    )


class _Tally:
    """Counts of a comparison in progress; equal differences are kept once, in order."""

    def __init__(self) -> None:
        self.agreements = self.unmatched = 0
        self.differences: dict[Difference, None] = {}
        self.theirs_only: dict[str, None] = {}
        self.met: set[tuple[str, str]] = set()

    def add(self, offer: Offer, key: RateKey, ours: Decimal | None, theirs: Decimal) -> None:
        if ours is None:
            self.unmatched += 1
        elif ours.quantize(_DIGITS) == theirs.quantize(_DIGITS):
            self.agreements += 1
        else:
            target, checked = offer.target, offer.card.checked
            made = Difference(target=target, rate=key, ours=ours, theirs=theirs, checked=checked)
            self.differences[made] = None


def _rate(catalogue: Catalogue, offer: Offer, key: RateKey) -> Decimal | None:
    target = offer.target
    if key.modifier:
        modifiers = (*target.modifiers, key.modifier)
        wanted = Target(
            provider=target.provider, model=target.model, option=target.option, modifiers=modifiers
        )
        changed = catalogue.select(wanted, offer.at)
        if isinstance(changed, Problem):
            return None
        offer = changed
    table = offer.table(key.above + 1 if key.above else 0)
    rates = {meter: rate.amount for meter, rate in table.rates}
    meter = parse_meter(key.meter)
    return rates.get(_default_write(rates) if meter == CACHE_WRITE else meter)


def _default_write(rates: dict[Meter, Decimal]) -> Meter:
    writes = (meter for meter in rates if meter.kind is CACHE_WRITE.kind)
    return next(writes, CACHE_WRITE)


def _explain(difference: Difference, known: Sequence[KnownDifference]) -> Difference:
    reason = next((one.reason for one in known if one.covers(difference)), "")
    return replace(difference, reason=reason)


def _ours_only(catalogue: Catalogue, table: PriceTable, met: set[tuple[str, str]]) -> Iterator[str]:
    providers = {row.provider for row in table.rows}
    seen: dict[str, None] = {}
    for target in catalogue.targets():
        if target.provider in providers and (target.provider, target.model) not in met:
            seen[f"{target.provider}/{target.model}"] = None
    yield from seen
