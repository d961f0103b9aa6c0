"""What a user knows about tokenizers decides how each family is counted."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from promptcost.model.count import CountMethod
from promptcost.tokens import NO_OWN_TOKENIZERS, Calibration, OwnTokenizers

DOUBLE = Calibration(factor=Fraction(2), samples=1)
OWN = OwnTokenizers(
    files={"llama3": Path("tokenizer.json")}, calibrations={"gemini": DOUBLE, "llama3": DOUBLE}
)


@pytest.mark.parametrize(
    ("own", "family", "method"),
    [
        (NO_OWN_TOKENIZERS, "o200k", CountMethod.EXACT),
        (NO_OWN_TOKENIZERS, "gemini", CountMethod.ESTIMATED),
        (NO_OWN_TOKENIZERS, "llama3", CountMethod.ESTIMATED),
        (OWN, "gemini", CountMethod.CALIBRATED),
        (OWN, "llama3", CountMethod.EXACT),
        (OWN, "qwen", CountMethod.ESTIMATED),
    ],
)
def test_a_file_is_worth_more_than_a_calibration(own, family, method):
    assert own.method(family) is method


@pytest.mark.parametrize("family", ["o200k", "gemini", "qwen"])
def test_the_method_named_is_that_of_the_counts(family):
    assert OWN.counter(family).count("some words").method is OWN.method(family)


def test_a_calibration_changes_the_count_of_its_family_only():
    text = "Answer politely. " * 50
    plain, own = NO_OWN_TOKENIZERS, OWN
    assert own.counter("gemini").count(text).value == 2 * plain.counter("gemini").count(text).value
    assert own.counter("qwen").count(text) == plain.counter("qwen").count(text)


def test_an_unknown_family_is_refused():
    with pytest.raises(ValueError, match="unknown tokenizer 'gemni'"):
        OWN.method("gemni")


def test_the_families_known_about_are_told():
    assert OWN.families == {"gemini", "llama3"}
    assert NO_OWN_TOKENIZERS.families == set()
