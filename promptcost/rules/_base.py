"""What a rule is, what it sees, and how findings are graded.

A rule sees a `Subject`: one template after rendering, reduced to `Cause` values.  A cause is one
kind of change together with the first place at which it reaches the prompt and what is lost there.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from promptcost.model.count import TokenCount
from promptcost.model.finding import Confidence, Excerpt, Finding, Fix, Related, Severity
from promptcost.model.span import Place
from promptcost.model.stability import Clock
from promptcost.rules._page import RulePage
from promptcost.templates.names import Kind
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

# No provider shares less than one increment of 128 tokens, so a shorter fixed text costs nothing.
INCREMENT = 128
# The usual shortest prefix that is cached at all.
USUAL_MINIMUM = 1_024
SMALL_SHARE = 0.1
HALF = 0.5
# A clock or an id in a system prompt also cuts off the conversation behind it, so little suffices.
SHORT = 32


class Via(StrEnum):
    """How a change reaches the prompt."""

    PRINTED = "printed"
    LOOP = "loop"
    CONDITION = "condition"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The first place at which one kind of change reaches the prompt.

    `clock` is the precision of a time.  `lost` are the tokens after the place that would otherwise
    stay shared, as far as their text is known; `expected` adds stand-ins of usual length for
    values nobody gave, and so do `longest`, the unbroken runs of it that can be moved, and
    `shareable`, the whole prompt: tokens good enough to grade by, not to be reported.
    `lines_after` counts template lines from the place to the last of the lost text.  `alone` are
    the runs up to where text of the request breaks the prefix anyway; None when that is `longest`
    too.
    `hidden_by` is an earlier place that already breaks the prefix at least as often, `coarser` are
    places of coarser clocks behind this one.
    """

    kind: Kind
    clock: Clock = Clock.NEVER
    via: Via = Via.PRINTED
    confidence: Confidence
    place: Place
    expression: str
    names: tuple[str, ...] = ()
    lost: TokenCount
    expected: int
    longest: int
    alone: int | None = None
    shareable: int
    lines_after: int = 0
    excerpt: Excerpt | None = None
    others: tuple[Place, ...] = ()
    coarser: tuple[Place, ...] = ()
    hidden_by: Place | None = None

    @property
    def own(self) -> int:
        """The tokens in one run that this change cuts off by itself."""
        return self.longest if self.alone is None else self.alone

    @property
    def share(self) -> float:
        """The lost part of what could be shared, from 0 to 1."""
        return self.expected / self.shareable if self.shareable else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """An iteration over a mapping of unknown making, or over the text of a set."""

    place: Place
    expression: str
    name: str


class Sign(StrEnum):
    """What the text of a template shows by itself, without rendering."""

    PLACEHOLDER = "placeholder"
    MISSING = "missing"
    CHARACTER = "character"
    ESCAPE = "escape"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A place in the template where its text shows a sign; `text` names what was seen."""

    sign: Sign
    place: Place
    text: str


class PlaceInPrompt(StrEnum):
    """Where a template stands in a prompt, as far as its name says."""

    SYSTEM = "system"
    APPENDED = "appended"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One template as rules see it."""

    path: str
    section: str = ""
    kind: SourceKind
    place_in_prompt: PlaceInPrompt = PlaceInPrompt.ANYWHERE
    causes: tuple[Cause, ...] = ()
    rewrites: tuple[Cause, ...] = ()
    turning: tuple[Cause, ...] = ()
    iterations: tuple[Iteration, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def costly(self) -> tuple[Cause, ...]:
        """The causes that lose enough to be worth a word.

        What is appended to a conversation stands behind all of it and is never a prefix.
        """
        if self.place_in_prompt is PlaceInPrompt.APPENDED:
            return ()
        return tuple(cause for cause in self.causes if cause.longest >= SHORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A template that shows a rule; ``«`` and ``»`` enclose the expected place and are removed.

    `contexts` is the text of a context file; without it values are synthesised.  `suffix` is that
    of the file.
    """

    template: str
    contexts: str = ""
    suffix: str = ".j2"

    @property
    def text(self) -> str:
        """The template without the marks."""
        return re.sub("[«»]", "", self.template)

    @property
    def marked(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The 1-based (line, column) at which the expected place starts, and where it ends."""
        head, _, rest = self.template.partition("«")
        inside = head + rest.partition("»")[0]
        return _position(head), _position(inside)


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class Rule(RulePage, ABC):
    """A cause of cache loss that shows in a template; the docstring is its page."""

    bad: ClassVar[tuple[Example, ...]]
    good: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the findings of this rule in one template."""

    def finding(
        self,
        cause: Cause,
        severity: Severity,
        message: str,
        repair: str,
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding about a cause, with its other places."""
        more = tuple(
            Related(place=place, message="printed here too", is_same_cause=True)
            for place in cause.others
        )
        hidden = cause.hidden_by
        if hidden is not None:
            place = Related(place=hidden, message="already breaks the prefix further up")
            more = (place, *more)
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity,
            confidence=cause.confidence,
            place=cause.place,
            message=message,
            help=repair,
            expression=cause.expression,
            tokens_at_risk=cause.lost,
            related=more,
            excerpt=cause.excerpt,
            fix=fix,
        )

    def remark(self, place: Place, message: str, repair: str, expression: str = "") -> Finding:
        """Return a note about a place that costs nothing by itself."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=Severity.NOTE,
            confidence=Confidence.SUSPECTED,
            place=place,
            message=message,
            help=repair,
            expression=expression,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How a rule grades: the fewest lost tokens that count, and the highest grade it may give."""

    least: int
    most: Severity = field(default=Severity.HIGH)


def grade(cause: Cause, scale: Scale) -> Severity:
    """Return the severity of a cause by what it costs.

    Labels scattered between values are no text that could be moved, so unbroken runs count.
    Below the scale's least number of tokens, or where the loss is a small share of a
    prompt and less than the usual minimum, nothing worth a warning is lost.  A scale below one
    increment is for what a change cuts off by itself: behind text of the request an increment
    counts, whatever stands in front of it.
    """
    lost = cause.expected
    too_short = cause.own < scale.least and cause.longest < max(scale.least, INCREMENT)
    if too_short or (lost < USUAL_MINIMUM and cause.share < SMALL_SHARE):
        return Severity.NOTE
    if cause.hidden_by is not None:
        worth = lost >= 4 * INCREMENT and scale.most > Severity.LOW
        return Severity.LOW if worth else Severity.NOTE
    if lost >= USUAL_MINIMUM:
        return scale.most
    long_enough = lost >= 2 * INCREMENT and cause.share >= HALF
    return min(
        Severity.MEDIUM if long_enough or lost >= 4 * INCREMENT else Severity.LOW, scale.most
    )


def tokens(count: TokenCount) -> str:
    """Return a count with its unit: ``1,234 tokens``, ``≈1,240 tokens``."""
    return f"{count} tokens"


def fixed_text(count: TokenCount) -> str:
    """Return what stands behind a place: ``≈1,240 tokens of text that stays the same``."""
    return f"{tokens(count)} of text that stays the same"


def lines(number: int) -> str:
    """Return a number of lines in words."""
    return "1 line" if number == 1 else f"{number} lines"
