from __future__ import annotations

import pytest

from promptcost.errors import Problem
from promptcost.files.toml import parse_toml


def test_a_document_is_read():
    assert parse_toml('a.b = [1, "x"]\n', "a.toml") == {"a": {"b": [1, "x"]}}


def test_a_key_of_64_parts_is_read_and_one_of_65_is_not():
    assert not isinstance(parse_toml(".".join(["a"] * 64) + " = 1", "a.toml"), Problem)
    found = parse_toml("\nx = 1\n" + ".".join(["a"] * 65) + " = 1", "a.toml")
    assert str(found) == "a.toml:3: has a key of more than 64 parts; write it flatter"


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "9" * 100_000,
        "x = " + "[" * 50_000 + "]" * 50_000,
        "a." * 50_000 + "b = 1",
        '"a" . ' * 50_000 + "b = 1",
        "'a'." * 50_000 + "b = 1",
        "[" + "a." * 50_000 + "b]",
        "a" * 400_000,
        '"' * 400_001,
        "x = {" * 50_000,
    ],
)
def test_what_is_too_deep_or_too_long_is_a_fault(text):
    assert isinstance(parse_toml(text, "a.toml"), Problem)


def test_a_fault_has_its_place():
    found = parse_toml("x = 1\ny = ]", "a.toml")
    assert str(found) == "a.toml:2:5: is not TOML; check quotes and brackets there"
