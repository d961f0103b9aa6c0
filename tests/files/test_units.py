"""Durations and shares as people write them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.files.units import parse_duration, parse_share


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("5m", 300),
        ("1h", 3_600),
        ("1.5h", 5_400),
        ("30d", 2_592_000),
        ("250ms", 0.25),
        ("10us", 0.00001),
        (" 45 s ", 45),
        ("0s", 0),
        ("3660d", 316_224_000),
    ],
)
def test_a_duration_is_exact(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("45", "'45' is not a duration; write a number and us, ms, s, m, h or d, as in 45s"),
        ("-45s", "'-45s' is not a duration"),
        ("1w", "'1w' is not a duration"),
        ("4 5s", "'4 5s' is not a duration"),
        ("1e3s", "'1e3s' is not a duration"),
        ("٣s", "'٣s' is not a duration"),
        ("", "'' is not a duration"),
        ("9" * 50, f"'{'9' * 40}' is not a duration"),
        ("3661d", "'3661d' is longer than ten years"),
        ("999999999.9d", "'999999999.9d' is longer than ten years"),
        ("0.5us", "'0.5us' is finer than a microsecond"),
    ],
)
def test_anything_else_is_refused_with_the_accepted_form(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        parse_duration(text)


@given(st.integers(0, 300_000_000))
def test_whole_seconds_are_exact(seconds: int) -> None:
    assert parse_duration(f"{seconds}s") == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "share"),
    [("20%", "0.2"), ("0.5 %", "0.005"), (" 100% ", "1"), ("0%", "0"), ("250%", "2.5")],
)
def test_a_share_is_an_exact_fraction(text: str, share: str) -> None:
    assert parse_share(text) == Decimal(share)


@pytest.mark.parametrize("text", ["20", "-20%", "%", "2e1%", "٣%", "1234567%"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a share; write a percentage, as in 20%"):
        parse_share(text)
