"""A calibration is one factor with the spread that was seen, and says so in the count."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.errors import Level
from promptcost.model.count import CountMethod
from promptcost.tokens import Calibration, counter, fit, load_calibration

FORM = 'write {"tokenizer": "...", "text": "...", "input_tokens": 123}'


def test_the_factor_is_total_measured_over_total_estimated():
    assert fit([(100, 110), (300, 350)]).factor == Fraction(460, 400)


@pytest.mark.parametrize(
    ("pairs", "low", "high"),
    [
        # factor 1, ratios 0.9 and 1.1, two samples: three times the deviation
        ([(100, 90), (100, 110)], Fraction(7, 10), Fraction(13, 10)),
        # three samples: twice
        ([(100, 90), (100, 110), (100, 100)], Fraction(8, 10), Fraction(12, 10)),
        # never surer than one percent
        ([(100, 120), (200, 240)], Fraction(99, 100), Fraction(101, 100)),
        # never below nothing
        ([(100, 10), (100, 190)], Fraction(0), Fraction(37, 10)),
    ],
)
def test_the_band_is_the_widened_range_of_what_was_seen(pairs, low, high):
    found = fit(pairs)
    assert (found.low, found.high, found.samples) == (low, high, len(pairs))


def test_one_pair_says_nothing_about_spread():
    assert fit([(100, 130)]) == Calibration(factor=Fraction(13, 10), samples=1)


@pytest.mark.parametrize("pairs", [[], [(0, 5)], [(5, 0)], [(10, 11), (5, -1)]])
def test_counts_that_cannot_be_fitted_are_misuse(pairs):
    with pytest.raises(ValueError, match="pairs of positive counts"):
        fit(pairs)


@pytest.mark.parametrize(
    "values",
    [
        {"factor": Fraction(0)},
        {"factor": Fraction(1), "low": Fraction(11, 10), "high": Fraction(2)},
        {"factor": Fraction(1), "low": Fraction(1, 2), "high": Fraction(9, 10)},
        {"factor": Fraction(1), "low": Fraction(-1), "high": Fraction(2)},
    ],
)
def test_an_impossible_calibration_is_misuse(values):
    with pytest.raises(ValueError, match="positive factor"):
        Calibration(samples=2, **values)


@given(pairs=st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 9_999)), min_size=2))
def test_what_was_measured_lies_in_the_band(pairs):
    found = fit(pairs)
    for estimated, measured in pairs:
        fitted = found.factor * estimated
        assert fitted * found.low <= measured <= fitted * found.high


def test_a_calibrated_count_scales_before_rounding():
    calibration = fit([(100, 150), (100, 150)])
    count = counter("claude-2026", calibration=calibration).count("The quick brown fox")
    assert (count.value, count.low, count.high) == (10, 10, 11)  # 6.78 x 1.5 = 10.17, 1 % around
    assert count.method is CountMethod.CALIBRATED


def test_one_pair_keeps_the_band_of_the_family():
    calibration = fit([(100, 100)])
    text = "The quick brown fox jumps over the lazy dog. " * 20
    plain = counter("claude-2026").count(text)
    count = counter("claude-2026", calibration=calibration).count(text)
    assert (count.low, count.value, count.high) == (plain.low, plain.value, plain.high)
    assert count.method is CountMethod.CALIBRATED


@pytest.fixture
def load(tmp_path):
    def write_and_load(*lines):
        path = tmp_path / "measured.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return load_calibration(path)

    return write_and_load


def line(tokenizer, text, input_tokens, **more):
    return json.dumps({"tokenizer": tokenizer, "text": text, "input_tokens": input_tokens} | more)


def test_a_file_gives_one_calibration_per_tokenizer(load):
    found, problems = load(
        line("claude-2026", "The quick brown fox", 8),  # estimated 7
        "",
        line("gemini", "The quick brown fox", 5),  # estimated 4
        line("claude-2026", "The quick brown fox" * 2, 14),  # estimated 14
    )
    assert problems == []
    assert {name: (one.factor, one.samples) for name, one in found.items()} == {
        "claude-2026": (Fraction(22, 21), 2),
        "gemini": (Fraction(5, 4), 1),
    }


@pytest.mark.parametrize(
    ("content", "message", "repair"),
    [
        ("{", "is not a JSON object with these three keys", FORM),
        ("[" * 100_000, "is not a JSON object with these three keys", FORM),
        ("7", "is not a JSON object with these three keys", FORM),
        (line("gemini", 7, 5), "is not a JSON object with these three keys", FORM),
        (line("gemini", "x", 5.0), "is not a JSON object with these three keys", FORM),
        (line("gemini", "x", True), "has other keys or values than expected", FORM),  # noqa: FBT003 - the value under test
        (line("gemini", "x", 1, model="m"), "has other keys or values than expected", FORM),
        (
            line("lama", "x", 1),
            "unknown tokenizer 'lama'; did you mean llama3?",
            "use a name of the list",
        ),
        (
            line("gemini", "The quick brown fox", 21),
            "input_tokens cannot be this text, estimated at 4 tokens",
            "measure a request that sends this text alone",
        ),
        (
            line("gemini", "The quick brown fox" * 2, 0),
            "input_tokens cannot be this text, estimated at 9 tokens",
            "measure a request that sends this text alone",
        ),
        (
            line("gemini", "", 7),
            "input_tokens cannot be this text, estimated at 0 tokens",
            "measure a request that sends this text alone",
        ),
    ],
)
def test_a_faulty_line_is_reported_and_the_others_count(load, content, message, repair):
    found, (problem,) = load(line("gemini", "The quick brown fox", 4), content)
    assert list(found) == ["gemini"]
    assert (problem.line, problem.message, problem.repair) == (2, message, repair)
    assert problem.level is Level.ERROR


def test_a_tokenizer_that_is_exact_needs_no_measurement(load):
    found, (problem,) = load(line("o200k", "x", 1))
    assert found == {}
    assert problem.message == "o200k is counted exactly without this"
    assert problem.level is Level.WARNING


def test_a_missing_file_is_a_problem(tmp_path):
    found, (problem,) = load_calibration(tmp_path / "missing.jsonl")
    assert (found, problem.message) == ({}, "no such file")


def test_what_is_odd_about_the_bytes_is_passed_on(tmp_path):
    path = tmp_path / "measured.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line("gemini", "The quick brown fox", 4).encode())
    found, (problem,) = load_calibration(path)
    assert list(found) == ["gemini"]
    assert problem.level is Level.WARNING
