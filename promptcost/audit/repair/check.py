"""Whether a prompt with moved lines still says the same, each line byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BEHIND = 200  # lines looked at that may stand behind the moved ones


def only_moved(before: str, after: str) -> bool:
    """Say whether lines of a render moved back, in order, and all others are what they were.

    Blank lines part paragraphs and are not compared.
    """
    ours, theirs = _filled(before), _filled(after)
    if sorted(ours) != sorted(theirs):
        return False
    for behind in range(min(len(ours), _MOST_BEHIND) + 1):
        end = len(ours) - behind
        if ours[end:] != theirs[end:]:
            return False
        if _moved_to_end(ours[:end], theirs[:end]):
            return True
    return False


def _moved_to_end(before: Sequence[str], after: Sequence[str]) -> bool:
    kept, moved = 0, []
    for line in before:
        if kept < len(after) and line == after[kept]:
            kept += 1
        else:
            moved.append(line)
    return moved == list(after[kept:])


def _filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
