"""Byte-pair vocabularies as encodings, and the two of tiktoken that ship with promptcost.

The split patterns are those of tiktoken's `openai_public` (MIT, see NOTICE); a test compares them
with the installed tiktoken.  A vendored file is one length byte per token in rank order, then the
bytes of all tokens.  No special tokens: prompt text that looks like one is ordinary text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tiktoken import Encoding

_FOLDER = Path(__file__).parent.parent / "data" / "vocab"
_CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"

O200K_PATTERN = "|".join(
    [
        rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_CONTRACTION}?",
        rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_CONTRACTION}?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
_CL100K_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A vendored file: tiktoken's name, token count, digests of it and of upstream's, pattern."""

    name: str
    tokens: int
    sha256: str
    upstream_sha256: str
    pattern: str


BUNDLED = {
    "o200k": Bundled(
        name="o200k_base",
        tokens=199_998,
        sha256="440741350e7cfa1c0f4869ce742d1b043550adbda5187adcac9e787edac6fba9",
        upstream_sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        pattern=O200K_PATTERN,
    ),
    "cl100k": Bundled(
        name="cl100k_base",
        tokens=100_256,
        sha256="18288f996f452d44e0e65996176591a4b712a3eb1b42afd6f0511e735c099480",
        upstream_sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        pattern=_CL100K_PATTERN,
    ),
}


@lru_cache(maxsize=8)
def well_formed(text: str) -> str:
    """Return the text with lone surrogates replaced by U+FFFD, which is how tiktoken counts it."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def never(_: str) -> bool:
    """Return False: in most vocabularies the last blank before a word may belong to the word."""
    return False


class Vocabulary:
    """An encoding, the length in bytes of every token, and what is done to a text before it.

    `name` is unique per content: counts are remembered under it.  `prepare` returns well-formed
    text.  `isolates` says whether a character never shares a token with whitespace before it.
    """

    def __init__(
        self,
        name: str,
        pattern: str,
        ranks: dict[bytes, int],
        *,
        prepare: Callable[[str], str] = well_formed,
        isolates: Callable[[str], bool] = never,
    ) -> None:
        self.name = name
        self.ranks = ranks
        self.prepare = prepare
        self.isolates = isolates
        self.lengths = tuple(map(len, ranks))
        self._encoding = self._build(pattern)

    def encode(self, text: str) -> list[int]:
        """Return the token ids of well-formed text."""
        return self._encoding.encode_ordinary(text)

    def encode_piece(self, text: str) -> list[int]:
        """Return the token ids of text that the pattern would not split."""
        return self._unsplit.encode_ordinary(text)

    @cached_property
    def _unsplit(self) -> Encoding:
        return self._build(r"[\s\S]+")

    def _build(self, pattern: str) -> Encoding:
        from tiktoken import Encoding  # noqa: PLC0415 - heavy

        return Encoding(self.name, pat_str=pattern, mergeable_ranks=self.ranks, special_tokens={})


@cache
def bundled(family: str) -> Vocabulary:
    """Return a vendored vocabulary, built once per process.

    Raises RuntimeError when the installed file is damaged.
    """
    entry = BUNDLED[family]
    data = (_FOLDER / f"{entry.name}.bin").read_bytes()
    if sha256(data).hexdigest() != entry.sha256:
        message = f"the vocabulary {entry.name} is damaged: install promptcost-cli again"
        raise RuntimeError(message)
    tokens = split_tokens(data, entry.tokens)
    ranks = {token: rank for rank, token in enumerate(tokens)}
    return Vocabulary(entry.name, entry.pattern, ranks)


def split_tokens(data: bytes, count: int) -> Iterator[bytes]:
    """Yield the tokens of a vendored file of `count` tokens in rank order."""
    start = count
    for end in accumulate(data[1:count], initial=count + data[0]):
        yield data[start:end]
        start = end
