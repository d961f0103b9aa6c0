"""PC109: a counter before fixed text.  Source: bubbuild/bub#76, mindsdb/anton#467."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import SHORT, Example, Rule, Scale, fixed_text, grade
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_RULES = "Plan the next step, say why, and stop as soon as the goal is reached. " * 12


class CounterInPrefix(Rule):
    """A counter, a remaining budget or a relative age is printed before text that stays the same.

    What: an expression such as ``step_number``, ``remaining_tokens`` or ``elapsed_seconds`` stands
    in front of fixed text.  Limits that never move (``max_steps``, ``step_limit``) are settings.

    Why: it is another number in every turn, so no turn shares anything behind it with the last.

    Repair: print it in the newest message; write absolute times instead of ages.

    Providers: the same for all.

    Source: bubbuild/bub#76 (token counter), mindsdb/anton#467 ("4m old"), mozilla-ai/clawbolt#1404
    (absolute stamps, stable).
    """

    code, name = "PC109", "counter-in-prefix"
    bad = (Example(template=f"Step «{{{{ step_number }}}}» of {{{{ max_steps }}}}.\n{_RULES}"),)
    good = (
        Example(template=f"{_RULES}\nStep {{{{ step_number }}}} of {{{{ max_steps }}}}."),
        Example(template=f"At most {{{{ step_limit }}}} steps for {{{{ country }}}}.\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first counter."""
        for cause in subject.costly:
            if cause.kind is Kind.COUNTER:
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=SHORT)),
                    f"a counter is printed before {fixed_text(cause.lost)}:"
                    " it misses with every turn",
                    "print it in the newest message",
                )
