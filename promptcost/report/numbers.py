"""Figures as people read them, without false digits.

Totals to the cent, unit costs to three significant digits, shares to 0.1 %, estimated token counts
to three significant digits behind ``≈``.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.model.count import TokenCount

_CENT = Decimal("0.01")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_TWO = Context(prec=2, rounding=ROUND_HALF_UP)
_THREE = Context(prec=3, rounding=ROUND_HALF_UP)
_TENTH = Decimal("0.1")
_CENT_EXPONENT = -2
_EXACT_BELOW = 10_000
_WHOLE_FROM = 100
_UNITS = ((12, "T"), (9, "G"), (6, "M"), (3, "k"))


def dollars(amount: Decimal) -> str:
    """Return a total to the cent: ``$1,234.56``, ``-$0.40``, ``<$0.01`` where it is not nothing."""
    if amount and abs(amount) < _CENT:
        return "<$0.01" if amount > 0 else "-<$0.01"
    sign = "-" if amount < 0 else ""
    return f"{sign}${amount.copy_abs().quantize(_CENT, context=_WIDE):,f}"


def change(amount: Decimal) -> str:
    """Return a difference to the cent with its sign: ``+$3.10``, ``-$0.40``."""
    return dollars(amount) if amount <= 0 else f"+{dollars(amount)}"


def about(amount: Decimal) -> str:
    """Return an uncertain total to three significant digits, cents where it is small."""
    rounded = _THREE.create_decimal(amount)
    return dollars(rounded) if abs(rounded) < _WHOLE_FROM else f"${rounded:,.0f}"


def unit_cost(amount: Decimal) -> str:
    """Return dollars per unit, three significant digits or cents: ``$0.00412``, ``$15.00``."""
    rounded = _THREE.create_decimal(amount).normalize()
    exponent = rounded.as_tuple().exponent
    in_cents = isinstance(exponent, int) and exponent >= _CENT_EXPONENT
    return f"${rounded:,.2f}" if in_cents else f"${rounded:,f}"


def share(value: float) -> str:
    """Return a fraction as a percentage to 0.1 %; what is not all or nothing never reads as it."""
    percent = (Decimal(repr(value)) * 100).quantize(_TENTH, context=_WIDE)
    if percent == 0 and value > 0:
        return "<0.1 %"
    if percent == 100 and value < 1:  # noqa: PLR2004 - per cent
        return ">99.9 %"
    text = f"{percent:f}".removesuffix(".0") if percent in {0, 100} else f"{percent:f}"
    return f"{text} %"


def declared(value: float) -> str:
    """Return a fraction that somebody wrote down as a percentage: ``20 %``, ``7.5 %``."""
    return f"{(Decimal(repr(value)) * 100).normalize():f} %"


def roughly(value: float) -> str:
    """Return an error as a percentage of two significant digits: ``15 %``, ``7.5 %``."""
    return f"{_TWO.create_decimal(Decimal(repr(value)) * 100).normalize():f} %"


def count(value: int) -> str:
    """Return an exact number with thousands separators."""
    return f"{value:,d}"


def tokens(number: TokenCount) -> str:
    """Return a token count: exact as it is, estimated as ``≈`` and three significant digits."""
    return str(number)


def band(number: TokenCount) -> str:
    """Return the band of an estimated count as ``low-high``; empty for an exact one."""
    return "" if number.is_exact else f"{number.low:,d}-{number.high:,d}"


def compact(value: int) -> str:
    """Return a large number to three significant digits: ``1,234``, ``80.2 M``, ``1.50 G``."""
    if abs(value) < _EXACT_BELOW:
        return count(value)
    rounded = _THREE.create_decimal(value)
    exponent, unit = next(
        (exponent, unit) for exponent, unit in _UNITS if abs(rounded) >= Decimal(10) ** exponent
    )
    return f"{_THREE.create_decimal(rounded.scaleb(-exponent)):,f} {unit}"
