"""Cheap signs that two requests come from the same prompt builder, or two blocks from one text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from unicodedata import normalize

from promptcost.model.prompt import Role
from promptcost.wire._diverge import shared_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.wire.block import WireBlock, WireRequest

_BYTES_READ = 3 << 13
_ALIKE, _NEARLY = 0.5, 0.8
_TELLING = 8  # characters of a question that hardly end another one by chance
_WORDING = 4_096  # characters of a question up to which its wording is looked at
_LONGEST = 6  # characters of the longest common escape of one


@dataclass(frozen=True, slots=True)
class Signature:
    """Tool names, and hashes of the pairs of neighbouring words of the system text."""

    tools: frozenset[str]
    pairs: frozenset[int]

    def same_tools(self, other: Signature) -> bool:
        """Say whether half of the tools have the same names; order does not matter."""
        union = len(self.tools | other.tools)
        return not union or len(self.tools & other.tools) >= _ALIKE * union

    def same_system(self, other: Signature) -> bool:
        """Say whether half of the shorter text is in the other: a clock or a memory may differ."""
        shorter = min(len(self.pairs), len(other.pairs))
        if not shorter:
            return self.pairs == other.pairs
        return len(self.pairs & other.pairs) >= _ALIKE * shorter


def signature_of(request: WireRequest) -> Signature:
    """Return the signature of a request."""
    tools = frozenset(block.name for block in request.blocks if block.role is Role.TOOLS)
    return Signature(tools, frozenset(_pairs(request)))


def _pairs(request: WireRequest) -> Iterator[int]:
    """Return hashes of the pairs of neighbouring words of the system text."""
    system = b" ".join(block.data for block in request.head if block.role is Role.SYSTEM)
    words = system[:_BYTES_READ].split()
    return map(hash, zip([b"", *words], words, strict=False))


def same_agent(old: WireRequest, new: WireRequest) -> bool:
    """Say whether all but little of two system texts is the same, as when only a clock differs."""
    one, other = Counter(_pairs(old)), Counter(_pairs(new))
    return (one & other).total() >= _NEARLY * max(one.total(), other.total())


def resembles(old: WireBlock, new: WireBlock) -> bool:
    """Say whether a block may be a rewritten form of another.

    The same call or result (equal head), or half of the bytes kept at both ends.
    """
    if (old.role, old.kind) != (new.role, new.kind):
        return False
    head = old.data[: old.head_size]
    if head and old.has_text and head == new.data[: new.head_size]:
        return True
    start = shared_length(old.data, new.data)
    end = shared_length(old.data[start:][::-1], new.data[start:][::-1])
    return start + end >= _ALIKE * max(len(old.data), len(new.data), 1)


def restates(old: WireBlock, new: WireBlock) -> bool:
    """Say whether a question is another's words, however written, or all but a text around them.

    What was put around the newest question (a memory, a reminder) is often left out later.
    """
    if (old.role, new.role) != (Role.USER, Role.USER) or old.text is None or new.text is None:
        return False
    one, other = sorted((old.text.strip(), new.text.strip()), key=len)
    if len(one) > _WORDING:
        return other.startswith(one) or other.endswith(one)
    reach = _LONGEST * len(one)
    words, start, end = _plain(one), _plain(other[:reach]), _plain(other[-reach:])
    if len(words) < _TELLING:
        return words == start and len(other) <= reach
    return start.startswith(words) or end.endswith(words)


def _plain(text: str) -> str:
    """Return a text without escapes, with one form of each letter and single blanks."""
    return " ".join(normalize("NFC", unescape(text)).split())
