"""The entries that marks leave behind, and which of them a later request can read.

Rules: an entry exists at each mark and nowhere else; a request looks back from each of its marks
over a window of positions (Anthropic prompt caching guide; OpenAI from GPT-5.6).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from promptcost.audit.series.measure import minus
from promptcost.rules.requests import Reach
from promptcost.wire import Kind, WireBlock, WireRequest, prefix_of

if TYPE_CHECKING:
    from promptcost.audit.series.measure import Lengths
    from promptcost.model.count import TokenCount
    from promptcost.model.prompt import PrefixId
    from promptcost.rules.requests import Terms

_KEPT = 2_048  # entries of one program kept in mind
_RUNS = frozenset({Kind.TOOL_USE, Kind.TOOL_RESULT})
_EXPLICIT = '"explicit"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of a request: after how many blocks each stands, and its JSON path."""

    depths: tuple[int, ...]
    paths: tuple[str, ...]

    @property
    def last(self) -> int:
        """The number of blocks in front of the last mark; 0 without any."""
        return self.depths[-1] if self.depths else 0

    def before(self, block: int) -> int:
        """Return the number of blocks in front of the last mark that closes before a block."""
        return max((depth for depth in self.depths if depth <= block), default=0)


def marks_of(request: WireRequest, terms: Terms) -> Marks:
    """Return the marks that count, the provider's own at the end of the prompt included."""
    found = {
        number: block.marker.json_path
        for number, block in enumerate(request.blocks, start=1)
        if block.marker is not None
    }
    if is_automatic(request, terms) and request.blocks:
        own = request.automatic.json_path if request.automatic else request.blocks[-1].json_path
        found.setdefault(len(request.blocks), own)
    return Marks(depths=tuple(found), paths=tuple(found.values()))


def is_automatic(request: WireRequest, terms: Terms) -> bool:
    """Say whether the end of the prompt is marked without a mark on a block."""
    if request.automatic is not None:
        return True
    rules = terms.breakpoints
    own = rules is not None and rules.automatic_tail.value
    return own and request.settings.get("prompt_cache_options.mode") != _EXPLICIT


class Entries:
    """The entries that the requests of one program wrote, oldest first."""

    def __init__(self) -> None:
        """Start empty."""
        self._ids: OrderedDict[PrefixId, datetime | None] = OrderedDict()

    def read(self, request: WireRequest, marks: Marks, lengths: Lengths, terms: Terms) -> Reading:
        """Return what a request can read, and then keep what it writes."""
        ids = [link.id for link in reversed(list(prefix_of(request).chain()))]
        known = [depth for depth in range(1, len(ids)) if ids[depth] in self._ids]
        look = _Look(request.blocks, marks, _window(terms))
        depth = look.deepest(known, grouped_distance)
        reading = Reading(depth=depth, since=self._ids[ids[depth]] if depth else None, reach=None)
        far = look.out_of_reach(known) if terms.breakpoints else None
        if far is not None:
            near = look.deepest(known, distance)
            lost = minus(lengths.upto(far.depth), lengths.upto(near))
            reading = replace(reading, reach=far.reach(lost, look.window))
        for used in (*([depth] if depth else []), *marks.depths):
            self._ids[ids[used]] = request.time
            self._ids.move_to_end(ids[used])
        while len(self._ids) > _KEPT:
            self._ids.popitem(last=False)
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many leading blocks can be read back, and the entry that is too far away, if one is.

    `since` is when the entry that is read was last used; None where nobody knows.
    """

    depth: int
    since: datetime | None
    reach: Reach | None


def _window(terms: Terms) -> int:
    rules = terms.breakpoints
    return rules.lookback.value if rules else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Far:
    """An entry outside of the window of the nearest mark behind it."""

    depth: int
    json_path: str
    positions: int
    grouped: int

    def reach(self, lost: TokenCount, window: int) -> Reach:
        """Return it as rules see it."""
        return Reach(
            json_path=self.json_path,
            positions=self.positions,
            grouped=self.grouped,
            window=window,
            lost=lost,
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """How a request looks back from its marks."""

    blocks: Sequence[WireBlock]
    marks: Marks
    window: int

    def deepest(self, known: list[int], away: _Distance) -> int:
        """Return the depth of the deepest entry that a mark reaches; 0 when none does."""
        for depth in reversed(known):
            near = (mark for mark in self.marks.depths if mark >= depth)
            if any(away(self.blocks, depth, mark) <= self.window for mark in near):
                return depth
        return 0

    def out_of_reach(self, known: list[int]) -> _Far | None:
        """Return the deepest entry in front of the last mark, if it is too far away."""
        depth = max((depth for depth in known if depth <= self.marks.last), default=0)
        if not depth:
            return None
        pairs = zip(self.marks.depths, self.marks.paths, strict=True)
        mark, path = next((mark, path) for mark, path in pairs if mark >= depth)
        positions = distance(self.blocks, depth, mark)
        grouped = grouped_distance(self.blocks, depth, mark)
        if positions <= self.window:
            return None
        return _Far(depth=depth, json_path=path, positions=positions, grouped=grouped)


def distance(_blocks: Sequence[WireBlock], first: int, last: int) -> int:
    """Count the positions from one depth to another, both included."""
    return last - first + 1


def grouped_distance(blocks: Sequence[WireBlock], first: int, last: int) -> int:
    """Count the positions from one depth to another, a run of tool calls or results as one."""
    positions, run = 0, None
    for block in blocks[first - 1 : last]:
        kind = block.kind if block.kind in _RUNS else None
        positions += kind is None or kind is not run
        run = kind
    return positions


_Distance = Callable[[Sequence[WireBlock], int, int], int]
