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

from promptcost.audit.repair.tokens import SILENT, VALUE, Token, TokenKind, masked, tokens_of
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from promptcost.templates.source import TemplateSource

Lines = tuple[int, int]  # first and last line

_FENCE = re.compile(r"\s*(?P<sign>```+|~~~+)")
_HEADING = re.compile(r"\s{0,3}(?P<signs>#{1,6})\s+\S")
_BOLD = re.compile(r"\s{0,3}(?:\*\*|__)[^*_]+(?:\*\*|__)\s*")
_DEEPEST = 7  # a bold line by itself, below every level of `#`
_ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+•]|\d{1,3}[.)])\s+\S")
_DELIMITER = re.compile(r"\s*(?P<line>(?P<sign>[-=*_~#'\"])(?P=sign){2,})\s*")
_ELEMENT = re.compile(
    rf"<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*)(?:[ \t{VALUE}{SILENT}][^<>\n]*)?(?<!/)>"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Signs that end a sentence, those of full width among them, and quotes behind them.
_ENDED = re.compile(r"[.!?:;\u3002\uff01\uff1f\uff1a\uff1b\u2026>|]['\")\]}*_`\xbb\u201d\u2019]*$")
_INTRO = re.compile(r"[:\uff1a]['\")*_`]*$")
_STRUCTURE = re.compile(r"[<|>#`]|[-=*_~]{3}")
ROLE = re.compile(
    r"[#*_\s]*(?P<role>system|developer|user|human|assistant|ai|model)\b[*_]*"
    r"[ \t]*(?:\[[^\]]*\])?:[*_]*",
    re.IGNORECASE,
)
LABEL = re.compile(r"[*_'\"`]*[^\W_][\w /()'-]{0,40}[*_'\"`]*[:\uff1a]")
_WRAPPED = 60  # a line as long as this may have been broken anywhere


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
        return _ELEMENT.fullmatch(shown) is not None and not any(
            line in each for each in self.whole
        )

    def is_middle(self, line: int) -> bool:
        """Say whether a line begins in the middle of a sentence."""
        return self.masked[line].strip()[:1].islower() and not self._fenced(line)

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
        return VALUE in self.masked[line] and not _WORD.search(self.masked[line])

    def is_silent(self, line: int) -> bool:
        """Say whether a line holds tags and comments only."""
        return not self.is_blank(line) and not self.masked[line].replace(SILENT, "").strip()

    def words(self, lines: Lines) -> int:
        """Return the number of fixed words of lines, elements and headings not counted."""
        kept = (
            _ELEMENT.sub("", self.masked[line])
            for line in range(lines[0], lines[1] + 1)
            if line not in self.heading_lines
        )
        return sum(len(_WORD.findall(line)) for line in kept)

    def is_intro(self, line: int) -> bool:
        """Say whether a line announces what follows it; the name of a role announces nothing."""
        shown = self.masked[line].strip()
        if line in self.heading_lines or ROLE.fullmatch(shown):
            return False
        return _INTRO.search(shown) is not None and _WORD.search(shown) is not None

    def tokens_in(self, lines: Lines) -> list[Token]:
        """Return the tokens that begin in lines."""
        start, end = self.start(lines[0]), self.start(lines[1] + 1)
        return [token for token in self.tokens if start <= token.start < end]

    @cached_property
    def whole(self) -> tuple[Lines, ...]:
        """The runs of lines that may only move together."""
        found = [*self._multiline(), *self._blocks(), *self._elements(), *self.fences]
        return tuple(sorted({lines for lines in (*found, *self.items) if lines[0] < lines[1]}))

    def _multiline(self) -> Iterator[Lines]:
        for token in self.tokens:
            yield self.line_at(token.start), self.line_at(token.end - 1)

    def _blocks(self) -> Iterator[Lines]:
        opened: list[Token] = []
        for token in self.tokens:
            if token.kind is not TokenKind.TAG:
                continue
            if not token.word.startswith("end"):
                opened.append(token)
                continue
            names = [other.word for other in opened]
            if token.word[3:] in names:
                at = len(names) - 1 - names[::-1].index(token.word[3:])
                yield self.line_at(opened[at].start), self.line_at(token.end - 1)
                del opened[at:]

    def _elements(self) -> Iterator[Lines]:
        opened: list[tuple[str, int]] = []
        for number, line in enumerate(self.masked):
            if self._fenced(number):
                continue
            for tag in _ELEMENT.finditer(line):
                if not tag["end"]:
                    opened.append((tag["name"], number))
                    continue
                names = [name for name, _ in opened]
                if tag["name"] in names:
                    at = len(names) - 1 - names[::-1].index(tag["name"])
                    yield opened[at][1], number
                    del opened[at:]

    @cached_property
    def fences(self) -> tuple[Lines, ...]:
        """Fenced code, and what stands between two lines of the same signs where they pair up."""
        return (*self._code(), *self._delimited())

    def _code(self) -> Iterator[Lines]:
        opened: tuple[int, str] | None = None
        for number, line in enumerate(self.lines):
            fence = _FENCE.match(line)
            if fence is None:
                continue
            if opened is None:
                opened = number, fence["sign"]
            elif fence["sign"].startswith(opened[1]):
                yield opened[0], number
                opened = None

    def _delimited(self) -> Iterator[Lines]:
        places: dict[str, list[int]] = {}
        for number, line in enumerate(self.masked):
            found = _DELIMITER.fullmatch(line)
            if found is not None:
                places.setdefault(found["line"], []).append(number)
        for numbers in places.values():
            if len(numbers) % 2 == 0:
                yield from zip(numbers[::2], numbers[1::2], strict=True)

    def is_delimiter(self, line: int) -> bool:
        """Say whether a line only parts what stands before it from what stands behind it."""
        return _DELIMITER.fullmatch(self.masked[line]) is not None

    def _fenced(self, line: int) -> bool:
        return any(first < line < last for first, last in self._code_lines)

    @cached_property
    def _code_lines(self) -> tuple[Lines, ...]:
        return tuple(self._code())

    @cached_property
    def items(self) -> tuple[Lines, ...]:
        """The outermost items of lists, each with the lines that are indented below it."""
        found: list[Lines] = []
        for number in range(len(self.lines)):
            mark = _ITEM.match(self.masked[number])
            if mark is None or (found and number <= found[-1][1]) or self._fenced(number):
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
        mark = _ITEM.match(self.masked[item[0]])
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
    def headings(self) -> tuple[Heading, ...]:
        """The headings in order; a line that is bold as a whole is one too."""
        found = [
            (number, level)
            for number, level in enumerate(map(_level, self.masked))
            if level and not self._fenced(number)
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
        one, other = self.masked[line].strip(), self.masked[line + 1].strip()
        if _is_table(one) and _is_table(other):
            return True
        if _starts_anew(one, other) or line in self.heading_lines or self.is_delimiter(line):
            return False
        if self.is_silent(line) or self.is_silent(line + 1):
            return False
        return _goes_on(one, other)


def _level(line: str) -> int:
    found = _HEADING.match(line)
    if found is not None:
        return len(found["signs"])
    return _DEEPEST if _BOLD.fullmatch(line) and not _INTRO.search(line.strip()) else 0


def _is_table(line: str) -> bool:
    return line.startswith("|") and line.endswith("|")


def _starts_anew(one: str, other: str) -> bool:
    """Say whether a line ends its sentence, or the next one begins something by its first signs."""
    label = LABEL.match(other)
    # A sentence that goes on is no label, though it ends with a colon: "which you / need to do:".
    is_label = label is not None and not (other[0].islower() and " " in label[0])
    begins = is_label or _STRUCTURE.match(other) or _ITEM.match(other)
    return bool(begins) or _ENDED.search(one) is not None


def _goes_on(one: str, other: str) -> bool:
    if other[0].islower() or other[0] in ",;)":
        return True
    ends_in_value = one.rstrip("'\")]}*_`").endswith(VALUE)
    if ends_in_value and (LABEL.match(one) or not _WORD.search(one)):
        return False
    return len(one) >= _WRAPPED or other.startswith(VALUE)


def within(one: Lines, other: Lines) -> bool:
    """Say whether lines are among others."""
    return other[0] <= one[0] and one[1] <= other[1]


def overlap(one: Lines, other: Lines) -> bool:
    """Say whether two runs of lines share a line."""
    return one[0] <= other[1] and other[0] <= one[1]


def joined(runs: Sequence[Lines]) -> Lines:
    """Return the lines from the first of some runs to the last."""
    return min(first for first, _ in runs), max(last for _, last in runs)
