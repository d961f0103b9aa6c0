"""A diff that can be read where a line holds a whole request."""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from promptcost.audit.series.overlap import common_end, common_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONG = 1_000  # characters of a line that is shown whole
_AROUND = 60  # characters shown around what changes in a longer one
_MOST = 400  # characters shown of what changes there


def readable(diff: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a unified diff; of a long one what changes, and of others the start."""
    removed: list[str] = []
    for sign, group in groupby(diff, key=lambda line: line[:1]):
        lines = list(group)
        if sign == "-":
            removed = lines
            continue
        added = lines if sign == "+" else []
        pairs = [_pair(*pair) for pair in zip_longest(removed, added, fillvalue="")]
        yield from (line for line, _ in pairs if line)
        yield from (line for _, line in pairs if line)
        removed = []
        if sign != "+":
            yield from (_cut(line, 0, min(len(line), _AROUND)) for line in lines)
    yield from (_pair(line, "")[0] for line in removed)


def _pair(old: str, new: str) -> tuple[str, str]:
    """Return a line as it was and as it is, where long only around what differs."""
    if max(len(old), len(new)) <= _LONG:
        return old, new
    was, now = old[1:], new[1:]
    start = common_start(was, now)
    end = common_end(was[start:], now[start:])
    return _cut(old, start + 1, len(old) - end), _cut(new, start + 1, len(new) - end)


def _cut(line: str, start: int, end: int) -> str:
    """Return a line, of a long one the characters around a range of it."""
    if len(line) <= _LONG:
        return line
    low, high = max(start - _AROUND, 1), min(end + _AROUND, len(line))
    shown = line[low:high]
    if len(shown) > _MOST:
        shown = f"{shown[: _MOST // 2]} … {shown[-_MOST // 2 :]}"
    return f"{line[0]}{'…' if low > 1 else ''}{shown}{'…' if high < len(line) else ''}"
