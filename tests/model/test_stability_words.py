"""What a piece varies with: two axes, one word each."""

from __future__ import annotations

import pytest

from promptcost.model.finding import Severity
from promptcost.model.stability import STABILITY_WORDS, Audience, Clock, Stability


@pytest.mark.parametrize(
    ("word", "stability"),
    [
        ("static", Stability()),
        ("never", Stability()),
        ("all", Stability()),
        ("deploy", Stability(clock=Clock.DEPLOY)),
        ("second", Stability(clock=Clock.SECOND)),
        ("tenant", Stability(audience=Audience.TENANT)),
        ("request", Stability(audience=Audience.REQUEST)),
    ],
)
def test_a_word_names_a_place_on_one_axis(word: str, stability: Stability) -> None:
    assert Stability.parse(word) == stability


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown stability 'weekly'"):
        Stability.parse("weekly")


def test_only_never_and_all_is_static() -> None:
    words = [word for word in STABILITY_WORDS if Stability.parse(word).is_static]
    assert words == ["static", "never", "all"]


def test_severities_are_ordered_and_have_words() -> None:
    assert Severity.NOTE < Severity.LOW < Severity.MEDIUM < Severity.HIGH
    assert [severity.word for severity in Severity] == ["note", "low", "medium", "high"]
