"""What of a render another world changes: the first differing byte and the pieces that vary."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from promptcost.templates.pieces import Piece

if TYPE_CHECKING:
    from promptcost.model.span import Span
    from promptcost.templates.pieces import Rendered

_Key = tuple["Span", tuple["Span", ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Where two renders part: byte offset, and the piece of either render that begins to differ.

    A piece is None past the end of its render.
    """

    offset: int
    before: Piece | None
    after: Piece | None


def encoded(text: str) -> bytes:
    """Return the bytes of a rendered text; lone surrogates keep their three bytes."""
    return text.encode("utf-8", "surrogatepass")


def shared_bytes(one: bytes, other: bytes) -> int:
    """Return the length of the longest common prefix."""
    if one == other:
        return len(one)
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def diverge(base: Rendered, other: Rendered) -> Divergence | None:
    """Return where another render parts from the base; None when the texts are equal."""
    if base.text == other.text:
        return None
    offset = shared_bytes(base.data, other.data)
    before, after = base.piece_at(offset), other.piece_at(offset)
    return Divergence(offset=offset, before=before, after=after)


def varying(base: Rendered, other: Rendered) -> frozenset[int]:
    """Return the numbers of the base's pieces whose text another render has not, or has otherwise.

    Pieces of one place are compared in order; places that print more often keep what they had.
    """
    if base.text == other.text:
        return frozenset()
    numbers = _Numbers()
    same = _same_beginning(base, other)
    theirs = _texts(other, same, numbers)
    seen: dict[int, int] = defaultdict(int)
    found = set()
    data = base.data
    for number, piece in enumerate(islice(base.pieces, same, None), same):
        place = numbers.of(piece)
        at = seen[place]
        seen[place] += 1
        texts = theirs.get(place, [])
        if at >= len(texts) or texts[at] != data[piece.start : piece.end]:
            found.add(number)
    return frozenset(found)


class _Numbers:
    """Numbers the places of pieces; pieces mostly share their spans, which are slow to hash."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], int] = {}
        self._places: dict[_Key, int] = {}

    def of(self, piece: Piece) -> int:
        """Return the number of the place of a piece, which must outlive this object."""
        identity = (id(piece.span), id(piece.stack))
        found = self._known.get(identity)
        if found is None:
            key = (piece.span, piece.stack)
            found = self._known[identity] = self._places.setdefault(key, len(self._places))
        return found


def _same_beginning(base: Rendered, other: Rendered) -> int:
    """Return how many first pieces two renders have in common, as far as that is seen at once."""
    shared = shared_bytes(base.data, other.data)
    pairs = zip(base.pieces, other.pieces, strict=False)
    same = takewhile(lambda pair: pair[0] is pair[1] and pair[0].end <= shared, pairs)
    return sum(1 for _ in same)


def _texts(rendered: Rendered, start: int, numbers: _Numbers) -> dict[int, list[bytes]]:
    data = rendered.data
    found: dict[int, list[bytes]] = defaultdict(list)
    for piece in islice(rendered.pieces, start, None):
        found[numbers.of(piece)].append(data[piece.start : piece.end])
    return found
