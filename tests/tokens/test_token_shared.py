"""The shared token prefix found around the divergence is that of the full encodings."""

from __future__ import annotations

from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.tokens._encode import Encoded
from promptcost.tokens._shared import first_difference, shared_tokens
from promptcost.tokens._vocabulary import bundled

FRAGMENTS = (
    *(
        "the ",
        "Hello",
        "it's",
        "'",
        "'ll",
        "  ",
        "\n",
        "\r\n",
        "\n\n ",
        "\t",
        "7",
        "123",
        "4567890",
    ),
    *(
        "字",
        "学",
        "提示缓存",
        "é",
        "è",
        "e\u0301",
        "\u200d",
        "\x00",
        "👩‍👧",
        "👩‍👦",
        "!",
        "!!\n",
        "./",
        "//",
    ),
    *("a", "ab", "B", "<|endoftext|>", "हिन्दी", '{"k": ', '"', "un", "able", "ization"),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
families = pytest.mark.parametrize("family", ["o200k", "cl100k"])


def quick(vocabulary, a, b):
    return shared_tokens(vocabulary, a, b, Encoded(vocabulary, a).ends)


def full(vocabulary, a, b):
    pairs = zip(vocabulary.encode(a), vocabulary.encode(b), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


@families
@given(head=texts, tail_a=texts, tail_b=texts)
@settings(deadline=None, max_examples=400)
def test_the_quick_way_finds_what_full_encodings_share(family, head, tail_a, tail_b):
    vocabulary = bundled(family)
    a, b = head + tail_a, head + tail_b
    assert quick(vocabulary, a, b) == full(vocabulary, a, b)


@families
@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ("", "", 0),
        ("", "word", 0),
        ("word", "", 0),
        ("same text", "same text", 2),
        ("same text", "same text more", 2),
        ("same text more", "same text", 2),
        ("one two", "one too", 1),
        ("one two", "one two's", 2),
        ("x\n字", "x\n学", 2),
        ("x\n\u3400", "x\n\u3401", 4),  # characters of three tokens that share two
        ("a b c ", "a b c d", 3),
        ("12", "123", 0),
    ],
)
def test_divergence_at_awkward_places(family, a, b, shared):
    vocabulary = bundled(family)
    assert full(vocabulary, a, b) == shared
    assert quick(vocabulary, a, b) == shared


@families
def test_a_shared_part_without_any_safe_boundary(family):
    vocabulary = bundled(family)
    a, b = "提示缓存" * 500 + "一", "提示缓存" * 500 + "二"
    assert quick(vocabulary, a, b) == full(vocabulary, a, b)


@families
def test_a_safe_boundary_far_before_the_divergence(family):
    vocabulary = bundled(family)
    a, b = "word 提" + "示缓" * 300 + "a", "word 提" + "示缓" * 300 + "b"
    assert quick(vocabulary, a, b) == full(vocabulary, a, b)


@pytest.mark.parametrize(
    ("a", "b", "place"),
    [("", "", 0), ("ab", "ab", 2), ("ab", "abc", 2), ("abc", "abd", 2), ("x", "y", 0)],
)
def test_the_first_difference(a, b, place):
    assert first_difference(a, b) == place
    assert first_difference(list(b), list(a)) == place
