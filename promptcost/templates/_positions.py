"""Exact positions through Jinja's lexer.

Jinja numbers tokens and nodes by line only.  Here the number each token carries is its character
offset instead, so every node of the tree knows its exact place and no second parser is needed.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError

from promptcost.templates._budget import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RawToken = tuple[int, str, str]

_OPENS = frozenset({"variable_begin", "block_begin", "linestatement_begin", "raw_begin"})
_CLOSES = frozenset({"variable_end", "block_end", "linestatement_end", "raw_end"})


class Tags:
    """The tags of one template in order: where each begins and ends, and the source inside."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._outer: list[tuple[int, int]] = []
        self._inner: list[tuple[int, int]] = []
        self._starts: list[int] = []

    def add(self, outer: tuple[int, int], inner: tuple[int, int]) -> None:
        """Note the next tag: with and without its delimiters."""
        self._starts.append(outer[0])
        self._outer.append(outer)
        self._inner.append(inner)

    def around(self, offset: int) -> tuple[int, int]:
        """Return the range of the tag that holds an offset."""
        return self._outer[bisect_right(self._starts, offset) - 1]

    def text(self, offset: int) -> str:
        """Return the source inside the tag that holds an offset, without blanks around it."""
        start, end = self._inner[bisect_right(self._starts, offset) - 1]
        return self.source[start:end].strip()


def positions(
    tokens: Iterator[RawToken], tags: Tags, limit: int, tick: Callable[[], None]
) -> Iterator[RawToken]:
    """Yield raw tokens numbered by offset and note the tags.

    Between two tokens the lexer skips nothing but blanks, so the next place where the text of a
    token stands is its place.  Raises TemplateSyntaxError numbered by offset, LimitReached.
    """
    source, end, opened, inner = tags.source, 0, 0, 0
    try:
        for count, (_, kind, value) in enumerate(tokens):
            start = source.find(value, end)
            end = start + len(value)
            if kind in _OPENS:
                tick()
                opened, inner = start, end
                if kind == "raw_begin":
                    tags.add((start, start + len(value.rstrip())), (start, start))
            elif kind in _CLOSES:
                close = start + len(value.rstrip())
                tags.add((start if kind == "raw_end" else opened, close), (inner, start))
            if count >= limit:
                message = f"has more than {limit} tokens of template code"
                raise LimitReached(message)
            yield start, kind, value
    except TemplateSyntaxError as error:
        error.lineno = min(end, len(source))
        raise
