"""Collects the blocks of one request while its body is read.

What is normalised on the way, so that only changes of the prompt are changes of a block: a string
equals a list of one text block, a null field an absent one, and marks may move.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._json import clean, compact, encode, without_payloads
from promptcost.wire._marks import NOTHING, Json, Marks
from promptcost.wire.block import Kind, WireBlock
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from promptcost.wire._marks import Kept
    from promptcost.wire.block import Marker

_TYPED_BY_KIND = (Kind.TEXT, Kind.TOOL_RESULT)
_NAMED = ("function", "toolSpec", "toolUse", "functionCall", "functionResponse", "function_call")

# Anthropic takes 100,000 messages in a request; nobody is known to take more.
MAX_BLOCKS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An object of the body that becomes one block.

    `text_key` names the field that holds the text, `text_path` where the text stands when that is
    not simply the field, `drop` fields that are no prompt text.
    """

    role: Role
    kind: Kind
    path: str
    value: Json
    text_key: str = "text"
    text_path: str | None = None
    drop: frozenset[str] = NOTHING


@dataclass(slots=True)
class Draft:
    """The blocks gathered so far, and the reader of their marks."""

    marks: Marks = field(default_factory=Marks)
    blocks: list[WireBlock] = field(default_factory=list)
    _opens: bool = False
    _full: bool = False

    def open_message(self) -> None:
        """Make the next block the first of a message."""
        self._opens = True

    def text(self, role: Role, path: str, text: str) -> None:
        """Add a text that stands in the body as a plain string."""
        self.add(Unit(role=role, kind=Kind.TEXT, path=path, value={"text": text}, text_path=path))

    def add(self, unit: Unit) -> None:
        """Add an object; its text field, when it is a string, becomes the text of the block."""
        kept = self.marks.strip(unit.value, unit.path, unit.drop)
        fields = dict(kept.fields)
        if unit.kind in _TYPED_BY_KIND:
            fields.pop("type", None)
        text = fields.get(unit.text_key)
        if not isinstance(text, str):
            self._append(unit, unit.path, compact(without_payloads(fields)), None, kept)
            return
        del fields[unit.text_key]
        path = unit.text_path or join(unit.path, unit.text_key)
        head = compact(without_payloads(fields)) if fields else b""
        self._append(unit, path, head, encode(text), kept)

    def add_free(self, unit: Unit) -> None:
        """Add free-form JSON with the key order it was sent in."""
        kept = self.marks.strip(unit.value, unit.path, unit.drop)
        as_sent = {key: item for key, item in unit.value.items() if key in kept.fields}
        self._append(unit, unit.path, compact(as_sent), None, kept)

    def _append(self, unit: Unit, path: str, head: bytes, text: bytes | None, kept: Kept) -> None:
        self.blocks.append(
            WireBlock(
                role=unit.role,
                kind=unit.kind,
                json_path=path,
                base_path=unit.path,
                data=head + (text or b""),
                head_size=len(head),
                has_text=text is not None,
                opens=self._opens,
                name=_name(unit.value),
                marker=kept.marker,
                ignored=kept.ignored,
            )
        )
        self._opens = False

    def mark_last(self, marker: Marker | None) -> None:
        """Put a mark that stands on its own on the block before it, unless that has one."""
        if marker is None:
            return
        if not self.blocks:
            self.marks.faults.append(f"{marker.json_path} marks nothing: no block stands before it")
        elif self.blocks[-1].marker is None:
            self.blocks[-1] = replace(self.blocks[-1], marker=marker)

    def content(self, like: Unit, content: object, kinds: Mapping[str, Kind]) -> None:
        """Add the content of a message: a string, or blocks that name their type.

        `like` says the role, the path of the content and what to drop.
        """
        if isinstance(content, str):
            self.text(like.role, like.path, content)
            return
        for path, item in self.objects(content, like.path):
            unit = replace(like, kind=kind_of(item, kinds), path=path, value=item)
            if unit.kind is Kind.TOOL_RESULT:
                self.tool_result(replace(unit, role=Role.TOOL, text_key="content"))
            else:
                self.add(unit)

    def tool_result(self, unit: Unit) -> None:
        """Add a tool result; a list of one text block equals that text, marks inside count."""
        parts, key = unit.value.get(unit.text_key), unit.text_key
        if not isinstance(parts, list):
            self.add(replace(unit, value={**unit.value, key: "" if parts is None else parts}))
            return
        place = join(unit.path, key)
        kept = [self.marks.strip(*part) for part in self._parts(parts, place)]
        text = _only_text([part.fields for part in kept])
        flat = [part.fields for part in kept] if text is None else text
        text_path = join(join(place, 0), "text") if kept else place
        self.add(replace(unit, value={**unit.value, key: flat}, text_path=text_path))
        for part in kept:
            self.mark_last(part.marker)

    def _parts(self, parts: list[object], path: str) -> Iterator[tuple[Json, str]]:
        for position, part in enumerate(parts):
            known = part if isinstance(part, dict) else {"text": part}
            yield known, join(path, position)

    def objects(self, value: object, path: str) -> Iterator[tuple[str, Json]]:
        """Yield the objects of a list with their paths; anything else is complained about."""
        if value is None:
            return
        if not isinstance(value, list):
            self.marks.faults.append(f"{path} is not a list; left out")
            return
        for position, item in enumerate(value):
            place = join(path, position)
            if self._is_full(position, place):
                return
            if isinstance(item, dict):
                yield place, item
            else:
                self.marks.faults.append(f"{place} is not an object; left out")

    def _is_full(self, position: int, path: str) -> bool:
        """Say whether no more is taken in; complain once about what is left out from here."""
        if max(position, len(self.blocks), len(self.marks.faults)) < MAX_BLOCKS:
            return False
        if not self._full:
            self._full = True
            self.marks.faults.append(f"more than {MAX_BLOCKS} blocks; left out from {path} on")
        return True


def kind_of(value: Json, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of an object that names its type."""
    name = value.get("type")
    if not isinstance(name, str):
        return Kind.TEXT if "text" in value else Kind.OTHER
    if name in kinds:
        return kinds[name]
    return Kind.TOOL_RESULT if name.endswith("_tool_result") else Kind.OTHER


def _only_text(parts: list[Json]) -> str | None:
    """Return the text that the parts are equal to, if they are."""
    if not parts:
        return ""
    text = parts[0].get("text")
    plain = len(parts) == 1 and set(parts[0]) <= {"type", "text"}
    return text if plain and isinstance(text, str) else None


def _name(value: Json) -> str:
    """Return the name of a tool or of a call, which some APIs nest."""
    nested = [value.get(key) for key in _NAMED]
    for holder in (value, *nested):
        name = holder.get("name") if isinstance(holder, dict) else None
        if isinstance(name, str):
            return clean(name)
    return ""
