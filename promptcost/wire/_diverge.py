"""Finds the first difference inside two blocks, in terms of JSON where they are JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from promptcost.wire._json import canonical, compact, encode
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from promptcost.wire._marks import Json
    from promptcost.wire.block import WireBlock

_BEFORE = 24
_SHOWN = 80
_CONTINUES = 0b1100_0000
_CONTINUATION = 0b1000_0000
_MISSING = object()


class Excerpted(NamedTuple):
    """What stood at a place before, and what stands there now."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Place:
    """A path, the byte offset in its value, excerpts, and whether only key order differs."""

    path: str
    offset: int
    excerpts: Excerpted
    keys_only: bool = False


class _Parting(NamedTuple):
    path: str
    was: object
    now: object


def diverge(old: WireBlock, new: WireBlock) -> Place:
    """Return where two blocks with different digests part."""
    head = old.data[: old.head_size], new.data[: new.head_size]
    if head[0] != head[1] and all(head) and old.has_text == new.has_text:
        return _in_json(json.loads(head[0]), json.loads(head[1]), new)
    if head[0] == head[1]:
        return _at(new.json_path, old.data[old.head_size :], new.data[new.head_size :])
    return _at(new.base_path, old.data, new.data)


def shared_length(was: bytes, now: bytes) -> int:
    """Return the number of leading bytes that two texts have in common."""
    low, high = 0, min(len(was), len(now))
    while low < high:
        middle = (low + high + 1) // 2
        if was[low:middle] == now[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def excerpt(data: bytes, offset: int) -> str:
    """Return a bounded piece of UTF-8 around an offset, without broken characters."""
    start = _boundary(data, max(0, offset - _BEFORE))
    return data[start : _boundary(data, min(len(data), start + _SHOWN))].decode()


def _boundary(data: bytes, position: int) -> int:
    """Return the last start of a character at or before a position."""
    while 0 < position < len(data) and data[position] & _CONTINUES == _CONTINUATION:
        position -= 1
    return position


def _at(path: str, was: bytes, now: bytes) -> Place:
    offset = shared_length(was, now)
    return Place(path, offset, Excerpted(excerpt(was, offset), excerpt(now, offset)))


def _in_json(was: Json, now: Json, block: WireBlock) -> Place:
    parting = _first_parting(_Parting(block.base_path, was, now))
    place = _at(parting.path, _bytes(parting.was), _bytes(parting.now))
    keys_only = canonical(was) == canonical(now) or _is_turned(parting.was, parting.now)
    return Place(place.path, place.offset, place.excerpts, keys_only)


def _is_turned(was: object, now: object) -> bool:
    """Say whether two texts hold the same JSON with its keys in another order (call arguments)."""
    if not (isinstance(was, str) and isinstance(now, str)):
        return False
    if not (was.startswith("{") and now.startswith("{")):
        return False
    try:
        values = json.loads(was), json.loads(now)
        return canonical(values[0]) == canonical(values[1]) and not _same(*values)
    except (ValueError, RecursionError):
        return False


def _bytes(value: object) -> bytes:
    if value is _MISSING:
        return b""
    return encode(value) if isinstance(value, str) else compact(value)


def _first_parting(parting: _Parting) -> _Parting:
    """Walk down to the innermost value that is missing, other, or in another order."""
    while True:
        inner = _child(parting)
        if inner is None:
            return parting
        parting = inner


def _child(parting: _Parting) -> _Parting | None:
    """Return the first part of two different values that differs; None when there are no parts."""
    path, was, now = parting
    if isinstance(was, dict) and isinstance(now, dict):
        return _member(path, was, now)
    if not (isinstance(was, list) and isinstance(now, list)):
        return None
    pairs = list(zip_longest(was, now, fillvalue=_MISSING))
    index = next(i for i, pair in enumerate(pairs) if not _same(*pair))
    return _Parting(join(path, index), *pairs[index])


def _member(path: str, was: Json, now: Json) -> _Parting | None:
    """Return the first member that differs; None when the members stand in another order."""
    pairs = zip_longest(was, now)
    old, new = next((a, b) for a, b in pairs if a != b or not _same(was[a], now[b]))
    if old == new:
        return _Parting(join(path, old), was[old], now[new])
    if old is not None and old not in now:
        return _Parting(join(path, old), was[old], _MISSING)
    if new is not None and new not in was:
        return _Parting(join(path, new), _MISSING, now[new])
    return None


def _same(was: object, now: object) -> bool:
    """Say whether two values are equal to the byte; Python's equality does not see key order."""
    return was == now and compact(was) == compact(now)
