"""What of a prompt's lines belongs together: blocks, elements, fences, lists, headings, sentences.

Markdown's block rules (CommonMark 0.31) as far as prompts use them, XML-like elements whose tags
are both there, and the blocks of the template.  Lines are numbered from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from promptcost.audit.repair.regions import (
    DELIMITER,
    ELEMENT,
    Lines,
    blocks,
    delimited,
    elements,
    fenced_code,
    joined,
)
from promptcost.audit.repair.sentences import INTRO, ITEM, LABEL, POINTS_BACK, ROLE, WORD, goes_on
from promptcost.audit.repair.tokens import SILENT, VALUE, Token, masked, tokens_of
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.templates.source import TemplateSource

_HEADING = re.compile(r"\s{0,3}(?P<signs>#{1,6})\s+\S")
_BOLD = re.compile(r"\s{0,3}(?:\*\*|__)[^*_]+(?:\*\*|__)\s*")
_DEEPEST = 7  # a bold line by itself, below every level of `#`
_LONGEST = 100  # lines of one paragraph that a line announces
FEW = 2  # fixed words that make a text say by itself what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading and the last line of what stands below it, deeper headings included."""

    line: int
    level: int
    own_end: int
    end: int


class Outline:
    """The structure of one template."""

    def __init__(self, source: TemplateSource) -> None:
        self.text = normalise(source.text)
        self.tokens = tokens_of(self.text, source.kind, source.settings)
        self.lines = self.text.split("\n")
        self.masked = masked(self.text, self.tokens).split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def line_at(self, char: int) -> int:
        """Return the line that holds a character."""
        return min(bisect_right(self._starts, char), len(self.lines)) - 1

    def start(self, line: int) -> int:
        """Return the first character of a line; for the number of lines, past the end."""
        return self._starts[line]

    def is_blank(self, line: int) -> bool:
        """Say whether a line holds nothing."""
        return not self.lines[line].strip()

    def opens(self, line: int) -> bool:
        """Say whether a line only opens an element or a fence that something else closes."""
        shown = self.masked[line].strip()
        return ELEMENT.fullmatch(shown) is not None and not any(line in each for each in self.whole)

    def is_middle(self, line: int) -> bool:
        """Say whether a line begins in the middle of a sentence."""
        return self.masked[line].strip()[:1].islower() and line not in self._code

    def points_back(self, line: int) -> bool:
        """Say whether a line speaks of what stands before it."""
        return line not in self.heading_lines and POINTS_BACK.match(self.masked[line]) is not None

    def next_filled(self, line: int, step: int = 1) -> int | None:
        """Return the next line that is not blank, in steps of 1 or -1; None where there is none."""
        line += step
        while 0 <= line < len(self.lines):
            if not self.is_blank(line):
                return line
            line += step
        return None

    def is_bare(self, line: int) -> bool:
        """Say whether a line prints values and no words."""
        return VALUE in self.masked[line] and not WORD.search(self.masked[line])

    def is_silent(self, line: int) -> bool:
        """Say whether a line holds tags and comments only."""
        return not self.is_blank(line) and not self.masked[line].replace(SILENT, "").strip()

    def words(self, lines: Lines) -> int:
        """Return the number of fixed words of lines, elements and headings not counted."""
        kept = (
            ELEMENT.sub("", self.masked[line])
            for line in range(lines[0], lines[1] + 1)
            if line not in self.heading_lines
        )
        return sum(len(WORD.findall(line)) for line in kept)

    def speaks(self, lines: Lines) -> bool:
        """Say whether lines say by themselves what they are.

        A heading does, an element by its name, a label, and some words.
        """
        shown = [self.masked[line].strip() for line in range(lines[0], lines[1] + 1)]
        named = lines[0] in self.heading_lines or ELEMENT.match(shown[0]) is not None
        return named or any(map(LABEL.match, shown)) or self.words(lines) >= FEW

    def is_intro(self, line: int) -> bool:
        """Say whether a line announces what follows it; the name of a role announces nothing."""
        shown = self.masked[line].strip()
        if line in self.heading_lines or ROLE.fullmatch(shown):
            return False
        return INTRO.search(shown) is not None and WORD.search(shown) is not None

    def tokens_in(self, lines: Lines) -> list[Token]:
        """Return the tokens that begin in lines."""
        start, end = self.start(lines[0]), self.start(lines[1] + 1)
        return [token for token in self.tokens if start <= token.start < end]

    @cached_property
    def whole(self) -> tuple[Lines, ...]:
        """The runs of lines of more than one that may only move together, in order."""
        held = [*((token, token) for token in self.tokens), *blocks(self.tokens)]
        found = {(self.line_at(one.start), self.line_at(last.end - 1)) for one, last in held}
        found.update(elements(self.masked, self._code))
        found.update((*self._fences, *delimited(self.masked), *self.items))
        return tuple(sorted(lines for lines in found if lines[0] < lines[1]))

    @cached_property
    def _fences(self) -> tuple[Lines, ...]:
        return tuple(fenced_code(self.lines))

    @cached_property
    def _code(self) -> frozenset[int]:
        """The lines inside of fences."""
        return frozenset(n for first, last in self._fences for n in range(first + 1, last))

    def is_delimiter(self, line: int) -> bool:
        """Say whether a line only parts what stands before it from what stands behind it."""
        return DELIMITER.fullmatch(self.masked[line]) is not None

    @cached_property
    def items(self) -> tuple[Lines, ...]:
        """The outermost items of lists, each with the lines that are indented below it."""
        found: list[Lines] = []
        for number in range(len(self.lines)):
            mark = ITEM.match(self.masked[number])
            if mark is None or (found and number <= found[-1][1]) or number in self._code:
                continue
            found.append((number, self._item_end(number, len(mark["indent"]))))
        return tuple(found)

    def _item_end(self, first: int, indent: int) -> int:
        last = first
        for number in range(first + 1, len(self.lines)):
            if self.is_blank(number):
                continue
            line = self.lines[number]
            if len(line) - len(line.lstrip()) <= indent:
                break
            last = number
        return last

    def is_ordered(self, item: Lines) -> bool:
        """Say whether an item has a number."""
        mark = ITEM.match(self.masked[item[0]])
        return mark is not None and mark["mark"][0].isdigit()

    def list_of(self, item: Lines) -> list[Lines]:
        """Return the items of the list that an item belongs to: but for blanks, neighbours."""
        at = self.items.index(item)
        first = last = at
        while first and self._adjoin(self.items[first - 1], self.items[first]):
            first -= 1
        while last + 1 < len(self.items) and self._adjoin(self.items[last], self.items[last + 1]):
            last += 1
        return list(self.items[first : last + 1])

    def _adjoin(self, one: Lines, other: Lines) -> bool:
        between = range(one[1] + 1, other[0])
        alike = self.is_ordered(one) == self.is_ordered(other)
        return alike and all(self.is_blank(line) for line in between)

    @cached_property
    def announced(self) -> tuple[tuple[int, Lines], ...]:
        """The lines that announce something, each with what it announces."""
        deeper = {line for first, last in self.items for line in range(first, last)}
        found = []
        for line in range(len(self.lines)):
            after = self.next_filled(line) if line not in deeper and self.is_intro(line) else None
            if after is not None and after not in self.heading_lines:
                found.append((line, self._told(after)))
        return tuple(found)

    def _told(self, line: int) -> Lines:
        """Return what an announcement speaks of: a list, a block, bare values, or a paragraph."""
        starting = [each for each in self.whole if each[0] == line]
        item = next((each for each in self.items if each[0] == line), None)
        if item is not None:
            return joined(self.list_of(item))
        if starting:
            return joined(starting)
        last = line
        bare = self.is_bare(line)
        for following in range(line + 1, min(line + _LONGEST, len(self.lines))):
            if self.is_blank(following) or (bare and not self.is_bare(following)):
                break
            last = following
        return line, last

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in order; a line that is bold as a whole is one too."""
        found = [
            (number, level)
            for number, level in enumerate(map(_level, self.masked))
            if level and number not in self._code
        ]
        last = len(self.lines) - 1
        made = []
        for at, (line, level) in enumerate(found):
            later = found[at + 1 :]
            own = later[0][0] - 1 if later else last
            end = next((number - 1 for number, other in later if other <= level), last)
            made.append(Heading(line=line, level=level, own_end=own, end=end))
        return tuple(made)

    @cached_property
    def heading_lines(self) -> frozenset[int]:
        """The lines that are headings."""
        return frozenset(heading.line for heading in self.headings)

    def filled(self, lines: Iterable[int]) -> list[int]:
        """Return the lines that are not blank."""
        return [line for line in lines if not self.is_blank(line)]

    def runs_on(self, line: int) -> bool:
        """Say whether a sentence of a line goes on in the next one, so that they stay together."""
        if line + 1 >= len(self.lines) or self.is_blank(line) or self.is_blank(line + 1):
            return False
        if self.is_silent(line) or self.is_silent(line + 1):
            return False
        if line in self.heading_lines or self.is_delimiter(line):
            return False
        return goes_on(self.masked[line].strip(), self.masked[line + 1].strip())


def _level(line: str) -> int:
    found = _HEADING.match(line)
    if found is not None:
        return len(found["signs"])
    return _DEEPEST if _BOLD.fullmatch(line) and not INTRO.search(line.strip()) else 0
