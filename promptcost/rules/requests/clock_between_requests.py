"""PC202: a clock differs between two requests.  Source: about 35 public bug reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.model.finding import Severity
from promptcost.model.stability import Clock
from promptcost.rules.requests._base import (
    BETWEEN,
    RequestExample,
    RequestRule,
    general,
    grade_break,
    is_payload,
    sighting,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt, user
from promptcost.rules.requests._facts import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter

_FINEST = (Clock.SECOND, Clock.MINUTE, Clock.HOUR)


class ClockBetweenRequests(RequestRule):
    """A time or date in the prompt is another one in the next request.

    What: in the first block that differs between two requests of one program, a time or a date is
    another one, be it ISO, in words, with or without a clock, or an epoch. The finest step that is
    printed decides what it costs. Seconds never hit, minutes hit within the minute, a date misses
    once after midnight. A clock in the newest question alone is payload and left alone.

    Why: a provider reads back only the unchanged beginning of a prompt. Everything behind the
    clock, tools and history included, is computed and billed again.

    Repair: put the time into the newest user message, or offer a tool that tells it; if the day
    is enough, print the day, and print it behind everything that stays.

    Providers: the same for all; where marks can be set, set one in front of the clock.

    Source: HKUDS/nanobot#226, anomalyco/opencode#32622 (day), abstxn/lunch-uncle#6,
    home-assistant/core#134847.
    """

    code, name = "PC202", "clock-between-requests"
    bad = (
        RequestExample(
            requests=(
                gpt(f"It is 2026-03-02T10:15:00Z. {MANUAL}", *FIRST),
                gpt(f"It is 2026-03-02T10:16:09Z. {MANUAL}", *ROUND),
            ),
            path="messages[0].content",
            line=2,
        ),
        RequestExample(
            requests=(
                gpt(MANUAL, user("Today is Friday, 20 November 2026."), user("How many?")),
                gpt(MANUAL, user("Today is Saturday, 21 November 2026."), user("How many?")),
            ),
            path="messages[1].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(MANUAL, user("It is 10:15:00. First question?")),
                gpt(MANUAL, user("It is 10:16:09. First question?")),
            )
        ),
        RequestExample(
            requests=(
                gpt(f"Born in 2026-03-02. {MANUAL}", *FIRST),
                gpt(f"Born in 2026-03-02. {MANUAL}", *ROUND),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first clock that moved."""
        for parted in encounter.breaks:
            if parted.moved(ValueKind.TIME) and not is_payload(parted):
                clock = _clock(parted)
                key = f"{clock} {general(parted.difference.json_path)}"
                yield sighting(parted, key, _severity(parted, clock), _said(parted, clock), _HELP)


_HELP = (
    "put the time into the newest user message, or behind everything that stays the same; if the"
    " day is enough, print only the day"
)


def _clock(parted: Break) -> Clock:
    shown = {value.clock for value in parted.values if value.kind is ValueKind.TIME}
    return next((clock for clock in _FINEST if clock in shown), Clock.DAY)


def _severity(parted: Break, clock: Clock) -> Severity:
    if clock is Clock.DAY:
        return Severity.LOW
    return max(grade_break(parted), Severity.LOW)


def _said(parted: Break, clock: Clock) -> str:
    where = parted.difference.json_path
    lost = f"{tokens(parted.lost)} behind it"
    between = BETWEEN[parted.relation]
    match clock:
        case Clock.SECOND:
            return f"the time to the second in {where} differs {between}; {lost} never hit"
        case Clock.MINUTE | Clock.HOUR:
            return (
                f"the time in {where} differs {between}; {lost} miss whenever the {clock} changes"
            )
        case Clock.DAY | Clock.DEPLOY | Clock.NEVER:
            return f"the date in {where} differs {between}; {lost} miss once after midnight"
        case _:
            assert_never(clock)
