"""Where and how the prompt of one request parts from the prompt of another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._diverge import Excerpted, diverge, excerpt, shared_length

if TYPE_CHECKING:
    from promptcost.wire.block import WireBlock, WireRequest


class Change(StrEnum):
    """What happened at the first difference; only `appended` leaves the earlier prompt a prefix."""

    APPENDED = "appended"
    EXTENDED = "extended"
    SHORTENED = "shortened"
    REWRITTEN = "rewritten"
    INSERTED = "inserted"
    REMOVED = "removed"
    REORDERED = "reordered"
    TOOLS_REORDERED = "tools_reordered"
    KEYS_REORDERED = "keys_reordered"
    SETTING = "setting"
    MODEL = "model"


_MOVED = (Change.REORDERED, Change.TOOLS_REORDERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first place where two prompts part.

    `json_path` is a body path (of the earlier request where the later has nothing there),
    `byte_offset` counts from the start of the text or value it names, `block` is the index in hash
    order, `shared_bytes` are the prompt bytes before the difference.  `was` and `now` are bounded
    excerpts of private text.
    """

    change: Change
    json_path: str
    byte_offset: int = 0
    was: str = ""
    now: str = ""
    block: int = 0
    role: Role | None = None
    shared_bytes: int = 0


def first_difference(was: WireRequest, now: WireRequest) -> Difference | None:
    """Return the first difference between two requests; None when prompt and settings are equal.

    The model comes first, as it decides about everything, then the blocks in hash order; settings
    are looked at when no block was changed.  `appended` means that only new blocks follow.
    """
    if was.model != now.model:
        model = Excerpted(was.model or "", now.model or "")
        return Difference(change=Change.MODEL, json_path="model", was=model.was, now=model.now)
    found = _block_difference(was, now)
    if found is None or found.change is Change.APPENDED:
        return next(iter(setting_differences(was, now)), found)
    return found


def setting_differences(was: WireRequest, now: WireRequest) -> tuple[Difference, ...]:
    """Return one difference per setting that is stated otherwise, in alphabetical order."""
    return tuple(
        Difference(
            change=Change.SETTING,
            json_path=path,
            was=excerpt(was.settings.get(path, "").encode(), 0),
            now=excerpt(now.settings.get(path, "").encode(), 0),
        )
        for path in sorted({*was.settings, *now.settings})
        if was.settings.get(path) != now.settings.get(path)
    )


def shared_blocks(was: WireRequest, now: WireRequest) -> int:
    """Return how many leading blocks two requests have in common."""
    pairs = enumerate(zip(was.blocks, now.blocks, strict=False))
    different = (i for i, (old, new) in pairs if old.identity != new.identity)
    return next(different, min(len(was.blocks), len(now.blocks)))


def _block_difference(was: WireRequest, now: WireRequest) -> Difference | None:
    index = shared_blocks(was, now)
    shared = sum(len(block.data) for block in was.blocks[:index])
    old = was.blocks[index] if index < len(was.blocks) else None
    new = now.blocks[index] if index < len(now.blocks) else None
    if old is None:
        return None if new is None else _whole(Change.APPENDED, new, index, shared)
    if new is None:
        return _whole(Change.SHORTENED, old, index, shared)
    change = _change(was.blocks[index:], now.blocks[index:])
    if change is Change.REWRITTEN:
        return _within(old, new, index, shared)
    if change in _MOVED:
        return _moved(change, (old, new), index, shared)
    return _whole(change, old if change is Change.REMOVED else new, index, shared)


def _change(was: tuple[WireBlock, ...], now: tuple[WireBlock, ...]) -> Change:
    """Classify a difference by whether its two blocks are found further on in the other request.

    Equal blocks differ in their message boundary.
    """
    old, new = was[0], now[0]
    if old.digest == new.digest:
        return Change.REWRITTEN
    kept = any(old.digest == block.digest for block in now)
    known = any(new.digest == block.digest for block in was)
    if kept and known:
        both_tools = old.role is Role.TOOLS and new.role is Role.TOOLS
        return Change.TOOLS_REORDERED if both_tools else Change.REORDERED
    in_place = len(was) > 1 and len(now) > 1 and was[1].digest == now[1].digest
    if in_place or kept == known:
        return Change.REWRITTEN
    return Change.INSERTED if kept else Change.REMOVED


def _whole(change: Change, block: WireBlock, index: int, shared: int) -> Difference:
    shown = excerpt(block.data, 0)
    gone = change in (Change.REMOVED, Change.SHORTENED)
    return Difference(
        change=change,
        json_path=block.json_path,
        was=shown if gone else "",
        now="" if gone else shown,
        block=index,
        role=block.role,
        shared_bytes=shared,
    )


def _moved(
    change: Change, pair: tuple[WireBlock, WireBlock], index: int, shared: int
) -> Difference:
    old, new = pair
    return Difference(
        change=change,
        json_path=new.base_path,
        was=excerpt(old.data, 0),
        now=excerpt(new.data, 0),
        block=index,
        role=new.role,
        shared_bytes=shared,
    )


def _within(old: WireBlock, new: WireBlock, index: int, shared: int) -> Difference:
    place = diverge(old, new)
    return Difference(
        change=Change.KEYS_REORDERED if place.keys_only else _rewriting(old, new),
        json_path=place.path,
        byte_offset=place.offset,
        was=place.excerpts.was,
        now=place.excerpts.now,
        block=index,
        role=new.role,
        shared_bytes=shared + shared_length(old.data, new.data),
    )


def _rewriting(old: WireBlock, new: WireBlock) -> Change:
    like = (old.role, old.kind, old.opens) == (new.role, new.kind, new.opens)
    grown = like and old.has_text and old.data != new.data and new.data.startswith(old.data)
    return Change.EXTENDED if grown and old.data else Change.REWRITTEN
