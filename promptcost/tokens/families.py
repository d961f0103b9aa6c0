"""The closed list of tokenizer families, and the rule by which each is counted.

Rules and bands were fitted on published counts and on samples of eight kinds of content; where
nothing was measured the band is a judgement, not a confidence interval, and `basis` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction


class Script(StrEnum):
    """What a text is written in; estimates are less sure where less was measured.

    ASCII: at most a fifth of the code points lie beyond it.  CJK: at least half of those beyond
    are from U+3000 to U+9FFF (Chinese, Japanese).
    """

    ASCII = "ascii"
    CJK = "cjk"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sum over the o200k tokens of a text, in hundredths of a token.

    Each token adds `token`, `digit` for every digit of a number after its first, `ascii` and
    `other` per code point, and `cjk` per code point from U+3000 to U+9FFF, but at least `least`.
    No token adds less than nothing, so the estimate of a prefix never exceeds that of the whole.
    """

    token: int = 0
    digit: int = 0
    ascii: int = 0
    other: int = 0
    cjk: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """The lowest and the highest plausible count as multiples of the estimate."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a family is counted: exactly when `rule` is None, else by the rule within a band."""

    name: str
    basis: str
    rule: Rule | None = None
    bands: tuple[tuple[Script, Band], ...] = ()

    def band(self, script: Script) -> Band:
        """Return the band of an estimate for text in a script."""
        return dict(self.bands)[script]


def _estimated(name: str, rule: Rule, bands: str, basis: str) -> Family:
    """Make a family; `bands` are percents below and above for ASCII, CJK and other text."""
    percents = [Fraction(100 + int(percent), 100) for percent in bands.split()]
    made = [Band(low, high) for low, high in zip(percents[::2], percents[1::2], strict=True)]
    return Family(name=name, rule=rule, bands=tuple(zip(Script, made, strict=True)), basis=basis)


_ALL = (
    Family(name="o200k", basis="exact: OpenAI's o200k_base (GPT-4o and later)"),
    Family(name="cl100k", basis="exact: OpenAI's cl100k_base (GPT-4, GPT-3.5, embeddings)"),
    _estimated(
        "claude-2024",
        Rule(token=117, other=28),
        "-10 +12  -20 +30  -20 +30",
        "estimate for Claude 3 to Opus and Sonnet 4.6 and Haiku 4.5: least squares on published "
        "counts; no tokenizer is published",
    ),
    _estimated(
        "claude-2026",
        Rule(token=84, ascii=18, other=38),
        "-13 +15  -20 +25  -28 +30",
        "estimate for Opus 4.7 and later Opus, Sonnet 5, Haiku 5.5, Fable and Mythos: least "
        "squares on 15 published rows, in sample; no tokenizer is published",
    ),
    _estimated(
        "deepseek",
        Rule(token=103, cjk=-14, least=60),
        "-8 +12  -15 +20  -25 +80",
        "estimate measured on DeepSeek V3 (5th to 95th percentile -6 to +10 %, widened); exact "
        "from a tokenizer.json",
    ),
    _estimated(
        "gemini",
        Rule(token=110, digit=110, cjk=-15, least=55),
        "-18 +18  -25 +30  -25 +50",
        "estimate for Gemini and Gemma, measured on Gemma 2; the vocabulary since Gemini 2 is "
        "larger and could not be measured",
    ),
    _estimated(
        "llama3",
        Rule(token=100),
        "-3 +7  -10 +25  -20 +120",
        "estimate measured on Llama 3.1 (5th to 95th percentile -1 to +5 %, widened); exact from "
        "a tokenizer.json",
    ),
    _estimated(
        "qwen",
        Rule(token=100, digit=100),
        "-10 +3  -20 +20  -25 +220",
        "estimate measured on Qwen 2.5 (5th to 95th percentile -8 to +1 %, widened); exact from a "
        "tokenizer.json",
    ),
    _estimated(
        "unknown",
        Rule(token=105),
        "-25 +55  -40 +150  -40 +250",
        "assumption for a tokenizer without a rule: the spread over the measured tokenizers "
        "(0.86 to 1.49 times o200k), widened",
    ),
)

FAMILIES = {family.name: family for family in _ALL}


def families() -> tuple[str, ...]:
    """Return the names of all families, sorted."""
    return tuple(sorted(FAMILIES))


def family(name: str) -> Family:
    """Return a family by name.  Raises ValueError with the nearest names when there is none."""
    found = FAMILIES.get(name)
    if found is None:
        near = get_close_matches(name, FAMILIES, n=3, cutoff=0.4) or families()
        message = f"unknown tokenizer {name[:60]!r}; did you mean {', '.join(near)}?"
        raise ValueError(message)
    return found
