"""Whether a prompt with moved lines still says the same, each line byte for byte."""

from __future__ import annotations


def only_moved(before: str, after: str) -> bool:
    """Say whether lines of a render moved back, in order, and all others are what they were.

    Blank lines part paragraphs and are not compared.
    """
    theirs = _filled(after)
    kept, moved = 0, []
    for line in _filled(before):
        if kept < len(theirs) and line == theirs[kept]:
            kept += 1
        else:
            moved.append(line)
    return moved == theirs[kept:]


def _filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
