"""A count knows its band; near a limit it says that it cannot tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.model.count import CountMethod, TokenCount

bands = st.lists(st.integers(0, 10_000), min_size=3, max_size=3).map(sorted)


def count(
    low: int, value: int, high: int, method: CountMethod = CountMethod.ESTIMATED
) -> TokenCount:
    return TokenCount(low=low, value=value, high=high, method=method, tokenizer="claude")


@pytest.mark.parametrize(
    ("low", "high", "limit", "answers"),
    [
        (90, 99, 100, (False, False)),
        (90, 100, 100, (None, False)),
        (90, 101, 100, (None, None)),
        (99, 101, 100, (None, None)),
        (100, 100, 100, (True, False)),
        (100, 101, 100, (True, None)),
        (101, 110, 100, (True, True)),
    ],
)
def test_a_limit_inside_the_band_cannot_be_told(
    low: int, high: int, limit: int, answers: tuple[bool | None, bool | None]
) -> None:
    near = count(low, high, high)
    assert (near.reaches(limit), near.exceeds(limit)) == answers


@given(bands, st.integers(0, 10_000))
def test_every_value_of_the_band_agrees_with_a_clear_answer(band: list[int], limit: int) -> None:
    answer = count(*band).reaches(limit)
    assert {value >= limit for value in band} == ({answer} if answer is not None else {True, False})


@given(bands, bands)
def test_counts_add_value_by_value(a: list[int], b: list[int]) -> None:
    total = count(*a) + count(*b)
    assert [total.low, total.value, total.high] == [x + y for x, y in zip(a, b, strict=True)]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("exact", "exact", "exact"),
        ("exact", "declared", "declared"),
        ("declared", "calibrated", "calibrated"),
        ("estimated", "exact", "estimated"),
    ],
)
def test_the_least_sure_method_names_a_sum(one: str, other: str, both: str) -> None:
    total = count(1, 1, 1, CountMethod(one)) + count(1, 1, 1, CountMethod(other))
    assert total.method is CountMethod(both)


def test_counts_of_two_tokenizers_do_not_add() -> None:
    with pytest.raises(ValueError, match="cannot add tokens of o200k and claude"):
        TokenCount.exact(1, "o200k") + count(1, 1, 1)


def test_an_exact_count_has_no_band() -> None:
    assert TokenCount.exact(7, "o200k").is_exact
    assert not count(6, 7, 8).is_exact


@pytest.mark.parametrize("band", [(2, 1, 3), (1, 4, 3), (-1, 1, 3)])
def test_a_band_around_something_else_is_refused(band: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="does not hold"):
        count(*band)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "≈0"),
        (7, "≈7"),
        (999, "≈999"),
        (1_235, "≈1,240"),
        (9_996, "≈10,000"),
        (123_456, "≈123,000"),
    ],
)
def test_an_estimate_is_shown_with_three_digits(value, shown):
    method = CountMethod.ESTIMATED
    count = TokenCount(value=value, low=value, high=value + 1, method=method, tokenizer="t")
    assert str(count) == shown


def test_an_exact_count_is_shown_whole():
    assert str(TokenCount.exact(1_234_567, "t")) == "1,234,567"
