"""How published byte-level tokenizers split text before merging, as patterns for tiktoken.

Keys are the `Split` expressions of a ``tokenizer.json`` in their order: Llama 3, Qwen 2 and 3,
Qwen 3.5, o200k and its relatives, DeepSeek V3 and later.  Only expressions listed here are
accepted, because tiktoken runs another regex engine than the file was written for, and because a
hostile expression could stall it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from promptcost.tokens._vocabulary import O200K_PATTERN, never

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_BLANKS = r"\s*[\r\n]+|\s+(?!\S)|\s+"


def _words(letter: str, number: str, mark: str) -> str:
    word = rf"[^\r\n\p{{L}}\p{{N}}]?{letter}+"
    return rf"{_CONTRACTION}|{word}|{number}| ?[^\s\p{{L}}{mark}\p{{N}}]+[\r\n]*|{_BLANKS}"


_CJK = "一-龥぀-ゟ゠-ヿ"  # noqa: RUF001 - as DeepSeek writes it
_CJK_RANGES = ((0x4E00, 0x9FA5), (0x3040, 0x30FF))
_PUNCTUATED = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"""
_SIGNS = r"[\p{P}\p{S}]"
_DEEPSEEK_SPLITS = (
    r"\p{N}{1,3}",
    f"[{_CJK}]+",
    rf"{_PUNCTUATED}|[^\r\n\p{{L}}\p{{P}}\p{{S}}]?[\p{{L}}\p{{M}}]+| ?{_SIGNS}+[\r\n]*|{_BLANKS}",
)
# The three splits in one: the third must not reach into what the first two cut out, and what it
# leaves unmatched (control and format characters) is a piece of its own.
_LETTER = rf"[[\p{{L}}\p{{M}}]--[{_CJK}]]"
_DEEPSEEK = "|".join(
    [
        *_DEEPSEEK_SPLITS[:2],
        _PUNCTUATED,
        rf"[^\r\n\p{{L}}\p{{P}}\p{{S}}\p{{N}}{_CJK}]?{_LETTER}+",
        rf" ?[{_SIGNS}--[{_CJK}]]+[\r\n]*",
        r"\s*[\r\n]+",
        rf"\s+(?:(?!\S)|(?=[\p{{N}}{_CJK}]))",
        r"\s+",
        rf"[^\s\p{{L}}\p{{M}}\p{{P}}\p{{S}}\p{{N}}]+(?!{_LETTER})",
    ]
)

_SAME = (
    _words(r"\p{L}", r"\p{N}{1,3}", ""),
    _words(r"\p{L}", r"\p{N}", ""),
    _words(r"[\p{L}\p{M}]", r"\p{N}", r"\p{M}"),
    O200K_PATTERN,
)
PATTERNS: dict[tuple[str, ...], str] = {(one,): one for one in _SAME} | {
    _DEEPSEEK_SPLITS: _DEEPSEEK
}


def isolates(pattern: str) -> Callable[[str], bool]:
    """Return which characters never share a token with whitespace before them."""
    return _number_or_cjk if pattern == _DEEPSEEK else never


def _number_or_cjk(character: str) -> bool:
    point = ord(character)
    cjk = any(first <= point <= last for first, last in _CJK_RANGES)
    return cjk or unicodedata.category(character).startswith("N")
