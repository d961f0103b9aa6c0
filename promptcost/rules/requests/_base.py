"""What a rule about recorded requests is, what it sees, and how it grades.

A rule sees an `Encounter`: one request, the requests it could share a prefix with, and where it
parts from them; and at the end of a file the `ProgramFacts` of every prompt builder in it.  What it
has to say is a `Sighting`; equal sightings of a file become one finding.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from promptcost.model.count import TokenCount
from promptcost.model.finding import Confidence, Excerpt, Severity
from promptcost.model.prompt import Role
from promptcost.model.series_report import Relation
from promptcost.rules._page import RulePage
from promptcost.wire import Change, WireRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import (
        Break,
        Encounter,
        ProgramFacts,
        Terms,
    )

# No provider shares less than one increment of 128 tokens.
INCREMENT = 128
# The usual shortest prefix that is cached at all.
USUAL_MINIMUM = 1_024
# Little suffices in front of what a conversation will add.
SHORT = 32
QUARTER = USUAL_MINIMUM // 4
_REFUSING = frozenset({"anthropic", "bedrock", "foundry", "openrouter", "vertex"})
_CUT = r"\1…"
_LONG = re.compile(r"([^\"\\\\]{24})[^\"\\\\]{40,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExample:
    """A file of recorded requests, one a line, that shows a rule.

    `path` and `line` say where the finding of a bad example must stand.
    """

    requests: tuple[str, ...]
    path: str = ""
    line: int = 1

    @property
    def data(self) -> bytes:
        """The file."""
        return "".join(f"{request}\n" for request in self.requests).encode()

    @property
    def text(self) -> str:
        """The requests as people read them: a line for each part, long texts cut."""
        numbered = enumerate(self.requests, start=1)
        return "".join(f"request {n}\n{_shown(json.loads(one))}" for n, one in numbered)


def _shown(body: dict[str, object]) -> str:
    lines = []
    for key, value in body.items():
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, part in parts:
            path = key if number is None else f"{key}[{number}]"
            lines.append(f"  {path}: {_LONG.sub(_CUT, json.dumps(part))}\n")
    return "".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One time that a rule saw its cause.

    Sightings of a file with the same `key` are one finding; `where` and `json_path` place it.
    `lost` are the tokens that this costs the request.
    """

    key: str
    where: WireRequest
    json_path: str
    severity: Severity
    message: str
    repair: str
    confidence: Confidence = Confidence.CONFIRMED
    lost: TokenCount | None = None
    excerpt: Excerpt | None = None
    against: WireRequest | None = None


class RequestRule(RulePage):
    """A cause of cache loss that shows in recorded requests; the docstring is its page."""

    bad: ClassVar[tuple[RequestExample, ...]]
    good: ClassVar[tuple[RequestExample, ...]]

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield what shows in one request."""
        del encounter
        return iter(())

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield what shows only in all requests of one program."""
        del facts
        return iter(())


def grade(tokens: int) -> Severity:
    """Return the severity of losing so many tokens per request."""
    if tokens >= USUAL_MINIMUM:
        return Severity.HIGH
    if tokens >= QUARTER:
        return Severity.MEDIUM
    return Severity.LOW if tokens >= INCREMENT else Severity.NOTE


def grade_break(parted: Break) -> Severity:
    """Return the severity of a break by what it loses, and how it will grow.

    What parts in front of an answer is lost again in every later turn, and a few words in front of
    shared text cut off all that follows, so neither is a mere note.  What is not long enough to be
    cached loses nothing yet.
    """
    severity = grade(parted.lost.value)
    if parted.below_minimum:
        severity = min(severity, Severity.LOW)
    again = parted.relation is Relation.TURN and parted.in_history
    return max(severity, Severity.LOW) if again or parted.lost.value >= SHORT else severity


def sighting(parted: Break, key: str, severity: Severity, message: str, repair: str) -> Sighting:
    """Return a sighting at the place where two prompts part."""
    found = parted.difference
    return Sighting(
        key=key,
        where=parted.now,
        json_path=found.json_path,
        severity=severity,
        message=message,
        repair=repair,
        lost=parted.lost,
        excerpt=Excerpt(was=found.was, now=found.now),
        against=parted.was,
    )


def general(json_path: str) -> str:
    """Return a path without the numbers of its elements, to tell like places from others."""
    return re.sub(r"\[\d+\]", "[]", json_path)


def tool_names(request: WireRequest) -> list[str]:
    """Return the names of the tools in the order of the request."""
    return [block.name for block in request.blocks if block.role is Role.TOOLS]


def in_tool_list(parted: Break) -> bool:
    """Say whether two prompts part in their lists of tools."""
    if parted.difference.change is Change.MODEL:
        return False
    longest = max(len(tool_names(parted.was)), len(tool_names(parted.now)))
    return parted.difference.block < longest


def in_system(parted: Break) -> bool:
    """Say whether two prompts part in the system text before the first message."""
    if parted.difference.change is Change.MODEL or in_tool_list(parted):
        return False
    return parted.in_head


def is_payload(parted: Break) -> bool:
    """Say whether two conversations part in their newest question, with little behind it."""
    if parted.relation is Relation.TURN or parted.in_head:
        return False
    return parted.newest and parted.lost.value < INCREMENT


def tokens(count: TokenCount) -> str:
    """Return a count with its unit: ``1,234 tokens``, ``≈1,240 tokens``."""
    return f"{count} tokens"


def refusal(terms: Terms) -> Confidence | None:
    """Say how sure it is that wrong marks make the provider refuse a request; None: it does not.

    Every host of Claude refuses; of an unknown provider that is addressed with marks it is likely.
    """
    if not terms.provider:
        return Confidence.SUSPECTED
    return Confidence.CONFIRMED if terms.provider in _REFUSING else None


def again(parted: Break) -> str:
    """Return what a break costs in words: ``1,234 tokens are computed again``."""
    if parted.lost.value:
        return f"{tokens(parted.lost)} are computed again"
    return "it costs nothing only because nothing behind it is cached yet"


BETWEEN = {
    Relation.TURN: "from one turn to the next",
    Relation.CONVERSATION: "from one conversation to the next",
    Relation.USER: "from user to user",
    Relation.DAY: "from day to day",
    Relation.FILE: "from one file to the other",
}
