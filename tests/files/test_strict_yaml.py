"""The strict YAML reader: exact values, no surprises, a place for everything, bounds."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.files.yaml import MAX_DEPTH, MAX_PROBLEMS, Document, parse_yaml, read_yaml

if TYPE_CHECKING:
    from pathlib import Path


def value_of(text: str) -> Any:
    document, problems = parse_yaml(text, "f.yaml")
    assert problems == []
    assert document is not None
    return document.value


def only_problem(text: str) -> str:
    _, problems = parse_yaml(text, "f.yaml")
    (problem,) = problems
    return str(problem)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16:30", "16:30"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1e6", Decimal(1_000_000)),
        ("0.1", Decimal("0.1")),
        ("1.10", Decimal("1.10")),
        ("3", 3),
        ("+3", 3),
        ("-3", -3),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("007", 7),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("2026-11-20", "2026-11-20"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1.2.3", "1.2.3"),
        ("20%", "20%"),
        ("٣", "٣"),
        ("9" * 31, "9" * 31),
        ("1e1000", "1e1000"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("null", None),
        ("~", None),
        ("''", ""),
        ("'3'", "3"),
        ('"true"', "true"),
        ("'null'", "null"),
        ("|\n  3\n", "3\n"),
        ("[]", []),
        ("{}", {}),
        ("{a: }", {"a": None}),
        ("{5: a}", {"5": "a"}),
        ("{true: a}", {"true": "a"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        ("'<<': 1", {"<<": 1}),
        ("", None),
        ("# nothing\n", None),
    ],
)
def test_plain_words_have_their_plain_meaning(text: str, value: Any) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2", "f.yaml:2:1: key 'a' is already set on line 1; keep one"),
        ("a:\n  b: 1\n  b: 2", "f.yaml:3:3: key 'b' is already set on line 2; keep one"),
        ("a: !!python/object:os.system x", "f.yaml:1:4: has the tag tag:yaml.org,2002:python/object:os.system; remove the tag"),  # noqa: E501 - one line of output
        ("!!str a: 1", "f.yaml:1:1: has the tag tag:yaml.org,2002:str; remove the tag"),
        ("a: !!set {}", "f.yaml:1:4: has the tag tag:yaml.org,2002:set; remove the tag"),
        ("a: *b", "f.yaml:1:4: uses *b before it is complete; define it"),
        ("a: &b [*b]", "f.yaml:1:8: uses *b before it is complete; define it"),
        ("a: &b k\n*b : 1", "f.yaml:2:1: has an alias as a key; write the key out"),
        ("a: &b {x: 1}\nc:\n  <<: *b", "f.yaml:3:3: merges another mapping with <<; write the keys out"),  # noqa: E501 - one line of output
        ("? [a, b]\n: 1\nc: 2", "f.yaml:1:3: has a key that is not a word; use a plain key"),
        ("{{a: 1}: 2}", "f.yaml:1:2: has a key that is not a word; use a plain key"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1: holds a second document; split the file at the line ---"),
        ("a: [1", "f.yaml:2:1: is not YAML: did not find expected ',' or ']'; check indentation, colons and quotes there"),  # noqa: E501 - one line of output
        ("a: \x01", "f.yaml: holds characters that YAML forbids; remove control characters"),
        ("a: \ud800", "f.yaml: holds characters that YAML forbids; remove control characters"),
    ],
)  # fmt: skip
def test_a_trap_is_a_problem_at_its_place(text: str, problem: str) -> None:
    assert only_problem(text) == problem


def test_all_traps_of_a_file_are_found_in_one_run() -> None:
    text = "a: 1\na: 2\nb: !x 3\nc: *none\nd:\n  <<: {}\n? {k: v}\n: 4\ne: 5\ne: 6\n"
    document, problems = parse_yaml(text, "f.yaml")
    assert [problem.line for problem in problems] == [2, 3, 4, 6, 7, 10]
    assert document is not None
    assert document.value == {"a": 1, "b": 3, "c": None, "d": {"<<": {}}, "?4": 4, "e": 5}


def test_values_after_a_bad_key_keep_their_keys() -> None:
    document, problems = parse_yaml("? [a]\n: x\nb: y\n", "f.yaml")
    assert len(problems) == 1
    assert document is not None
    assert document.value == {"?0": "x", "b": "y"}


def test_the_value_of_an_unknown_alias_as_key_is_kept_apart() -> None:
    document, problems = parse_yaml("*x : 1\nb: 2\n", "f.yaml")
    assert [problem.message for problem in problems] == [
        "uses *x before it is complete",
        "has an alias as a key",
    ]
    assert document is not None
    assert document.value == {"*x": 1, "b": 2}


def nested_lists(levels: int) -> str:
    return "[" * levels + "]" * levels


def aliases(levels: int) -> str:
    """Each line wraps the one before: small to write, deep and large to expand."""
    return "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))


def billion_laughs() -> str:
    first = "a0: &a0 [" + ", ".join(["lol"] * 10) + "]\n"
    return first + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )


@pytest.mark.parametrize(
    "text",
    [
        nested_lists(MAX_DEPTH + 1),
        nested_lists(100_000),
        aliases(MAX_DEPTH + 1),
        aliases(900),
        billion_laughs(),
    ],
    ids=["deep", "very deep", "deep by aliases", "very deep by aliases", "billion laughs"],
)
def test_a_document_beyond_the_bounds_is_given_up(text: str) -> None:
    document, problems = parse_yaml(text, "f.yaml")
    assert document is None
    assert problems[-1].message == f"has more than {MAX_DEPTH} levels or 500000 values"


@pytest.mark.parametrize("text", [nested_lists(MAX_DEPTH), aliases(MAX_DEPTH - 1)])
def test_a_document_within_the_bounds_is_read(text: str) -> None:
    document, problems = parse_yaml(text, "f.yaml")
    assert problems == []
    assert document is not None


def test_reading_stops_after_many_problems() -> None:
    _, problems = parse_yaml("a: 1\n" * 100_000, "f.yaml")
    assert len(problems) == MAX_PROBLEMS


def test_every_key_and_item_has_a_place() -> None:
    document, _ = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\n", "f.yaml")
    assert document is not None
    assert document.places == {
        (): (1, 1),
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 6),
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("b", 1, "c"), (4, 6)),
        (("b", 1, "missing"), (4, 5)),
        (("b", 7), (2, 1)),
        (("nowhere",), (1, 1)),
    ],
)
def test_a_missing_path_has_the_place_of_its_parent(
    path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    document, _ = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\n", "f.yaml")
    assert document is not None
    assert document.place(path) == place


def test_an_empty_document_has_a_place_too() -> None:
    assert Document(path="f.yaml", value=None).place(("a",)) == (1, 1)


def test_a_file_is_read_with_its_warnings(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    document, (warning,) = read_yaml(path)
    assert document is not None
    assert document.value == {"a": 1}
    assert warning.message == "starts with a byte-order mark, which is not counted"


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    document, (problem,) = read_yaml(tmp_path / "none.yaml")
    assert document is None
    assert problem.message == "no such file"


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("a: 1\n" * 10)
    document, (problem,) = read_yaml(path, limit=10)
    assert document is None
    assert problem.message == "is larger than 1e-05 MB"


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"))
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=20,
)


@given(_json)
def test_json_is_yaml(value: Any) -> None:
    assert value_of(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00!"}', {"a": "😀!"}),
        (r'{"a": "\uD83D\uDE00\u00e4"}', {"a": "😀ä"}),
        (r"a: '\ud83d\ude00'", {"a": r"\ud83d\ude00"}),
        (r"a: \ud83d\ude00", {"a": r"\ud83d\ude00"}),
    ],
)
def test_pairs_of_json_escapes_are_one_character(text: str, value: Any) -> None:
    assert value_of(text) == value


def test_half_a_pair_of_json_escapes_is_a_fault() -> None:
    assert only_problem(r'{"a": "\ud83d"}').startswith("f.yaml:1:10: is not YAML: found invalid")


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    document, problems = parse_yaml(text, "f.yaml")
    assert document is not None or problems
