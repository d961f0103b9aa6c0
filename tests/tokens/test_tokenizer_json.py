"""Exact counts from a user's tokenizer.json; whatever cannot be counted exactly is refused."""

from __future__ import annotations

import json

import pytest

from promptcost.errors import DataError
from promptcost.tokens import Calibration, counter
from promptcost.tokens import _tokenizer_json as module

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN = LLAMA3.replace("{1,3}", "")
DEEPSEEK = (
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",  # noqa: RUF001 - as DeepSeek writes it
    (
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
        r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
)
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
MERGES = ["h e", "l l", "he ll", "hell o", "Ġ hello", "Ġ Ġ", "ĠĠ ĠĠ", "1 2", "12 3", "Ã ©"]
MERGES += ["Ā Ā", "! ã"]  # two NUL bytes; a mark and the first byte of a katakana dot


def split(expression):
    return {
        "type": "Split",
        "pattern": {"Regex": expression},
        "behavior": "Isolated",
        "invert": False,
    }


def document(*expressions, **changes):
    model = {"type": "BPE", "merges": MERGES, "vocab": {}, "ignore_merges": False}
    steps = [*map(split, expressions or (LLAMA3,)), BYTE_LEVEL]
    root = {
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "model": model | changes.pop("model", {}),
    }
    return root | changes


@pytest.fixture
def load(tmp_path):
    def write_and_load(content, family="llama3"):
        path = tmp_path / "tokenizer.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return counter(family, tokenizer_json=path)

    return write_and_load


def refusals(load, content):
    with pytest.raises(DataError) as caught:
        load(content)
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("hello", 1),
        ("hello hello", 2),
        ("hellhello", 2),
        ("  hello", 2),  # one blank alone, one with the word
        ("     !", 3),  # four blanks in one token, the fifth beside the mark
        ("123", 1),
        ("1234", 2),
        ("é", 1),
        ("字", 3),
        ("hello\r\n", 3),
        ("a\ud800", 4),
        ("<|end|>", 7),
        ("\x00\x00", 1),
    ],
)
def test_llama3_counts_by_hand(load, text, tokens):
    count = load(document()).count(text)
    assert (count.value, count.is_exact, count.tokenizer) == (tokens, True, "llama3")


def test_qwen_splits_every_digit(load):
    assert load(document(QWEN), "qwen").count("123").value == 3


def test_qwen_composes_first_and_keeps_the_callers_offsets(load):
    made = load(document(QWEN, normalizer={"type": "NFC"}), "qwen")
    assert made.count("e\u0301") == made.count("é")
    assert [count.value for count in made.prefix_counts("e\u0301hello", [1, 3, 8])] == [0, 1, 2]
    assert made.shared("e\u0301hello", "éhello").value == 2


@pytest.mark.parametrize("tail", ["", "x", "1", "字", "\n"])
@pytest.mark.parametrize("blank", [" ", "\t"])
def test_deepseek_keeps_blanks_before_numbers_and_cjk_whole(load, blank, tail):
    made = load(document(*DEEPSEEK), "deepseek")
    short = made.count(blank * 400 + tail).value
    long = made.count(blank * 600_000 + tail).value
    step = {" ": 4, "\t": 1}[blank]
    assert (long - short) == (600_000 - 400) // step


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("123字hello", 5),
        ("    字", 4),  # four blanks in one token, for nothing is left for the character
        ("    x", 4),  # a token of two, one of one, then a blank and the letter
        ("\x00hello", 2),
        ("\x00\x00hello", 3),
        ("é\u200d字", 7),
        ("!hello", 2),
        ("\x00\x00", 1),
        ("!・", 4),
    ],
)
def test_deepseek_counts_by_hand(load, text, tokens):
    assert load(document(*DEEPSEEK), "deepseek").count(text).value == tokens


def test_line_ends_in_an_expression_may_be_written_as_themselves(load):
    literal = [one.replace(r"\r", "\r").replace(r"\n", "\n") for one in DEEPSEEK]
    assert load(document(*literal)).count("hello\n").value == 2


@pytest.mark.parametrize("merges", [MERGES, [merge.split(" ") for merge in MERGES]])
def test_merges_are_written_as_text_or_as_pairs(load, merges):
    assert load(document(model={"merges": merges})).count("hello").value == 1


def test_a_token_has_the_rank_of_the_first_merge_that_makes_it(load):
    merges = ["a b", "b c", "ab c", "c d", "cd e", "a bc"]
    assert load(document(model={"merges": merges})).count("abcde").value == 3  # abc|d|e


def test_parts_may_be_made_by_later_merges(load):
    merges = ["a bc", "b c"]
    assert load(document(model={"merges": merges})).count("abc").value == 1


