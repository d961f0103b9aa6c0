"""From the places of a Python syntax tree to characters and bytes of the source."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from promptcost.templates.textmap import NEWLINE, size

if TYPE_CHECKING:
    import ast
_WIDE = re.compile(r"[^\x00-\x7f]")


class Places:
    """Turns the places of a syntax tree into character and byte offsets of the source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._ascii = source.isascii()
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(source))]

    @cached_property
    def _wide(self) -> tuple[list[int], list[int]]:
        """The characters that take several bytes, and how many bytes more those up to each take."""
        found = list(_WIDE.finditer(self._source))
        return [each.start() for each in found], [
            *accumulate((size(each[0]) - 1 for each in found), initial=0)
        ]

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
        wide, more = self._wide
        return char + more[bisect_left(wide, char)]
