"""PC101: a clock before fixed text.  Source: about 35 public bug reports, first among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.model.finding import Severity
from promptcost.model.stability import Clock
from promptcost.rules._base import HALF, INCREMENT, SHORT, Example, Rule, Scale, fixed_text, grade
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Cause, Subject

_MANUAL = "Follow the manual below, step by step, and quote the step you used in every answer. " * 6


class ClockInPrefix(Rule):
    """The current time or date is printed before text that stays the same.

    What: an expression whose value follows the clock (``now``, ``current_time``, ``strftime_now``)
    stands in front of fixed text.  The precision decides the cost: a second never hits, a minute
    hits within the minute, a day misses once after midnight.  A date with a constant default, such
    as a knowledge cut-off, is not a clock.

    Why: providers cache the longest unchanged beginning of a prompt.  Everything behind the first
    byte that moved is computed and billed again.

    Repair: print the time in the newest user message, or at the very end; if the model only needs
    the day, print the day.  A tool that returns the time costs nothing until it is called.

    Providers: the same for all; where a breakpoint can be set (Anthropic, OpenAI from 5.6), set it
    in front of the clock.

    Source: HKUDS/nanobot#226, dimagi/open-chat-studio#3625 (repaired: day in the prompt, time in
    the newest turn), home-assistant/core#134847, anomalyco/opencode#32622 (day precision).
    """

    code, name = "PC101", "clock-in-prefix"
    bad = (
        Example(template=f"You help.\nNow: «{{{{ current_time }}}}».\n{_MANUAL}"),
        Example(template=f"{{% set day = today %}}\nToday is «{{{{ day }}}}».\n{_MANUAL}"),
        Example(
            template=f"Started «{{{{ stamp }}}}».\n{_MANUAL}",
            contexts="{contexts: {a: {stamp: 2026-01-05 09:30}}, varies: {stamp: minute}}",
        ),
    )
    good = (
        Example(template=f"You help.\n{_MANUAL}\nNow: {{{{ current_time }}}}."),
        Example(template=f"Knowledge cutoff: {{{{ knowledge_cutoff }}}}.\n{_MANUAL}"),
        Example(template=f"Due: {{{{ ticket.due_date }}}} {{{{ runtime }}}}\n{_MANUAL}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first clock and what its precision costs."""
        for cause in subject.costly:
            if cause.kind is Kind.TIME:
                yield self.finding(cause, _severity(cause), _message(cause), _HELP)


_HELP = (
    "print the time after the fixed text, best in the newest user message;"
    " if only the day matters, print the day"
)


def _severity(cause: Cause) -> Severity:
    if cause.clock in {Clock.DAY, Clock.HOUR}:  # a short text costs nothing that seldom
        return grade(cause, Scale(least=INCREMENT, most=Severity.MEDIUM))
    if cause.clock is Clock.DEPLOY:
        return grade(cause, Scale(least=SHORT, most=Severity.MEDIUM))
    severity = grade(cause, Scale(least=SHORT))
    # A clock that never lets the prompt hit makes whatever follows it, the conversation, miss too.
    breaks_all = severity and cause.share >= HALF and cause.hidden_by is None
    return max(severity, Severity.MEDIUM) if breaks_all else severity


def _message(cause: Cause) -> str:
    behind = fixed_text(cause.lost)
    match cause.clock:
        case Clock.SECOND:
            return f"the time to the second is printed before {behind}: it never hits the cache"
        case Clock.MINUTE:
            return (
                f"the time to the minute is printed before {behind}: it misses in every new minute"
            )
        case Clock.HOUR:
            return f"the hour is printed before {behind}: it misses when the hour changes"
        case Clock.DEPLOY:
            return (
                f"the time at which the process started is printed before {behind}"
                ": it misses after every restart and differs between workers"
            )
        case Clock.DAY | Clock.NEVER:
            return f"the date is printed before {behind}: it misses at midnight"
        case _:
            assert_never(cause.clock)
