"""Cheap signs that two requests come from the same prompt builder, or two blocks from one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from promptcost.model.prompt import Role
from promptcost.wire._diverge import shared_length

if TYPE_CHECKING:
    from promptcost.wire.block import WireBlock, WireRequest

_WORDS_READ = 1 << 16
_SKETCH = 64
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Signature:
    """Tool names, and the smallest hashes of the words of the system text (a bottom-k sketch)."""

    tools: frozenset[str]
    words: frozenset[int]

    def same_tools(self, other: Signature) -> bool:
        """Say whether half of the tools have the same names; order does not matter."""
        return _overlap(self.tools, other.tools) >= _ALIKE

    def same_system(self, other: Signature) -> bool:
        """Say whether half of the words are the same, so that a clock or an id may differ."""
        return _overlap(self.words, other.words) >= _ALIKE


def signature_of(request: WireRequest) -> Signature:
    """Return the signature of a request."""
    tools = frozenset(block.name for block in request.blocks if block.role is Role.TOOLS)
    system = b" ".join(block.data for block in request.head if block.role is Role.SYSTEM)
    hashes = {crc32(word) for word in system[:_WORDS_READ].split()}
    return Signature(tools, frozenset(sorted(hashes)[:_SKETCH]))


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


def _overlap(ours: frozenset[object], theirs: frozenset[object]) -> float:
    if not ours and not theirs:
        return 1.0
    return len(ours & theirs) / len(ours | theirs)
