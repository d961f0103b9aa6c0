"""Short ways to turn written-out bodies into requests."""

from __future__ import annotations

import json
from io import BytesIO

from promptcost.errors import Problem
from promptcost.wire import ReadLimits, WireBlock, WireRequest, read_stream


def items(data: bytes, limits: ReadLimits | None = None, source: str = "log.jsonl") -> list:
    """Return everything a file of these bytes yields."""
    return list(read_stream(BytesIO(data), source, limits or ReadLimits()))


def requests(*records: object) -> list[WireRequest]:
    """Return the requests of a file with one record a line."""
    text = "\n".join(json.dumps(record) for record in records)
    return [item for item in items(text.encode()) if isinstance(item, WireRequest)]


def request(record: object) -> WireRequest:
    """Return the only request of a record."""
    (only,) = requests(record)
    return only


def problems(data: bytes, limits: ReadLimits | None = None, source: str = "log.jsonl") -> list:
    """Return the faults of a file of these bytes."""
    return [item for item in items(data, limits, source) if isinstance(item, Problem)]


def row(block: WireBlock) -> tuple[str, str, str, bytes]:
    """Return what a table of blocks shows."""
    return block.role.value, block.kind.value, block.json_path, block.data


def rows(record: object) -> list[tuple[str, str, str, bytes]]:
    """Return the table of a record's blocks."""
    return [row(block) for block in request(record).blocks]
