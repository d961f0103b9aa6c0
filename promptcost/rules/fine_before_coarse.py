"""PC112: a finer time before a coarser one.  Source: home-assistant/core#165136."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class FineBeforeCoarse(Rule):
    """The time of day stands in front of the date in the same line.

    What: a line prints a finer part of the clock first and a coarser one after it.

    Why: the coarser part could stay cached until it changes, but stands behind what changes sooner.
    It is a few tokens, hence a note.

    Repair: print the date, then the time.

    Providers: matters where prefixes are shared to the token (OpenAI, Gemini, vLLM).

    Source: home-assistant/core#165136.
    """

    code, name = "PC112", "fine-before-coarse"
    bad = (Example(template="It is «{{ now.strftime('%H:%M') }}» on {{ today }}."),)
    good = (
        Example(template="It is {{ today }}, {{ now.strftime('%H:%M') }}."),
        Example(template="It is {{ now.strftime('%H:%M') }}.\nThe day: {{ today }}."),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the finer time."""
        for cause in subject.causes:
            behind = [p for p in cause.coarser if p.start_line == cause.place.start_line]
            if cause.kind is Kind.TIME and behind:
                message = "a finer time stands in front of a coarser one"
                repair = "print the date first, then the time"
                yield self.remark(cause.place, message, repair, cause.expression)
