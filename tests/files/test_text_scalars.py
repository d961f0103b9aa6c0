from __future__ import annotations

import pytest

from promptcost.files.scalars import text_scalars


def found(text):
    scalars, problems = text_scalars(text, "p.yaml")
    assert problems == []
    return [(s.path, s.value, text[s.start : s.end]) for s in scalars]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: plain", [("a", "plain", "plain")]),
        ("a: 'quo''ted'", [("a", "quo'ted", "quo''ted")]),
        ('a: "x\\ty"', [("a", "x\ty", "x\\ty")]),
        ("a: |\n  one\n  two\nb: 1", [("a", "one\ntwo\n", "  one\n  two\n"), ("b", "1", "1")]),
        ("a: >-  # why\n  one\n  two\n", [("a", "one two", "  one\n  two\n")]),
        ("a: |", [("a", "", "")]),
        ("- x\n- - y\n  - k: z", [("[0]", "x", "x"), ("[1][0]", "y", "y"), ("[1][1].k", "z", "z")]),
        ("just text", [("", "just text", "just text")]),
        ("a: &n !!str 'x'\nb: *n\n*n : c", [("a", "x", "x"), ("*n", "c", "c")]),
        ("a: 1\na: 2", [("a", "1", "1"), ("a", "2", "2")]),
        ("é: ü", [("é", "ü", "ü")]),
        ("? [x]\n: y", [("?[0]", "x", "x"), ("?", "y", "y")]),
        ("", []),
    ],
)
def test_texts_come_with_their_path_and_range(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: ]", "p.yaml:1:4: is not YAML"),
        ("a: b: c", "p.yaml:1:5: is not YAML: mapping values are not allowed"),
        ("a: \x01", "p.yaml: holds characters that YAML forbids"),
        ("[" * 66, "p.yaml: has more than 64 levels or 500000 values; split the file"),
    ],
)
def test_what_cannot_be_read_is_a_problem(text, message):
    scalars, (problem,) = text_scalars(text, "p.yaml")
    assert scalars == []
    assert str(problem).startswith(message)


def test_aliases_are_not_expanded():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert [path for path, _, _ in found(bomb)] == ["a[0]", "a[1]"]
