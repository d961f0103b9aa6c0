"""Repairs of order: the tools, and the keys of JSON, in the order in which they were first sent.

The first order is one that was sent before, so no request holds what none of them held; sorting by
name would also turn the arguments of calls, which stand as the model wrote them.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from promptcost.audit.series.repair.layout import Layout
from promptcost.model.prompt import Role
from promptcost.wire import Kind
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from promptcost.wire import WireBlock, WireRequest

_Json = dict[str, object]


def tools_as_first(
    requests: Mapping[int, WireRequest], earlier: Iterable[WireRequest]
) -> dict[int, Layout]:
    """Return layouts with the tools in the order of the first request that names the same ones."""
    first: dict[frozenset[str], list[str]] = {}
    for request in chain(earlier, requests.values()):
        names = _tool_names(request)
        first.setdefault(frozenset(names), names)
    layouts = {}
    for index, request in requests.items():
        names = _tool_names(request)
        wanted = first[frozenset(names)]
        if names != wanted and sorted(names) == sorted(wanted) and len(set(names)) == len(names):
            numbers = {name: number for number, name in enumerate(names)}
            layouts[index] = Layout(tools=tuple(numbers[name] for name in wanted))
    return layouts


def _tool_names(request: WireRequest) -> list[str]:
    return [block.name for block in request.blocks if block.role is Role.TOOLS]


def keys_as_first(
    requests: Mapping[int, WireRequest], earlier: Iterable[WireRequest]
) -> dict[int, Layout]:
    """Return layouts with the keys of each block in the order in which it was first sent.

    Of several blocks of a request that say the same, the first is compared with the first and so
    on.
    """
    first: dict[tuple[object, ...], object] = {}
    layouts = {}
    for request in earlier:
        _heads(request, first)
    for index, request in requests.items():
        keys: dict[str, tuple[str, ...]] = {}
        texts: dict[str, str] = {}
        for block, was, now in _heads(request, first):
            for path, found in _turned(block, block.base_path, was, now):
                if isinstance(found, str):
                    texts[path] = found
                else:
                    keys[path] = found
        if keys or texts:
            layouts[index] = Layout(keys=keys, texts=texts)
    return layouts


def _heads(
    request: WireRequest, first: dict[tuple[object, ...], object]
) -> list[tuple[WireBlock, object, object]]:
    """Return each block whose JSON is turned, with its first and its own JSON."""
    seen: Counter[tuple[object, ...]] = Counter()
    found = []
    for block in request.blocks:
        head, text = block.data[: block.head_size], block.data[block.head_size :]
        if not head:
            continue
        value = json.loads(head)
        said = (block.role, block.kind, said_by(block), text)
        seen[said] += 1
        was = first.setdefault((*said, seen[said]), value)
        if was is not value:
            found.append((block, was, value))
    return found


def said_by(block: WireBlock) -> str:
    """Return what the JSON of a block says, whatever the order of its keys."""
    head = block.data[: block.head_size]
    return json.dumps(_read(json.loads(head), block), sort_keys=True) if head else ""


def _read(value: object, block: WireBlock) -> object:
    """Return JSON with the arguments of calls, which some APIs write as text, read as JSON."""
    if isinstance(value, dict):
        return {key: _read(item, block) for key, item in value.items()}
    if isinstance(value, list):
        return [_read(item, block) for item in value]
    if isinstance(value, str) and block.kind is Kind.TOOL_USE and value.startswith("{"):
        try:
            # The spelling of a number is kept, as it is part of the text.
            return [json.loads(value, parse_float=str, parse_int=str)]
        except (ValueError, RecursionError):
            return value
    return value


def _turned(
    block: WireBlock, path: str, was: object, now: object
) -> Iterator[tuple[str, tuple[str, ...] | str]]:
    """Yield objects whose keys stand in another order, and arguments that do, by path."""
    if isinstance(was, dict) and isinstance(now, dict):
        if list(was) != list(now):
            yield path, tuple(was)
        for key in now:
            yield from _turned(block, join(path, key), was[key], now[key])
    elif isinstance(was, list) and isinstance(now, list):
        for number, (old, new) in enumerate(zip(was, now, strict=True)):
            yield from _turned(block, join(path, number), old, new)
    elif isinstance(was, str) and was != now:
        yield path, was
