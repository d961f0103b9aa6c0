"""The entries that marks leave behind, and which of them a later request can read.

Rules: an entry exists at each mark and nowhere else; a request looks back from each of its marks
over a window of positions (Anthropic prompt caching guide; OpenAI from GPT-5.6).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.series.measure import minus
from promptcost.rules.requests import Reach
from promptcost.wire import Kind, WireRequest, prefix_of

if TYPE_CHECKING:
    from promptcost.audit.series.measure import Lengths
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
        self._ids: OrderedDict[PrefixId, None] = OrderedDict()

    def read(self, request: WireRequest, marks: Marks, lengths: Lengths, terms: Terms) -> Reading:
        """Return what a request can read, and then keep what it writes."""
        ids = [link.id for link in reversed(list(prefix_of(request).chain()))]
        known = [depth for depth in range(1, len(ids)) if ids[depth] in self._ids]
        found = _read(request, marks, known, terms)
        reach = _reach(request, marks, known, terms)
        for depth in marks.depths:
            self._ids[ids[depth]] = None
            self._ids.move_to_end(ids[depth])
        while len(self._ids) > _KEPT:
            self._ids.popitem(last=False)
        if reach is None:
            return Reading(depth=found, reach=None)
        positions, grouped, path, deepest = reach
        lost = minus(lengths.upto(deepest), lengths.upto(found))
        window = _window(terms)
        made = Reach(json_path=path, positions=positions, grouped=grouped, window=window, lost=lost)
        return Reading(depth=found, reach=made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many leading blocks can be read back, and the entry that is too far away, if one is."""

    depth: int
    reach: Reach | None


def _window(terms: Terms) -> int:
    rules = terms.breakpoints
    return rules.lookback.value if rules else 0


def _read(request: WireRequest, marks: Marks, known: list[int], terms: Terms) -> int:
    window = _window(terms)
    for depth in reversed(known):
        near = (mark for mark in marks.depths if mark >= depth)
        if any(_grouped(request, depth, mark) <= window for mark in near):
            return depth
    return 0


def _reach(
    request: WireRequest, marks: Marks, known: list[int], terms: Terms
) -> tuple[int, int, str, int] | None:
    """Return distance, grouped distance, mark and depth of the deepest entry, if too far away."""
    pairs = zip(marks.depths, marks.paths, strict=True)
    deepest = max((depth for depth in known if depth <= marks.last), default=0)
    if not deepest:
        return None
    mark, path = next((mark, path) for mark, path in pairs if mark >= deepest)
    positions = mark - deepest + 1
    if positions <= _window(terms):
        return None
    return positions, _grouped(request, deepest, mark), path, deepest


def _grouped(request: WireRequest, first: int, last: int) -> int:
    """Count positions from one depth to another, a run of tool calls or results as one."""
    positions, run = 0, None
    for block in request.blocks[first - 1 : last]:
        kind = block.kind if block.kind in _RUNS else None
        positions += kind is None or kind is not run
        run = kind
    return positions
