"""A file of requests held in memory: what an audit sees in it, and its bytes in another layout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from promptcost.audit.series.across import Openings
from promptcost.audit.series.file import FileAudit
from promptcost.audit.series.gather import Cause, Gatherer
from promptcost.audit.series.place import Locator
from promptcost.audit.series.repair.write import edits_of
from promptcost.model.finding import Edit, Finding
from promptcost.model.span import Span
from promptcost.rules.requests import Sighting
from promptcost.wire import WireRequest, group, read_stream
from promptcost.wire.json_edit import overlap
from promptcost.wire.json_path import Places, join_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.series.repair.layout import Layout
    from promptcost.audit.series.terms import Market
    from promptcost.rules.requests import RequestRule
    from promptcost.wire.json_edit import TextEdit

_Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The requests of a file in its order, and everything that was seen in them.

    `programs` and `previous` say for each request which program built it, and which request its
    conversation had before it.  `read` counts the tokens that can be read from a cache.
    """

    data: bytes
    source: str
    requests: Sequence[WireRequest]
    programs: Sequence[int]
    previous: Sequence[int | None]
    sightings: Mapping[Cause, Sequence[Sighting]]
    findings: Mapping[Cause, Finding]
    read: int
    places: Mapping[_Key, int]
    latest: dict[Span, Places] = field(default_factory=dict)

    def index(self, request: WireRequest | None) -> int | None:
        """Return the number of a request; None when it stands in another file."""
        return None if request is None else self.places.get(_key(request))

    def raw(self, index: int, json_path: str) -> str | None:
        """Return the JSON of a value as it is written; None where it cannot be found."""
        request = self.requests[index]
        places = self._places_in(request)
        found = places.find(join_paths(request.body_path, json_path))
        return None if found is None else places.text[found[0] : found[1]]

    def edits(self, layouts: Mapping[int, Layout]) -> tuple[Edit, ...]:
        """Return the edits that give requests a layout, as far as they can be written so."""
        records: dict[Span, list[TextEdit]] = defaultdict(list)
        for index, layout in layouts.items():
            request = self.requests[index]
            made = edits_of(self._places_in(request), request, layout) or []
            known = records[request.span]
            if not overlap([*known, *made]):
                known += made
        return tuple(edit for span, found in records.items() for edit in self._bytes(span, found))

    def _bytes(self, span: Span, edits: list[TextEdit]) -> Iterator[Edit]:
        """Yield edits of the text of a record as edits of the bytes of the file."""
        text, at, offset = self._text(span), 0, span.start
        for edit in sorted(edits):
            offset += len(text[at : edit.start].encode())
            size = len(text[edit.start : edit.end].encode())
            at = edit.end
            yield Edit(path=self.source, start=offset, end=offset + size, replacement=edit.text)
            offset += size

    def _places_in(self, request: WireRequest) -> Places:
        """Return the places in the record of a request; those of the latest record are kept."""
        if request.span not in self.latest:
            self.latest.clear()
            self.latest[request.span] = Places(self._text(request.span))
        return self.latest[request.span]

    def _text(self, span: Span) -> str:
        return self.data[span.start : span.end].decode()


def edited_bytes(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Return bytes with edits made that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        parts += [data[at : edit.start], edit.replacement.encode()]
        at = edit.end
    return b"".join([*parts, data[at:]])


class _Keeper(Gatherer):
    """Keeps every sighting."""

    def __init__(self, locator: Locator) -> None:
        super().__init__(locator)
        self.kept: dict[Cause, list[Sighting]] = defaultdict(list)

    def add(self, rule: RequestRule, program: int, sighting: Sighting) -> None:
        super().add(rule, program, sighting)
        self.kept[rule.code, program, sighting.key].append(sighting)


def hold(data: bytes, source: str, market: Market, openings: Openings) -> Held:
    """Audit the bytes of a file, after the files whose first requests are given."""
    locator = Locator()
    locator.opened(source, BytesIO(data))
    keeper = _Keeper(locator)
    audit = FileAudit(source, market, locator, keeper)
    steps = []
    for step in group(audit.requests(read_stream(BytesIO(data), source))):
        audit.take(step)
        steps.append(step)
    audit.across(Openings(kept=list(openings.kept)))
    audit.close()
    places = {_key(step.request): index for index, step in enumerate(steps)}
    earlier = (step.previous for step in steps)
    return Held(
        data=data,
        source=source,
        requests=[step.request for step in steps],
        programs=[step.program for step in steps],
        previous=[None if one is None else places[_key(one)] for one in earlier],
        sightings=keeper.kept,
        findings=keeper.findings(len(steps)),
        read=audit.read,
        places=places,
    )


def _key(request: WireRequest) -> _Key:
    return request.source, request.span.start, request.body_path
