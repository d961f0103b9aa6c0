"""Volatile lines behind the fixed ones: which may move, where to, and the text that results."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from promptcost.audit.repair.bindings import evaluates_alike
from promptcost.audit.repair.check import sentences, whole_lines
from promptcost.audit.repair.regions import joined, within
from promptcost.audit.repair.sentences import ROLE
from promptcost.audit.repair.taken import Taken, Taker
from promptcost.audit.repair.tokens import VALUE
from promptcost.audit.repair.units import unit
from promptcost.model.finding import Fix, Safety
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.audit.repair.outline import Outline
    from promptcost.audit.repair.regions import Lines
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.written import Line

_ELSEWHERE = frozenset({"extends", "block"})  # text around blocks is not printed
_CONTROL = re.compile(r"<\|[\w ]+\|>|\[/?INST\]|<<SYS>>|<(?:start|end)_of_turn>")
# Words that are only true of what stands in front or behind.
_BEHIND = re.compile(r"\b(?:below|following|as follows)\b(?![^\n]*:)", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:above|aforementioned|preceding|foregoing)\b", re.IGNORECASE)
_HEAD = re.compile(r"---[ \t]*\n(?:[^\n]*\n)*?---[ \t]*\n")
_MOST_LINES = 5_000  # of a prompt whose structure is looked at
_MANY = 8  # fixed words between values that are worth a move
_USERS = frozenset({"user", "human"})
_SPEAKERS = frozenset({"assistant", "ai", "model"})
_OF_ALL = frozenset({"", "system", "developer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Lines that move behind another: the text that results, and the edits of the file.

    `is_plain` says that no tag cuts blanks at the seams, so that what one branch prints holds for
    all of them.  `parts` cuts a render into what moves whole.
    """

    fix: Fix
    text: str
    is_plain: bool
    parts: Callable[[str], list[str]]


