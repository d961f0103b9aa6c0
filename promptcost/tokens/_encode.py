"""Encoding of any text without a crash, in bounded memory, remembered for the next question.

A pre-token boundary is *safe* where every supported pattern splits whatever stands around it: an
ASCII letter before an ASCII non-letter other than the apostrophe, or a newline before neither
whitespace nor a slash.  No pattern looks behind, so text encodes in parts cut at safe boundaries.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import OrderedDict
from functools import cached_property, lru_cache
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from promptcost.tokens._vocabulary import Vocabulary

SAFE = re.compile(r"(?<=[A-Za-z])(?=[\x00-&(-@\[-`{-\x7f])|(?<=\n)(?=[^\s/])")

PARAGRAPH = re.compile(r"(?<=\n\n)(?=[^\s/])")  # safe boundaries that are few
_REMEMBERED = 2_000  # characters of the longest paragraph that is kept
_PART = 1_000_000
# A run of about a million whitespace characters overflows the stack of tiktoken's regex engine,
# which panics (a BaseException).  Half of that is encoded around the engine instead.
_LONG_RUN = 500_000
_BLANK = r"[\t\x0b\x0c \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_LONG_BLANK = re.compile(f"{_BLANK}{{{_LONG_RUN},}}")

# Vowels and finals of Hangul and second halves of surrogate pairs join the character before them.
_TAIL = re.compile("[\u1160-\u11ff\udc00-\udfff]")


def encode(vocabulary: Vocabulary, text: str) -> array[int]:
    """Return the token ids of well-formed text of any size and content."""
    ids = array("I")
    start = 0
    while start < len(text):
        cut = SAFE.search(text, start + _PART)
        end = cut.start() if cut else len(text)
        for part in _encode_part(vocabulary, text[start:end]):
            ids.extend(part)
        start = end
    return ids


def _encode_part(vocabulary: Vocabulary, text: str) -> Iterator[list[int]]:
    """Encode long blank runs as the single pre-token they are, the rest as usual."""
    start = 0
    for run in _LONG_BLANK.finditer(text) if _may_hold_long_run(text) else ():
        follower = text[run.end() : run.end() + 1]
        if follower and follower in "\r\n":
            continue  # then the run belongs to a newline pre-token, which needs no look-ahead
        alone = not follower or vocabulary.isolates(follower)
        end = run.end() if alone else run.end() - 1
        yield from _encode_paragraphs(vocabulary, text[start : run.start()])
        yield vocabulary.encode_piece(text[run.start() : end])
        start = end
    yield from _encode_paragraphs(vocabulary, text[start:])


def _encode_paragraphs(vocabulary: Vocabulary, text: str) -> Iterator[list[int]]:
    """Encode paragraph by paragraph: renders of one template have most of them in common."""
    for paragraph in PARAGRAPH.split(text):
        short = len(paragraph) <= _REMEMBERED
        yield _remembered(vocabulary, paragraph) if short else vocabulary.encode(paragraph)


@lru_cache(maxsize=1024)
def _remembered(vocabulary: Vocabulary, paragraph: str) -> list[int]:
    return vocabulary.encode(paragraph)


def _may_hold_long_run(text: str) -> bool:
    """Say whether a block of the size every long run must cover is blank; fast and never wrong."""
    step = _LONG_RUN // 2
    return any(text[i : i + step].isspace() for i in range(0, len(text), step))


class Encoded:
    """The tokens of one prepared text: ids, and where each ends in UTF-8 bytes.

    `weights` are sums over the tokens that were asked for, by the family that weighs them.
    """

    def __init__(self, vocabulary: Vocabulary, text: str) -> None:
        self.ids = encode(vocabulary, text)
        self.weights: dict[str, int] = {}
        self._lengths = vocabulary.lengths

    @cached_property
    def ends(self) -> array[int]:
        """Return the end offset of every token."""
        return array("Q", accumulate(map(self._lengths.__getitem__, self.ids)))


class Memo:
    """The encodings of the texts asked for last, up to a total of `limit` characters.

    The newest always stays, so that counting one text for several families encodes it once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._entries: OrderedDict[tuple[str, str], Encoded] = OrderedDict()
        self._lock = Lock()

    def encoded(self, vocabulary: Vocabulary, text: str) -> Encoded:
        """Return the tokens of prepared text."""
        key = (vocabulary.name, text)
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                found = self._entries[key] = Encoded(vocabulary, text)
                self._size += len(text)
            self._entries.move_to_end(key)
            self._shrink()
        return found

    def _shrink(self) -> None:
        while self._size > self._limit and len(self._entries) > 1:
            (_, text), _ = self._entries.popitem(last=False)
            self._size -= len(text)


MEMO = Memo(limit=8_000_000)


def prepared_offsets(
    prepare: Callable[[str], str], text: str, offsets: Sequence[int]
) -> Sequence[int]:
    """Return byte offsets of a text as byte offsets of the prepared text.

    Where preparing changes the text, an offset inside something that is prepared as a whole (a
    character, a letter with its marks) moves to its start.
    """
    if prepare(text) == text:
        return offsets
    data = text.encode("utf-8", "surrogatepass")
    places: dict[int, int] = {}
    start = size = searched = 0
    for offset in sorted(set(offsets)):
        cut = _last_start(data, searched, min(offset, len(data)))
        if cut > start:
            size += len(prepare(data[start:cut].decode("utf-8", "surrogatepass")).encode())
            start = cut
        searched = max(offset, 0)
        places[offset] = size
    return [places[offset] for offset in offsets]


def _last_start(data: bytes, floor: int, offset: int) -> int:
    """Return the last offset above `floor` that no character before composes across; else 0."""
    return next((cut for cut in range(offset, floor, -1) if _starts(data[cut : cut + 4])), 0)


def _starts(data: bytes) -> bool:
    """Say whether the first character of some bytes never composes with one before it."""
    size = 1 + sum(data[:1] >= lead for lead in (b"\xc0", b"\xe0", b"\xf0"))
    if b"\x80" <= data[:1] < b"\xc0":
        return False
    first = data[:size].decode("utf-8", "surrogatepass")
    return not first or not (_TAIL.match(first) or unicodedata.category(first).startswith("M"))
