"""Counters: exact where the vocabulary is known, honest bands elsewhere, prefixes never longer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.model.count import CountMethod, TokenCount
from promptcost.tokens import counter, families, family
from promptcost.tokens._vocabulary import Vocabulary, bundled
from promptcost.tokens._weights import weights

EXACT = ["cl100k", "o200k"]
ESTIMATED = ["claude-2024", "claude-2026", "deepseek", "gemini", "llama3", "qwen", "unknown"]
FRAGMENTS = (
    *("the ", "Hello", "it's", "  ", "\n", "7", "123", "4567890", "字", "提示缓存", "é", "e\u0301"),
    *("👩‍👧", "!", "//", "<|endoftext|>", "हिन्दी", "привет", '{"k": ', "\ud800", "─" * 40),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
whole_texts = texts.map(lambda text: text.replace("\ud800", ""))
every_family = pytest.mark.parametrize("name", [*EXACT, *ESTIMATED])


def bounds(count):
    return count.value, count.low, count.high


def test_the_families_are_a_closed_sorted_list():
    assert families() == tuple(sorted(EXACT + ESTIMATED))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("claude-2025", "did you mean claude-2026, claude-2024"),
        ("O200K", "o200k"),
        ("gemini-2.5-pro", "did you mean gemini"),
        ("", "did you mean cl100k, claude-2024, claude-2026"),
        ("x" * 500, "unknown tokenizer '" + "x" * 60 + "'"),
    ],
)
def test_an_unknown_family_names_the_nearest(name, near):
    with pytest.raises(ValueError, match=near):
        counter(name)


def test_every_family_states_its_basis():
    words = {name: family(name).basis.split()[0] for name in families()}
    assert words == {
        **dict.fromkeys(EXACT, "exact:"),
        **dict.fromkeys(ESTIMATED, "estimate"),
        "unknown": "assumption",
    }


@pytest.mark.parametrize(
    ("name", "text", "tokens"),
    [
        ("o200k", "", 0),
        ("o200k", "Hello, world!", 4),
        ("o200k", "<|endoftext|>", 7),
        ("o200k", "提示缓存", 2),
        ("o200k", "1234567890", 4),
        ("o200k", "a\ud800b", 3),
        ("cl100k", "Hello, world!", 4),
        ("cl100k", "<|endoftext|>", 7),
        ("cl100k", "提示缓存", 4),
    ],
)
def test_exact_counts(name, text, tokens):
    assert counter(name).count(text) == TokenCount.exact(tokens, name)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # "The quick brown fox" has 4 tokens and 19 ASCII code points.
        ("claude-2026", "The quick brown fox", (7, 5, 8)),  # 6.78 -13 % +15 %
        ("claude-2024", "The quick brown fox", (5, 4, 6)),  # 4.68 -10 % +12 %
        ("gemini", "The quick brown fox", (4, 3, 6)),  # 4.40 -18 % +18 %
        ("llama3", "The quick brown fox", (4, 3, 5)),  # 4.00 -3 % +7 %
        ("deepseek", "The quick brown fox", (4, 3, 5)),  # 4.12 -8 % +12 %
        ("qwen", "The quick brown fox", (4, 3, 5)),  # 4.00 -10 % +3 %
        ("unknown", "The quick brown fox", (4, 3, 7)),  # 4.20 -25 % +55 %
        # 1234567 has 3 tokens with 4 digits after the first of their token.
        ("qwen", "1234567", (7, 6, 8)),
        ("gemini", "1234567", (8, 6, 10)),
        ("llama3", "1234567", (3, 2, 4)),
        # 提示缓存 has 2 tokens of 2 code points each.
        ("claude-2026", "提示缓存", (3, 2, 4)),  # 1.68 + 1.52 -20 % +25 %
        ("claude-2024", "提示缓存", (3, 2, 5)),  # 2.34 + 1.12 -20 % +30 %
        ("gemini", "提示缓存", (2, 1, 3)),  # 2.20 - 0.60 -25 % +30 %
        ("deepseek", "提示缓存", (2, 1, 2)),  # 2.06 - 0.56 -15 % +20 %
        # пр|ивет| мир has 3 tokens, 9 code points beyond ASCII and a blank.
        ("claude-2026", "привет мир", (6, 4, 8)),  # 2.52 + 0.18 + 3.42 -28 % +30 %
        ("claude-2026", "", (0, 0, 0)),
    ],
)
def test_estimates_by_hand(name, text, expected):
    count = counter(name).count(text)
    assert bounds(count) == expected
    assert (count.method, count.tokenizer) == (CountMethod.ESTIMATED, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 400, (52, 39, 82)),
        ("é" * 20 + "x" * 80, (32, 23, 49)),  # a fifth is still ASCII text
        ("é" * 21 + "x" * 79, (34, 20, 118)),
        ("提" * 100, (105, 63, 263)),
        ("提한" * 50, (105, 63, 263)),  # half of what is foreign is CJK
        ("提한é" * 50, (158, 94, 552)),
        ("한" * 100, (105, 63, 368)),
    ],
)
def test_the_band_widens_with_the_script(text, expected):
    assert bounds(counter("unknown").count(text)) == expected


@every_family
def test_a_counter_and_its_counts_name_the_family(name):
    made = counter(name)
    assert made.tokenizer == made.count("text").tokenizer == name


@every_family
def test_ordinary_text_that_looks_special_is_counted_as_text(name):
    assert counter(name).count("<|endoftext|>").value >= 7


@every_family
@given(text=texts, offsets=st.lists(st.integers(0, 400), max_size=8))
@settings(deadline=None, max_examples=60)
def test_prefix_counts_grow_with_the_offset_up_to_the_whole(name, text, offsets):
    made = counter(name)
    ordered = sorted(offsets)
    ladder = [*made.prefix_counts(text, ordered), made.count(text)]
    for field in ("value", "low", "high"):
        values = [getattr(count, field) for count in ladder]
        assert values == sorted(values)


@every_family
@given(text=texts)
@settings(deadline=None, max_examples=40)
def test_the_prefix_up_to_the_end_is_the_whole(name, text):
    made = counter(name)
    size = len(text.encode("utf-8", "surrogatepass"))
    assert made.prefix_counts(text, [size, size + 9]) == [made.count(text)] * 2


@every_family
@given(head=texts, tail_a=texts, tail_b=texts)
@settings(deadline=None, max_examples=60)
def test_two_texts_share_at_most_either_and_in_either_order(name, head, tail_a, tail_b):
    made = counter(name)
    a, b = head + tail_a, head + tail_b
    shared = made.shared(a, b)
    assert shared == made.shared(b, a)
    for whole in (made.count(a), made.count(b)):
        assert shared.value <= whole.value
        assert shared.low <= whole.low
        assert shared.high <= whole.high


@every_family
def test_a_text_shares_all_of_itself(name):
    text = "System prompt, 提示缓存 and 12345.\n" * 3
    assert counter(name).shared(text, text) == counter(name).count(text)


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [([], []), ([0], [0]), ([4, 5, 6], [0, 1, 2]), ([13, 99, 5, -3], [4, 4, 1, 0])],
)
def test_prefixes_hold_whole_tokens_only(offsets, expected):
    counts = counter("o200k").prefix_counts("Hello, world!", offsets)
    assert [count.value for count in counts] == expected


@given(text=whole_texts, offset=st.integers(0, 200))
@settings(deadline=None, max_examples=400)
def test_an_exact_prefix_ends_at_the_last_token_end(text, offset):
    made = counter("cl100k")
    (count,) = made.prefix_counts(text, [offset])
    vocabulary = bundled("cl100k")
    sizes = [vocabulary.lengths[i] for i in vocabulary.encode(text)]
    assert sum(sizes[: count.value]) <= offset
    assert sum(sizes[: count.value + 1]) > offset or count.value == len(sizes)


def test_counting_for_several_families_encodes_once(monkeypatch):
    calls = []
    encode = Vocabulary.encode

    def spy(self, text):
        calls.append(text)
        return encode(self, text)

    monkeypatch.setattr(Vocabulary, "encode", spy)
    for name in ("o200k", *ESTIMATED):
        counter(name).count("a text that no other test counts")
    assert calls == ["a text that no other test counts"]


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_token_weighs_something(name):
    assert min(weights(family(name).rule, "é")) > 0


def test_box_drawing_does_not_estimate_to_nothing():
    text = "─" * 4_000
    tokens = len(bundled("o200k").encode(text))
    assert counter("gemini").count(text).value >= tokens // 2
