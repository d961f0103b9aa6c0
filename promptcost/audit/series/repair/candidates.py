"""What may repair a cause: candidates by rule, the best first.

Only what says the same to the model is tried: other places or lifetimes of marks, and another
order of tools or keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from promptcost.audit.series.repair import reach, refused
from promptcost.audit.series.repair.held import Held
from promptcost.audit.series.repair.layout import Candidate, Layout
from promptcost.audit.series.repair.marking import Marking, marking_of
from promptcost.audit.series.repair.order import keys_as_first, tools_as_first
from promptcost.rules.requests import Terms
from promptcost.wire import WireRequest, shared_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from promptcost.audit.series.gather import Cause
    from promptcost.rules.requests import Sighting

REFUSED = ("PC223", "PC222", "PC221")
ORDERED = ("PC205", "PC208")
MARKED = ("PC226", "PC225", "PC228", "PC229")
REPAIRABLE = (*REFUSED, *ORDERED, *MARKED)  # in the order in which they are tried

_TOOLS = "list the tools in the order in which they were first sent"
_KEYS = "write the keys of JSON in the order in which they were first sent"
_BOTH = "list the tools, and write their keys, in the order in which they were first sent"
_FEWER = "remove the marks above the limit"
_LONGER = "let no mark live longer than one before it"
_UNUSABLE = "move the mark to the block before that can carry it"
_EARLIER = "mark the block too that the request before marked"
_FRONT = "mark the part that stays"
_NEWEST = "mark the newest message"
_SHARED = "mark the end of the text that all requests share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Finds candidates in a file.

    `first` is the file as it was at first, `terms` says which rules a request falls under,
    `earlier` are requests of files before it.
    """

    held: Held
    first: Held
    terms: Callable[[WireRequest], Terms]
    earlier: Sequence[WireRequest]

    def candidates(self, cause: Cause) -> Iterator[Candidate]:
        """Yield what may repair a cause."""
        match cause[0]:
            case "PC205":
                yield Candidate(message=_TOOLS, layouts=self._tools(cause))
                yield Candidate(message=_BOTH, layouts=self._tools_and_keys(cause))
            case "PC208":
                yield Candidate(message=_KEYS, layouts=self._keys(cause))
            case "PC221":
                yield from self._each(cause, _FEWER, refused.fewer)
            case "PC222":
                yield from self._each(cause, _LONGER, refused.longer_first)
            case "PC223":
                yield from self._each(cause, _UNUSABLE, lambda one: [refused.off_unusable(one)])
            case "PC225":
                yield Candidate(message=_EARLIER, layouts=self._earlier(cause))
            case "PC226":
                yield from self._front(cause)
            case "PC228":
                yield from self._newest(cause)
            case _:  # PC229
                yield Candidate(message=_SHARED, layouts=self._shared(cause))

    def _tools(self, cause: Cause) -> dict[int, Layout]:
        return tools_as_first(self._program(cause), self._like(cause))

    def _keys(self, cause: Cause) -> dict[int, Layout]:
        return keys_as_first(self._program(cause), self._like(cause))

    def _tools_and_keys(self, cause: Cause) -> dict[int, Layout]:
        return together(self._tools(cause), self._keys(cause))

    def _program(self, cause: Cause) -> dict[int, WireRequest]:
        """Return the requests of a program as they were at first, by number."""
        pairs = enumerate(zip(self.first.requests, self.first.programs, strict=True))
        return {index: request for index, (request, program) in pairs if program == cause[1]}

    def _like(self, cause: Cause) -> list[WireRequest]:
        """Return the requests of earlier files that the program's are compared with."""
        one = next(iter(self._program(cause).values()), None)
        return [
            other
            for other in self.earlier
            if one is not None and (other.api, other.model) == (one.api, one.model)
        ]

    def _each(
        self, cause: Cause, message: str, change: Callable[[Marking], Iterable[Layout]]
    ) -> Iterator[Candidate]:
        """Yield a candidate for each way to change every request in which a cause was seen."""
        ways = {index: list(change(one)) for index, one in self._marked(cause)}
        for number in range(max(map(len, ways.values()), default=0)):
            layouts = {
                index: layout[min(number, len(layout) - 1)] for index, layout in ways.items()
            }
            yield Candidate(message=message, layouts=layouts)

    def _marked(self, cause: Cause) -> Iterator[tuple[int, Marking]]:
        """Yield the requests in which a cause was seen, with their marks."""
        for index, _ in self._seen(cause):
            marking = self._marking(index)
            if marking is not None:
                yield index, marking

    def _seen(self, cause: Cause) -> Iterator[tuple[int, Sighting]]:
        for sighting in self.held.sightings[cause]:
            index = self.held.index(sighting.where)
            if index is not None:
                yield index, sighting

    def _marking(self, index: int) -> Marking | None:
        terms = self.terms(self.held.requests[index])
        return marking_of(self.held, index, terms)

    def _earlier(self, cause: Cause) -> dict[int, Layout]:
        found: dict[int, Layout] = {}
        for index, marking in self._marked(cause):
            before = self.held.previous[index]
            if before is not None:
                previous = self.held.requests[before]
                _put(found, index, reach.at_earlier(marking, previous, self.terms(previous)))
        return found

    def _front(self, cause: Cause) -> Iterator[Candidate]:
        """Yield marks in front of what changes: moved where it changes with each turn, or added."""
        ways = [reach.in_front, reach.moved_in_front]
        for index, sighting in self._seen(cause):
            against = self.held.index(sighting.against)
            if against is not None and against == self.held.previous[index]:
                ways.reverse()
                break
        for way in ways:
            yield Candidate(message=_FRONT, layouts=self._in_front(cause, way))

    def _in_front(
        self, cause: Cause, way: Callable[[Marking, int], Layout | None]
    ) -> dict[int, Layout]:
        found: dict[int, Layout] = {}
        for index, sighting in self._seen(cause):
            other, request = sighting.against, self.held.requests[index]
            block = shared_blocks(other, request) if other is not None else 0
            for number in (index, self.held.index(other)):
                marking = None if number is None else self._marking(number)
                if number is not None and marking is not None:
                    _put(found, number, way(marking, block))
        return found

    def _newest(self, cause: Cause) -> Iterator[Candidate]:
        found: dict[int, Layout] = {}
        more: dict[int, Layout] = {}
        for index, marking in self._marked(cause):
            _put(found, index, reach.at_newest(marking))
            before = self.held.previous[index]
            earlier = None if before is None else self._marking(before)
            if before is not None and earlier is not None:
                _put(found, before, reach.at_newest(earlier))
                _put(more, index, reach.at_newest_and(marking, earlier.request))
        yield Candidate(message=_NEWEST, layouts=found)
        yield Candidate(message=_NEWEST, layouts=together(found, more))

    def _shared(self, cause: Cause) -> dict[int, Layout]:
        requests = {
            index: request
            for index, request in enumerate(self.held.requests)
            if self.held.programs[index] == cause[1]
        }
        depth = min((shared_blocks(a, b) for a, b in pairwise(requests.values())), default=0)
        found: dict[int, Layout] = {}
        for index in requests:
            marking = self._marking(index)
            if marking is not None:
                _put(found, index, reach.at(marking, depth))
        return found


def together(one: Mapping[int, Layout], other: Mapping[int, Layout]) -> dict[int, Layout]:
    """Return layouts of which the latter count where both say something."""
    merged = dict(one)
    for index, layout in other.items():
        merged[index] = merged[index].then(layout) if index in merged else layout
    return merged


def _put(found: dict[int, Layout], index: int, layout: Layout | None) -> None:
    if layout is not None:
        found[index] = layout
