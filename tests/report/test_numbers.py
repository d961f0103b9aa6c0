from __future__ import annotations

from decimal import Decimal

import pytest

from promptcost.model.count import CountMethod, TokenCount
from promptcost.report.numbers import (
    about,
    band,
    change,
    compact,
    count,
    declared,
    dollars,
    roughly,
    share,
    tokens,
    unit_cost,
)


def estimated(value: int, low: int, high: int) -> TokenCount:
    return TokenCount(
        value=value, low=low, high=high, method=CountMethod.ESTIMATED, tokenizer="claude-5"
    )


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "$0.00"),
        ("0.009", "<$0.01"),
        ("0.01", "$0.01"),
        ("0.125", "$0.13"),
        ("1234.5678", "$1,234.57"),
        ("-0.4", "-$0.40"),
        ("-0.004", "-<$0.01"),
        ("123456789012345678901234567890.555", "$123,456,789,012,345,678,901,234,567,890.56"),
    ],
)
def test_totals_are_told_to_the_cent(amount: str, expected: str) -> None:
    assert dollars(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("3.1", "+$3.10"), ("0", "$0.00"), ("-3.1", "-$3.10")]
)
def test_differences_have_a_sign(amount: str, expected: str) -> None:
    assert change(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("12.3456", "$12.30"), ("987.65", "$988"), ("1234.5", "$1,230"), ("0.5", "$0.50")],
)
def test_uncertain_totals_have_three_digits(amount: str, expected: str) -> None:
    assert about(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.15079365079365079, "15 %"), (0.0746, "7.5 %"), (1.5, "150 %"), (0.1, "10 %")],
)
def test_an_error_of_an_estimate_has_two_digits(value: float, expected: str) -> None:
    assert roughly(value) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("3", "$3.00"),
        ("0.3", "$0.30"),
        ("3.00", "$3.00"),
        ("12.5", "$12.50"),
        ("0.075", "$0.075"),
        ("0.0041249", "$0.00412"),
        ("0.000000012345", "$0.0000000123"),
        ("1500", "$1,500.00"),
        ("1234", "$1,230.00"),
    ],
)
def test_unit_costs_have_three_digits_or_cents(amount: str, expected: str) -> None:
    assert unit_cost(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0 %"),
        (0.0001, "<0.1 %"),
        (0.004, "0.4 %"),
        (0.9312, "93.1 %"),
        (0.99996, ">99.9 %"),
        (1.0, "100 %"),
        (-0.667, "-66.7 %"),
        (2.5, "250.0 %"),
    ],
)
def test_shares_are_told_to_a_tenth_and_never_claim_all_or_nothing(
    value: float, expected: str
) -> None:
    assert share(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.2, "20 %"), (0.075, "7.5 %"), (0.0, "0 %"), (1.0, "100 %")]
)
def test_declared_shares_stay_as_they_were_written(value: float, expected: str) -> None:
    assert declared(value) == expected


def test_exact_counts_have_no_sign_and_no_band() -> None:
    number = TokenCount.exact(2137, "o200k_base")
    assert (tokens(number), band(number)) == ("2,137", "")


@pytest.mark.parametrize(
    ("number", "shown", "limits"),
    [
        (estimated(2137, 1945, 2330), "≈2,140", "1,945-2,330"),
        (estimated(9, 8, 10), "≈9", "8-10"),
        (estimated(123_456, 110_000, 130_000), "≈123,000", "110,000-130,000"),
    ],
)
def test_estimates_have_three_digits_and_a_band(
    number: TokenCount, shown: str, limits: str
) -> None:
    assert (tokens(number), band(number)) == (shown, limits)


def test_counts_have_separators() -> None:
    assert count(1_234_567) == "1,234,567"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10.0 k"),
        (999_499, "999 k"),
        (999_999, "1.00 M"),
        (80_249_000, "80.2 M"),
        (1_500_000_000, "1.50 G"),
        (12_345_000_000_000, "12.3 T"),
    ],
)
def test_large_counts_have_three_digits_and_a_unit(value: int, expected: str) -> None:
    assert compact(value) == expected
