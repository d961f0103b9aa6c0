"""Any text encodes: no panic, no refusal, and the same tokens as one plain call."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.tokens import _encode
from promptcost.tokens._encode import SAFE, Encoded, Memo, encode, prepared_offsets
from promptcost.tokens._tokenizer_json import well_formed_nfc
from promptcost.tokens._vocabulary import bundled, well_formed

FRAGMENTS = (
    *("the ", "Hello", "it's", "DON'T", "'", "  ", "   ", "\n", "\r\n", "\n\n ", "\t", "7", "123"),
    *(
        "4567890",
        "½",
        "字",
        "提示缓存",
        "é",
        "e\u0301",
        "\u200d",
        "\x00",
        "👩‍👧",
        "!",
        "!!\n",
        "./",
        "//",
    ),
    *("a", "B", "ǅ", "<|endoftext|>", "हिन्दी", "привет", "\u00a0", '{"k": ', "\x1c"),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
families = pytest.mark.parametrize("family", ["o200k", "cl100k"])


@families
@given(text=texts)
@settings(deadline=None)
def test_every_safe_boundary_may_be_cut(family, text):
    vocabulary = bundled(family)
    cuts = [0, *(match.start() for match in SAFE.finditer(text)), len(text)]
    parts = [vocabulary.encode(text[a:b]) for a, b in pairwise(cuts)]
    assert list(chain.from_iterable(parts)) == vocabulary.encode(text)


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("ab cd", [2]),
        ("ab1", [2]),
        ("it's", []),
        ("aé b", []),
        ("1 2", []),
        ("x\ny", [1, 2]),
        ("1\n/y", []),
        ("1\n y", []),
        ("1\n字", [2]),
    ],
)
def test_boundaries_are_safe_only_where_every_pattern_splits(text, cuts):
    assert [match.start() for match in SAFE.finditer(text)] == cuts


def test_a_text_encoded_in_parts_has_the_tokens_of_the_whole(monkeypatch):
    monkeypatch.setattr(_encode, "_PART", 100)
    vocabulary = bundled("o200k")
    text = "One line of text, then 12345 more.\n  Indented 'quoted' words…\n\n" * 50
    assert encode(vocabulary, text).tolist() == vocabulary.encode(text)


@families
@pytest.mark.parametrize(
    "text",
    [
        " " * 600_000,
        "word" + " " * 600_000 + "word",
        "!" + "\t" * 600_000 + "!",
        "\n" + "\u00a0" * 600_000 + "1",
        " " * 600_000 + "\nx",
        " " * 600_000 + "\r",
        "x" + "\n" * 600_000 + "y",
        "\x1c" * 600_000,
        "a" + " " * 499_999 + "b",
        (" " * 600_000 + "字") * 2,
    ],
    ids=range(10),
)
def test_long_blank_runs_have_the_tokens_of_a_plain_call_where_that_works(family, text):
    vocabulary = bundled(family)
    assert encode(vocabulary, text).tolist() == vocabulary.encode(text)


@families
@pytest.mark.parametrize(
    "text",
    [" " * 1_200_000, "\u00a0" * 1_100_000 + "\u2003" * 200_000 + "x", "a" * 1_000_000],
    ids=["spaces", "no-break spaces", "letters"],
)
def test_text_that_crashes_or_stalls_older_engines_is_counted(family, text):
    vocabulary = bundled(family)
    ids = encode(vocabulary, text)
    assert sum(vocabulary.lengths[i] for i in ids) == len(text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00", "\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\ufeffx", "\ufeffx"),
        ("\r\n\x00", "\r\n\x00"),
    ],
)
def test_only_lone_surrogates_are_replaced(text, expected):
    assert well_formed(text) == expected


def test_ends_are_cumulative_bytes():
    assert Encoded(bundled("o200k"), "Hello world, é").ends.tolist() == [5, 11, 12, 15]


@pytest.mark.parametrize(
    ("text", "offsets", "expected"),
    [
        ("abc", [3, 0, 99], [3, 0, 99]),
        ("e\u0301x", [0, 1, 2, 3, 4, 99], [0, 0, 0, 2, 3, 3]),
        ("xe\u0301\u0301\u0301y", [8, 2, 4, 6, 1], [7, 1, 1, 1, 1]),
        ("\u1100\u1161\u11a8!", [3, 6, 9, 10, -1], [0, 0, 3, 4, 0]),
    ],
)
def test_offsets_follow_composed_characters(text, offsets, expected):
    assert list(prepared_offsets(well_formed_nfc, text, offsets)) == expected


def test_offsets_follow_surrogates():
    text = "\ud800a\ud83d\ude00b"  # a lone half (3 bytes) and a pair (6 bytes that become 4)
    offsets = [0, 3, 4, 7, 10, 11]
    assert list(prepared_offsets(well_formed, text, offsets)) == [0, 3, 4, 4, 8, 9]


class TestMemo:
    def test_a_text_asked_for_again_is_not_encoded_again(self):
        memo = Memo(limit=100)
        vocabulary = bundled("o200k")
        assert memo.encoded(vocabulary, "text") is memo.encoded(vocabulary, "te" + "xt")

    def test_vocabularies_do_not_mix(self):
        memo = Memo(limit=100)
        first = memo.encoded(bundled("o200k"), "提示缓存")
        second = memo.encoded(bundled("cl100k"), "提示缓存")
        assert len(first.ids) != len(second.ids)

    def test_the_text_used_longest_ago_goes_first(self):
        memo = Memo(limit=10)
        vocabulary = bundled("o200k")
        kept = memo.encoded(vocabulary, "aaaa")
        gone = memo.encoded(vocabulary, "bbbb")
        memo.encoded(vocabulary, "aaaa")
        memo.encoded(vocabulary, "cccc")
        assert memo.encoded(vocabulary, "aaaa") is kept
        assert memo.encoded(vocabulary, "bbbb") is not gone

    def test_the_newest_stays_even_when_it_is_too_large(self):
        memo = Memo(limit=3)
        vocabulary = bundled("o200k")
        assert memo.encoded(vocabulary, "large text") is memo.encoded(vocabulary, "large text")
