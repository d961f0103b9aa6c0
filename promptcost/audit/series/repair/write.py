"""Writes another layout of a request as edits of its record, which keep all other text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.series.repair.layout import Layout
from promptcost.wire import Api, MarkerStyle, WireRequest
from promptcost.wire.json_edit import (
    TextEdit,
    moved,
    overlap,
    reordered,
    with_element,
    with_member,
    without,
)
from promptcost.wire.json_path import Places, elements, join_paths, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.wire import Marker, WireBlock
    from promptcost.wire.json_edit import Range

_LAST_STEP = re.compile(r"(?:^|\.)[^.\[\]]+$|\[\d+\]$")
MOST_MARKS = 64  # of one request; no provider allows near as many
_MOST_TURNED = 1_000  # objects of one request whose keys are put in another order
_SURROGATE = re.compile("[\ud800-\udfff]")


def edits_of(places: Places, request: WireRequest, layout: Layout) -> list[TextEdit] | None:
    """Return the edits of a record's text that give one of its requests a layout.

    None where the text does not hold the request in the open (a body encoded in a string, or
    assembled from several fields), or not in a way that can be edited.
    """
    if len(layout.keys) > _MOST_TURNED or len(request.markers) > MOST_MARKS:
        return None
    try:
        edits = _Writer(places, request, layout, _style(request)).edits()
    except LookupError:
        return None
    return None if overlap(edits) else edits


@dataclass(frozen=True, slots=True)
class _Writer:
    """Raises LookupError for a place that is not there."""

    places: Places
    request: WireRequest
    layout: Layout
    style: MarkerStyle

    @property
    def text(self) -> str:
        return self.places.text

    def edits(self) -> list[TextEdit]:
        edits = [*self._marks(), *self._texts()]
        places = {self._place(path)[0]: order for path, order in self.layout.keys.items()}
        for start in sorted(places, reverse=True):  # what lies inside moves along
            found = list(members(self.text, start))
            turned = reordered(self.text, found, places[start], edits)
            if turned is None:
                raise LookupError
            edits = turned
        return self._with_tools(edits)

    def _with_tools(self, edits: list[TextEdit]) -> list[TextEdit]:
        if not self.layout.tools:
            return edits
        paths = [block.base_path for block in self.request.blocks[: len(self.layout.tools)]]
        if len({_parent(path) for path in paths}) > 1:
            raise LookupError
        ranges = self._elements(_parent(paths[0]))
        slots = [ranges[_index(path)] for path in paths]
        return moved(self.text, slots, [slots[index] for index in self.layout.tools], edits)

    def _texts(self) -> Iterator[TextEdit]:
        for path, text in self.layout.texts.items():
            start, end = self._place(path)
            plain = self.text[start:end].isascii() or _SURROGATE.search(text) is not None
            yield TextEdit(start, end, json.dumps(text, ensure_ascii=plain))

    def _marks(self) -> Iterator[TextEdit]:
        """Yield the edits of marks; one inside a tool stays in its place when tools move."""
        own = self.request.automatic
        if self.layout.automatic is not None and own is not None:
            yield TextEdit(*self._place(own.json_path), self.layout.automatic)
        blocks, order = self.request.blocks, self.layout.tools
        standing = (*order, *range(len(order), len(blocks)))
        for place, index in enumerate(standing):
            here = self._mark(blocks[place])
            wanted = self.layout.marks.get(place + 1, here)
            if self.style is MarkerStyle.CACHE_POINT:
                if wanted != here:
                    yield self._point(blocks[place], wanted)
            elif wanted != self._mark(blocks[index]):
                yield from self._member(blocks[index], wanted)

    def _mark(self, block: WireBlock) -> str | None:
        """Return the JSON of the mark on a block."""
        if block.marker is None:
            return None
        start, end = self._place(block.marker.json_path)
        return self.text[start:end]

    def _member(self, block: WireBlock, wanted: str | None) -> Iterator[TextEdit]:
        """Yield the edits for a mark that is a member of its block."""
        marker = block.marker
        if marker is None:
            yield from () if wanted is None else self._added(block, wanted)
        elif wanted is None:
            yield self._removed(marker)
        else:
            yield TextEdit(*self._place(marker.json_path), wanted)

    def _removed(self, marker: Marker) -> TextEdit:
        holder = self._place(_parent(marker.json_path))[0]
        found = list(members(self.text, holder))
        keys = [member.key for member in found]
        if keys.count(marker.style) != 1:
            raise LookupError
        ranges = [(member.start, member.end) for member in found]
        return without(ranges, keys.index(marker.style))

    def _added(self, block: WireBlock, wanted: str) -> Iterator[TextEdit]:
        """Yield the edits that put a mark on a block; a plain string becomes a list of one text."""
        start, end = self._place(block.base_path)
        key = self.style.value
        if self.text[start] == "{":
            yield with_member(self.text, start, key, wanted)
        else:
            blank = " " if self.text[start - 1].isspace() else ""
            yield TextEdit(start, start, f'[{{"type":{blank}"text",{blank}"text":{blank}')
            yield TextEdit(end, end, f',{blank}"{key}":{blank}{wanted}}}]')

    def _point(self, block: WireBlock, wanted: str | None) -> TextEdit:
        """Return the edit for a mark that stands as an element behind its block."""
        marker, path = block.marker, block.base_path
        if marker is None:
            path = path if path.endswith("]") else _parent(path)
            start = self._place(_parent(path))[0]
            value = f'{{"{MarkerStyle.CACHE_POINT.value}": {wanted}}}'
            return with_element(self.text, start, _index(path), value)
        if wanted is not None:
            return TextEdit(*self._place(marker.json_path), wanted)
        point = _parent(marker.json_path)
        return without(self._elements(_parent(point)), _index(point))

    def _elements(self, path: str) -> list[Range]:
        return list(elements(self.text, self._place(path)[0]))

    def _place(self, path: str) -> Range:
        found = self.places.find(join_paths(self.request.body_path, path))
        if found is None:
            raise LookupError
        return found


def _style(request: WireRequest) -> MarkerStyle:
    """Return how the marks of a request are written."""
    if request.api is Api.BEDROCK_CONVERSE:
        return MarkerStyle.CACHE_POINT
    styles = (marker.style for marker in request.markers)
    return next(styles, MarkerStyle.CACHE_CONTROL)


def _parent(path: str) -> str:
    return _LAST_STEP.sub("", path, count=1)


def _index(path: str) -> int:
    return int(path.rpartition("[")[2].removesuffix("]"))
