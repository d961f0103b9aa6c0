"""Exact vocabularies from a Hugging Face ``tokenizer.json`` that the user supplies.

A byte-level BPE file says all that an encoding needs: its merges in order are the ranks, its
`Split` expressions the pattern.  Other kinds (SentencePiece, Unigram, WordPiece) and splits that
are not known are refused, because a wrong count would pass for an exact one.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from promptcost.errors import DataError, Problem
from promptcost.files.text import MEGABYTE, read_bytes
from promptcost.tokens._patterns import PATTERNS, isolates
from promptcost.tokens._vocabulary import Vocabulary, well_formed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LIMIT = 40 * MEGABYTE  # the largest published one, of 262,000 tokens, has 33 MB
_NFC = {"type": "NFC"}


def load_tokenizer_json(path: Path) -> Vocabulary:
    """Return the vocabulary of a file.  Raises DataError with every reason why it cannot."""
    data = read_bytes(path, _LIMIT)
    if isinstance(data, Problem):
        raise DataError([data])
    return _vocabulary(str(path), data)


@lru_cache(maxsize=4)
def _vocabulary(path: str, data: bytes) -> Vocabulary:
    reader = _Reader(path, _parse(path, data))
    return reader.vocabulary(f"tokenizer.json {sha256(data).hexdigest()}")


def _parse(path: str, data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        message, repair = "is not valid JSON", "download tokenizer.json again"
        line, column = place
        problem = Problem(path=path, message=message, repair=repair, line=line, column=column)
    raise DataError([problem])


class _Reader:
    """Reads a parsed file and collects the reasons why it cannot be used."""

    def __init__(self, path: str, root: object) -> None:
        self._path = path
        self._root = _mapping(root)
        self._model = _mapping(self._root.get("model"))
        self._problems: list[Problem] = []

    def vocabulary(self, name: str) -> Vocabulary:
        """Return the vocabulary.  Raises DataError."""
        self._check_model()
        prepare = self._normalizer()
        pattern = self._pattern()
        ranks = self._ranks()
        self._check_whole_words(ranks)
        if self._problems:
            raise DataError(self._problems)
        return Vocabulary(name, pattern, ranks, prepare=prepare, isolates=isolates(pattern))

    def _refuse(self, message: str) -> None:
        repair = "leave the file out to get an estimate"
        self._problems.append(Problem(path=self._path, message=message, repair=repair))

    def _check_model(self) -> None:
        if self._model.get("type") != "BPE":
            self._refuse("model.type is not BPE, the only kind that is counted exactly")
        for key in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback"):
            if self._model.get(key):
                self._refuse(f"model.{key} is set, which is not supported")

    def _normalizer(self) -> Callable[[str], str]:
        found = self._root.get("normalizer")
        steps = _mapping(found).get("normalizers", [found] if found else [])
        if steps not in ([], [_NFC]):
            self._refuse("normalizer is something else than NFC")
        return well_formed_nfc if steps else well_formed

    def _pattern(self) -> str:
        steps = _mapping(self._root.get("pre_tokenizer")).get("pretokenizers")
        *splits, last = map(_mapping, steps if isinstance(steps, list) and steps else [None])
        byte_level = last.get("type") == "ByteLevel"
        plain = not (last.get("use_regex", True) or last.get("add_prefix_space", True))
        expressions = tuple(_expression(split) for split in splits)
        pattern = PATTERNS.get(expressions)
        if pattern and byte_level and plain:
            return pattern
        self._refuse("pre_tokenizer is none of the known ones (Llama 3, Qwen, DeepSeek, o200k)")
        return ""

    def _ranks(self) -> dict[bytes, int]:
        """Return the ranks: every byte, then what each merge makes, the first time it is made."""
        ranks = {bytes([byte]): byte for byte in range(256)}
        merges = self._model.get("merges")
        if not isinstance(merges, list) or not merges:
            self._refuse("model.merges is not a list of merges")
            return ranks
        pairs = [_parts(merge) for merge in merges]
        for left, right in pairs:
            ranks.setdefault(left + right, len(ranks))
        for number, pair in enumerate(pairs, 1):
            # Files made from ranks list every way to make a token, later parts included.
            if not all(side in ranks and side for side in pair):
                self._refuse(f"merge {number} is not made of two tokens")
                break
        return ranks

    def _check_whole_words(self, ranks: dict[bytes, int]) -> None:
        """Refuse words that only `ignore_merges` can reach: tiktoken would merge into them too."""
        if not self._model.get("ignore_merges"):
            return
        added = self._root.get("added_tokens")
        special = {_mapping(token).get("content") for token in _items(added)}
        words = set(_mapping(self._model.get("vocab"))) - special
        if any(_bytes(word) not in ranks for word in words):
            self._refuse("model.vocab holds tokens that no merge makes")


def well_formed_nfc(text: str) -> str:
    """Return well-formed text in Unicode normalisation form C, as Qwen counts it."""
    return unicodedata.normalize("NFC", well_formed(text))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _expression(split: dict[str, object]) -> str:
    """Return the expression of a split; line ends are written as themselves or escaped."""
    plain = split.get("type") == "Split" and split.get("behavior") == "Isolated"
    found = _mapping(split.get("pattern")).get("Regex")
    if not plain or split.get("invert") or not isinstance(found, str):
        return ""
    return found.replace("\r", r"\r").replace("\n", r"\n")


def _parts(merge: object) -> tuple[bytes, bytes]:
    """Return the sides of a merge, ``"a b"`` or ``["a", "b"]``; empty ones when it is neither."""
    sides = merge.split(" ") if isinstance(merge, str) else merge
    match sides:
        case [str(left), str(right)]:
            return _bytes(left), _bytes(right)
        case _:
            return b"", b""


def _bytes(word: str) -> bytes:
    """Return the bytes that the characters of a byte-level word stand for; none when foreign."""
    try:
        return bytes(map(_alphabet().__getitem__, word))
    except KeyError:
        return b""


@cache
def _alphabet() -> dict[str, int]:
    """Return GPT-2's letters for bytes: printable ones for themselves, others from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {chr(byte): byte for byte in printable}
    return letters | {chr(0x100 + place): byte for place, byte in enumerate(others)}
