"""PC110: a condition that turns between requests, before fixed text.  Source: pandasai, nanobot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules._base import (
    INCREMENT,
    Example,
    PlaceInPrompt,
    Rule,
    Scale,
    Via,
    fixed_text,
    grade,
)
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Cause, Subject

_RULES = "Name the sources you used and say which of them you trust the least, and why. " * 12


class TurningCondition(Rule):
    """A condition that turns between requests changes the text before a part that stays the same.

    What: ``{% if history %}`` or ``{% if attempts > 1 %}`` prints other text in the first turn than
    in later ones, in front of fixed text.  Conditions on settings keep their outcome and are fine.

    Why: the first request writes a prefix that no later one reads.

    Repair: move the condition behind the fixed text, or print the same words in both cases.

    Providers: the same for all.

    Source: a released data analysis agent whose system message changes after the first turn.
    """

    code, name = "PC110", "turning-condition"
    bad = (
        Example(template=f"«{{% if summary %}}»Go on.{{% else %}}Begin.{{% endif %}}\n{_RULES}"),
        Example(template=f"«{{% if attempt > 1 %}}»This is a retry.{{% endif %}}\n{_RULES}"),
    )
    good = (
        Example(template=f"{_RULES}\n{{% if summary %}}Go on.{{% else %}}Begin.{{% endif %}}"),
        Example(template=f"{{% if add_rules %}}Mind the rules.{{% endif %}}\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the condition that costs most."""
        for cause in sorted(subject.turning, key=lambda cause: -cause.lost.value)[:1]:
            severity = grade(cause, Scale(least=INCREMENT, most=Severity.LOW))
            grows = _is_system(subject) and cause.kind in _GROWING and not _is_shown(cause, subject)
            if grows:
                lost = "the whole conversation behind the system message misses when it does"
                yield self.finding(cause, Severity.LOW, f"{_TURNS}; {lost}", _HELP)
            elif severity and cause.hidden_by is None:
                lost = f"{fixed_text(cause.lost)} behind it then misses"
                yield self.finding(cause, severity, f"{_TURNS}; {lost}", _HELP)


def _is_system(subject: Subject) -> bool:
    return subject.place_in_prompt is PlaceInPrompt.SYSTEM


def _is_shown(cause: Cause, subject: Subject) -> bool:
    """Say whether a condition only asks for a text that is printed too: every turn changes that."""
    asked = _ASKED.fullmatch(cause.expression)
    return asked is not None and any(
        asked[1] in shown.names and shown.via in {Via.PRINTED, Via.LOOP} for shown in subject.causes
    )


# What is retrieved for one request may stand at the end of a system message that it answers.
_GROWING = frozenset({Kind.HISTORY, Kind.COUNTER})
# ``if history``, and not ``if memory.count() > 1``: that turns at some turn of the conversation.
_ASKED = re.compile(r"(?:el)?if\s+([\w.]+)(?:\s+is\s+(?:defined|not\s+none)|\s*!=\s*['\"]{2})?")
_TURNS = "this condition turns between requests"
_HELP = "move it after the fixed text, or print the same words in both cases"