class Mover:
    """Finds moves in one template.

    `is_spoken_of` says that the text may speak of what moves as standing above.
    """

    def __init__(
        self, source: TemplateSource, outline: Outline, lines: Sequence[Line], *, is_spoken_of: bool
    ) -> None:
        self._source = source
        self._is_spoken_of = is_spoken_of
        self._taker = Taker(source, outline, lines)
        self._outline = outline
        self._lines = lines

    def moves(self, numbers: Iterable[int]) -> Iterator[Move]:
        """Yield how values on some lines move, those that may: in front of the last values, behind.

        A question that stands last is best left last.
        """
        if not self._is_open or len(self._lines) > _MOST_LINES:
            return
        units = self._units([(number, number) for number in self._outline.filled(numbers)])
        last = self._home(units) if units else None
        if last is None:
            return
        for target in dict.fromkeys((self._before_values(last), last)):
            fitting = [each for each in units if each[1] < target and self._fits(each, target)]
            if fitting:
                yield self._made(fitting, target)

    def _before_values(self, last: int) -> int:
        """Return the line in front of the values that a text ends with; -1 where there is none."""
        outline = self._outline
        target: int | None = last
        while target is not None:
            first, end = unit(outline, (target, target))
            if not any(VALUE in outline.masked[number] for number in range(first, end + 1)):
                return target
            target = outline.next_filled(first, -1)
        return -1

    def _units(self, runs: Sequence[Lines]) -> list[Lines]:
        """Return what moves with some lines; what only stands together when merged moves so."""
        units = self._merged(unit(self._outline, lines) for lines in runs)
        return units if units == list(runs) else self._units(units)

    def _merged(self, units: Iterable[Lines]) -> list[Lines]:
        """Return units in order; those with nothing but blank lines between them are one."""
        made: list[Lines] = []
        for each in sorted(units):
            if made and not self._filled((made[-1][1] + 1, each[0] - 1)):
                made[-1] = joined([made[-1], each])
            else:
                made.append(each)
        return made

    @cached_property
    def _is_open(self) -> bool:
        """Whether the order of lines is that of one text and not of a conversation's machinery."""
        source, outline = self._source, self._outline
        if source.kind is SourceKind.CHAT_TEMPLATE or source.settings.line_statement_prefix:
            return False
        words = {token.word for token in outline.tokens}
        return not words & _ELSEWHERE and _CONTROL.search(outline.text) is None

    def _home(self, units: Sequence[Lines]) -> int | None:
        """Return the line behind which units belong.

        That is the end of their own message where it is the last one, or of a user's last message
        where they stand in front of every message or in the system's.
        """
        parts = [(role, lines) for role, lines in self._messages() if self._filled(lines)]
        last_role, last = parts[-1] if parts else ("", (0, 0))
        for each in units:
            role = next((role for role, lines in parts if within(each, lines)), None)
            joins = role in _OF_ALL and last_role in _USERS
            if role is None or not (within(each, last) or joins) or last_role in _SPEAKERS:
                return None
        return self._end(last)

    def _messages(self) -> Iterator[tuple[str, Lines]]:
        """Yield the lines between lines that name a role, each with that role."""
        role, first = "", self._head_end
        for number in range(first, len(self._outline.lines)):
            found = ROLE.fullmatch(self._outline.masked[number].strip())
            if found is not None:
                yield role, (first, number - 1)
                role, first = found["role"].lower(), number + 1
        yield role, (first, len(self._outline.lines) - 1)

    @cached_property
    def _head_end(self) -> int:
        """The first line behind the head of a Markdown file."""
        found = _HEAD.match(self._outline.text)
        return 0 if found is None else found[0].count("\n")

    def _filled(self, lines: Lines) -> list[int]:
        return self._outline.filled(range(lines[0], lines[1] + 1))

    def _end(self, part: Lines) -> int | None:
        """Return the last line of a message but for one that asks for the answer."""
        outline = self._outline
        for number in reversed(self._filled(part)):
            asks = outline.is_intro(number) or number in outline.heading_lines
            if not asks and not outline.opens(number):
                split = any(first <= number < last for first, last in outline.whole)
                return None if split else number
        return None

    def _fits(self, lines: Lines, target: int) -> bool:
        """Say whether lines mean the same behind a later line."""
        outline = self._outline
        before, after = outline.next_filled(lines[0], -1), outline.next_filled(lines[1])
        dangling = after is not None and outline.is_delimiter(after)
        if dangling and (before is None or outline.is_delimiter(before)):
            return False
        passed = lines[1] + 1, target
        fixed = any(VALUE not in outline.masked[number] for number in self._filled(passed))
        # Behind nothing but other values nothing is gained.
        if not fixed and outline.words(passed) < _MANY:
            return False
        return self._reads_alike(lines, target) and evaluates_alike(outline, lines, target)

    def _reads_alike(self, lines: Lines, target: int) -> bool:
        """Say whether no word points from lines to what follows them, or from there to them."""
        outline = self._outline
        own = [outline.masked[n] for n in range(*_span(lines)) if not outline.is_intro(n)]
        passed = range(lines[1] + 1, target + 1)
        # Without words of its own it would be taken for the body of another heading.
        lost = not outline.speaks(lines) and not outline.heading_lines.isdisjoint(passed)
        if lost or any(map(_BEHIND.search, own)):
            return False
        section = takewhile(lambda number: number not in outline.heading_lines, passed)
        points = any(_BEFORE.search(outline.masked[number]) for number in section)
        return not (points and self._is_spoken_of)

    def _made(self, units: Sequence[Lines], target: int) -> Move:
        outline, at = self._outline, self._lines[target]
        taken = [self._taker.take(each, self._blanks(target)) for each in units]
        written = "".join(each.written for each in taken)
        if at.stop == at.end:
            written = taken[-1].line_end + written.removesuffix(taken[-1].line_end)
        left = {number: text for each in taken for number, text in each.left.items()}
        kept = [(n, left.get(n, line)) for n, line in enumerate(outline.lines)]
        head = [line for n, line in kept if n <= target and line is not None]
        tail = [line for n, line in kept if n > target and line is not None]
        moved = [line for each in taken for line in each.lines]
        fix = Fix(
            message=_message(taken),
            safety=Safety.UNSAFE,
            edits=(*(each.cut for each in taken), self._taker.edit(at.end, at.end, written)),
        )
        return Move(
            fix=fix,
            text="\n".join([*head, *moved, *tail]),
            is_plain=not any(map(self._is_cut, self._seams(units, target))),
            parts=sentences if any(each.is_part for each in taken) else whole_lines,
        )

    def _blanks(self, target: int) -> int:
        """Return how many blank lines are needed between the last line and what moves behind it."""
        outline = self._outline
        filled = outline.filled(range(len(outline.lines)))
        spaced = any(other - one > 1 for one, other in pairwise(filled))
        return int(spaced or any(item[0] <= target <= item[1] for item in outline.items))

    def _seams(self, units: Sequence[Lines], target: int) -> Iterator[int]:
        for first, last in units:
            yield self._outline.start(first)
            yield self._outline.start(self._taker.gap_end(first, last) + 1)
        yield self._outline.start(target + 1)

    def _is_cut(self, char: int) -> bool:
        """Say whether a tag removes the blanks around a character."""
        text = self._outline.text
        return any(
            (token.end <= char and token.trims_after and not text[token.end : char].strip())
            or (token.start >= char and token.trims_before and not text[char : token.start].strip())
            for token in self._outline.tokens
        )


def _span(lines: Lines) -> tuple[int, int]:
    return lines[0], lines[1] + 1


def _message(taken: Sequence[Taken]) -> str:
    count = sum(1 for each in taken for line in each.lines if line)
    if count > 1:
        return f"move {count} lines behind the fixed text"
    return f"move the {'sentence' if taken[0].is_part else 'line'} behind the fixed text"
