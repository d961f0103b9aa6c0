"""Where tags end, found in linear time however many of them are never closed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Ends:
    """Closing marks of one text; what is not found once is not looked for again.

    Ask from left to right: a mark that is missing behind one place is missing behind later ones.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()

    def after(self, mark: str, at: int) -> int | None:
        """Return where a mark begins at or behind a place, None where it does not."""
        found = -1 if mark in self._missing else self._text.find(mark, at)
        if found >= 0:
            return found
        self._missing.add(mark)
        return None


def tags(text: str, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield start and end of every tag that is closed; `pairs` are opening and closing marks."""
    closing = dict(pairs)
    opener = re.compile("|".join(map(re.escape, closing)))
    ends, at = Ends(text), 0
    while (found := opener.search(text, at)) is not None:
        end = ends.after(closing[found[0]], found.end())
        at = found.start() + 1
        if end is not None:
            at = end + len(closing[found[0]])
            yield found.start(), at
