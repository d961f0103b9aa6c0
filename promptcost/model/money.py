"""Rates and costs in US dollars, exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from types import MappingProxyType

from promptcost.model.usage import Meter

MILLION = 1_000_000
TOKEN_SECONDS_PER_MTOK_HOUR = 3_600 * MILLION

_PRECISION = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A price: `amount` dollars per `per` units (a million tokens, or token-seconds of storage)."""

    amount: Decimal
    per: int = MILLION

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0 or self.per <= 0:
            message = f"{self.amount} per {self.per} is not a price"
            raise ValueError(message)

    def of(self, quantity: int) -> Decimal:
        """Return the dollars for a quantity."""
        with localcontext(prec=_PRECISION):
            return self.amount * quantity / self.per

    def scaled(self, factor: Decimal) -> Rate:
        """Return the rate times a factor."""
        with localcontext(prec=_PRECISION):
            return Rate(amount=self.amount * factor, per=self.per)


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars per meter; adds up.  `unknown` names used meters that have no known price."""

    amounts: Mapping[Meter, Decimal] = field(default_factory=dict)
    unknown: frozenset[Meter] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "amounts", MappingProxyType(dict(self.amounts)))

    @property
    def total(self) -> Decimal:
        """The sum of the known amounts; see `is_known`."""
        with localcontext(prec=_PRECISION):
            return sum(self.amounts.values(), Decimal(0))

    @property
    def is_known(self) -> bool:
        """Whether every used meter has a price."""
        return not self.unknown

    def __add__(self, other: Cost) -> Cost:
        amounts = dict(self.amounts)
        with localcontext(prec=_PRECISION):
            for meter, amount in other.amounts.items():
                amounts[meter] = amounts.get(meter, Decimal(0)) + amount
        return Cost(amounts, self.unknown | other.unknown)

    def scaled(self, factor: Decimal) -> Cost:
        """Return the cost times a factor, for instance a window scaled to a month."""
        with localcontext(prec=_PRECISION):
            scaled = {meter: amount * factor for meter, amount in self.amounts.items()}
        return Cost(scaled, self.unknown)