def test_words_that_only_ignore_merges_reaches_are_refused_but_special_ones_are_not(load):
    vocab = {"hello": 1, "<|end|>": 2}
    model = {"ignore_merges": True, "vocab": vocab}
    special = [{"id": 2, "content": "<|end|>"}, "odd"]
    assert load(document(model=model, added_tokens=special)).count("hello").value == 1
    assert refusals(load, document(model=model)) == ["model.vocab holds tokens that no merge makes"]


def test_a_file_is_converted_once(load, monkeypatch):
    first = load(document(model={"merges": ["u v"]}))
    monkeypatch.setattr(module, "_parse", None)
    assert load(document(model={"merges": ["u v"]})).count("uv") == first.count("uv")


def test_an_exact_count_has_no_use_for_a_calibration(tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(document()))
    calibration = Calibration(factor=2, samples=1)
    made = counter("llama3", tokenizer_json=path, calibration=calibration)
    assert made.count("hello").value == 1


UNKNOWN = "pre_tokenizer is none of the known ones (Llama 3, Qwen, DeepSeek, o200k)"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (document(r"\w+"), UNKNOWN),
        (document("(a+)+$"), UNKNOWN),
        (document(LLAMA3, LLAMA3), UNKNOWN),
        (document(pre_tokenizer=None), UNKNOWN),
        (document(pre_tokenizer={"type": "Metaspace"}), UNKNOWN),
        (document(pre_tokenizer={"pretokenizers": []}), UNKNOWN),
        (document(pre_tokenizer={"pretokenizers": [BYTE_LEVEL]}), UNKNOWN),
        (document(pre_tokenizer={"pretokenizers": [split(LLAMA3), 7]}), UNKNOWN),
        (
            document(pre_tokenizer={"pretokenizers": [split(LLAMA3), {"type": "ByteLevel"}]}),
            UNKNOWN,
        ),
        (document(pre_tokenizer={"pretokenizers": [split(7), BYTE_LEVEL]}), UNKNOWN),
        (
            document(
                pre_tokenizer={"pretokenizers": [split(LLAMA3), BYTE_LEVEL | {"type": "Digits"}]}
            ),
            UNKNOWN,
        ),
        (
            document(
                pre_tokenizer={"pretokenizers": [split(LLAMA3) | {"invert": True}, BYTE_LEVEL]}
            ),
            UNKNOWN,
        ),
        (
            document(
                pre_tokenizer={
                    "pretokenizers": [split(LLAMA3) | {"behavior": "Removed"}, BYTE_LEVEL]
                }
            ),
            UNKNOWN,
        ),
        (document(normalizer={"type": "NFKC"}), "normalizer is something else than NFC"),
        (
            document(normalizer={"type": "Sequence", "normalizers": [{"type": "Lowercase"}]}),
            "normalizer is something else than NFC",
        ),
        (
            document(model={"type": "Unigram"}),
            "model.type is not BPE, the only kind that is counted exactly",
        ),
        (
            document(model={"byte_fallback": True}),
            "model.byte_fallback is set, which is not supported",
        ),
        (document(model={"dropout": 0.1}), "model.dropout is set, which is not supported"),
        (document(model={"merges": []}), "model.merges is not a list of merges"),
        (document(model={"merges": {"a": "b"}}), "model.merges is not a list of merges"),
        (document(model={"merges": ["a b", "ab"]}), "merge 2 is not made of two tokens"),
        (document(model={"merges": ["a b", 7]}), "merge 2 is not made of two tokens"),
        (document(model={"merges": ["a b", ["a"]]}), "merge 2 is not made of two tokens"),
        (document(model={"merges": ["a b", "ab xyz"]}), "merge 2 is not made of two tokens"),
        (document(model={"merges": ["a b", "a 字"]}), "merge 2 is not made of two tokens"),
        (b"", "is not valid JSON"),
        (b'{"model": ', "is not valid JSON"),
        (b"\xff\xfe\x00", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "is not valid JSON"),
    ],
)
def test_what_cannot_be_counted_exactly_is_refused(load, content, message):
    assert refusals(load, content) == [message]


@pytest.mark.parametrize("content", [[], {}, "text", {"model": 7, "normalizer": 7}])
def test_a_file_of_another_form_gets_every_reason(load, content):
    found = refusals(load, content)
    assert found[0] == "model.type is not BPE, the only kind that is counted exactly"
    assert found[-2:] == [UNKNOWN, "model.merges is not a list of merges"]


@pytest.mark.parametrize(
    "normalizer", [{"type": "Sequence", "normalizers": []}, {"normalizers": [{"type": "NFC"}]}]
)
def test_a_normalizer_may_be_a_sequence(load, normalizer):
    assert load(document(normalizer=normalizer)).count("hello").value == 1


def test_broken_json_is_placed(load):
    with pytest.raises(DataError) as caught:
        load(b'{"model":\n  oops}')
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 3)


def test_a_missing_file_is_a_problem(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        counter("qwen", tokenizer_json=tmp_path / "tokenizer.json")
