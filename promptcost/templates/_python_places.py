"""From the places of a Python syntax tree to characters and bytes of the source."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from promptcost.templates.textmap import NEWLINE, size

if TYPE_CHECKING:
    import ast


class Places:
    """Turns the places of a syntax tree into character and byte offsets of the source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._ascii = source.isascii()
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(source))]

    @cached_property
    def _bytes(self) -> list[int]:
        """The byte offsets of the line starts."""
        lines = pairwise([*self._starts, len(self._source)])
        return list(accumulate((size(self._source[a:b]) for a, b in lines), initial=0))

    def range(self, node: ast.expr) -> tuple[int, int]:
        """Return the characters of a node."""
        last, width = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._char(node.lineno, node.col_offset), self._char(last, width)

    def _char(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        head = self._source[start:end].encode("utf-8", "surrogatepass")[:column]
        return start + len(head.decode("utf-8", "replace"))

    def byte(self, char: int) -> int:
        """Return the byte offset of a character."""
        if self._ascii:
            return char
        line = bisect_right(self._starts, char) - 1
        return self._bytes[line] + size(self._source[self._starts[line] : char])
