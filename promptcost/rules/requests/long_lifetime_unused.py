"""PC234: an hour is paid where five minutes are enough.  Source: Anthropic's price list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import (
    LONG_MARK,
    MANUAL,
    SHORT_MARK,
    at,
    claude,
    text,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts

_FEW = 5
_SHORT, _LONG = [text(MANUAL, SHORT_MARK)], [text(MANUAL, LONG_MARK)]
_TIMES = [f"2026-03-02T10:{minute:02}:00Z" for minute in range(0, 18, 3)]
_QUESTIONS = [user(f"Question {letter}?") for letter in "abcdef"]


class LongLifetimeUnused(RequestRule):
    """Marks of one hour are paid for where requests follow within five minutes.

    What: requests ask for a lifetime of an hour, but every gap that was seen is under five
    minutes. A mark on tools and system text alone is for conversations that come later, so it takes
    several of them to judge it.

    Why: writing for an hour costs twice the input price, writing for five minutes 1.25 times, and
    each read renews the entry for free. The longer life buys nothing here.

    Repair: leave `ttl` out. Keep the hour on parts that conversations hours apart share.

    Providers: Claude. At others a lifetime costs nothing extra, or the difference is their own.

    Source: Anthropic's price list and prompt caching guide.
    """

    code, name = "PC234", "long-lifetime-unused"
    bad = (
        RequestExample(
            requests=tuple(
                at(time, claude(_LONG, one)) for time, one in zip(_TIMES, _QUESTIONS, strict=True)
            ),
            path="model",
        ),
    )
    good = (
        RequestExample(
            requests=tuple(
                at(time, claude(_SHORT, one)) for time, one in zip(_TIMES, _QUESTIONS, strict=True)
            )
        ),
    )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program that pays for an hour and never uses it."""
        gaps, where = facts.gaps, facts.hour_first
        if where is None or facts.hour_tokens is None:
            return
        if gaps.known < _FEW or gaps.short < gaps.known:
            return
        if not facts.hour_moves and facts.conversations < _FEW:
            return
        yield Sighting(
            key="hour",
            where=where,
            json_path="model",
            severity=min(grade(facts.hour_tokens.value), Severity.MEDIUM),
            message=(
                f"{facts.hour_marks} requests pay for entries of an hour, but all {gaps.known} gaps"
                f" are under 5m; {tokens(facts.hour_tokens)} a request are written at twice the"
                " input price instead of 1.25 times"
            ),
            repair=_HELP,
            lost=facts.hour_tokens,
        )


_HELP = "leave the ttl out where requests follow within five minutes"
