"""The smallest lines around a value that can stand elsewhere and still say the same.

A sentence, a list item or a paragraph moves; a block, an element, a fence, and a heading with its
body move whole.  What announces a text moves with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.repair.outline import FEW
from promptcost.audit.repair.regions import Lines, joined, overlap, within
from promptcost.audit.repair.sentences import LABEL, POINTS_BACK, WORD, spans
from promptcost.audit.repair.tokens import SILENT, VALUE

if TYPE_CHECKING:
    from promptcost.audit.repair.outline import Outline

_MOST_STEPS = 50  # from a line to the lines that move with it


def unit(outline: Outline, lines: Lines) -> Lines:
    """Return the lines that move when some lines do: all where no end of them is found soon."""
    found = lines
    for _ in range(_MOST_STEPS):
        grown = found
        for grow in (_whole, _sentences, _lists, _announced, _heading, _headed):
            grown = grow(outline, grown)
        if grown == found:
            filled = outline.filled(range(found[0], found[1] + 1))
            return filled[0], filled[-1]
        found = grown
    return 0, len(outline.lines) - 1


def sentence(outline: Outline, lines: Lines) -> tuple[int, int] | None:
    """Return the columns of the sentences that move alone: those of a line that print values.

    None where the lines move whole: another sentence of the line has to stay, and say something.
    """
    line = outline.masked[lines[0]]
    named = lines[0] in outline.heading_lines or any(overlap(lines, each) for each in outline.items)
    if lines[0] < lines[1] or SILENT in line or named or LABEL.match(line.strip()):
        return None
    moved = [span for span in spans(line) if VALUE in line[slice(*span)]]
    if not moved:
        return None
    start, end = moved[0][0], moved[-1][1]
    if POINTS_BACK.match(line[end:]):
        return None
    return (start, end) if len(WORD.findall(line[:start] + line[end:])) >= FEW else None


def _whole(outline: Outline, lines: Lines) -> Lines:
    return joined([lines, *(each for each in outline.whole if overlap(each, lines))])


def _sentences(outline: Outline, lines: Lines) -> Lines:
    first, last = lines
    while first and outline.runs_on(first - 1):
        first -= 1
    while outline.runs_on(last):
        last += 1
    before, after = outline.next_filled(first, -1), outline.next_filled(last)
    if before is not None and outline.is_middle(first):
        first = before
    if after is not None and (outline.is_middle(after) or outline.points_back(after)):
        last = after
    return first, last


def _lists(outline: Outline, lines: Lines) -> Lines:
    """Take the whole list where an item says too little, has a number, or all items are values."""
    for item in outline.items:
        if not overlap(item, lines):
            continue
        items = outline.list_of(item)
        alone = outline.speaks(lines) and not outline.is_ordered(item)
        if len(items) > 1 and not (alone and _has_fixed(outline, items)):
            return joined([lines, *items])
    return lines


def _has_fixed(outline: Outline, parts: list[Lines]) -> bool:
    """Say whether one of several parts prints no value, so that it can stay where it is."""
    return any(
        all(VALUE not in outline.masked[line] for line in range(first, last + 1))
        for first, last in parts
    )


def _announced(outline: Outline, lines: Lines) -> Lines:
    """Take along what announces these lines, and what they announce."""
    for intro, told in outline.announced:
        if within((intro, intro), lines):
            lines = joined([lines, told])
        elif overlap(told, lines):
            parts = [(line, line) for line in outline.filled(range(told[0], told[1] + 1))]
            alone = outline.speaks(lines) and _has_fixed(outline, parts)
            if within(told, lines) or not alone:
                lines = joined([(intro, intro), told, lines])
    return lines


def _headed(outline: Outline, lines: Lines) -> Lines:
    """Take along the heading that these lines are the body of, or that says what they are."""
    above = [heading for heading in outline.headings if heading.line < lines[0]]
    if not above:
        return lines
    heading = above[-1]
    own = outline.filled(range(heading.line + 1, heading.own_end + 1))
    body = own or outline.filled(range(heading.line + 1, heading.end + 1))
    emptied = all(lines[0] <= line <= lines[1] for line in body)
    if emptied or not outline.speaks(lines):
        return joined([lines, (heading.line, heading.end)])
    return lines


def _heading(outline: Outline, lines: Lines) -> Lines:
    """Take along what stands below the headings among these lines."""
    inside = (each for each in outline.headings if lines[0] <= each.line <= lines[1])
    return joined([lines, *((each.line, each.end) for each in inside)])
