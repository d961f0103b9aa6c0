"""PC102: an identifier or a random value before fixed text.  Source: 12 public bug reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules._base import SHORT, Example, Rule, Scale, fixed_text, grade
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_RULES = "Answer in the language of the question and cite the paragraph that supports it. " * 12
_WHAT = {
    Kind.ID: "an identifier that changes with every request",
    Kind.RANDOM: "a random value",
    Kind.SESSION: "an identifier of the session",
}


class IdInPrefix(Rule):
    """An identifier, hash, nonce or numbered link is printed before text that stays the same.

    What: an expression such as ``request_id``, ``uuid4()``, ``issue.url`` or ``session_id`` stands
    in front of fixed text.  Names like ``primary_key`` or ``add_vision_id`` are settings, and the
    id of a tool or a model stays the same; that of an agent is often made when it starts.

    Why: the model seldom needs the identifier at that place, and every new one makes the text
    behind it a new prefix that is written to the cache and never read.

    Repair: remove it, or print it behind the fixed text.  A random fence against prompt injection
    is a deliberate trade: keep it for the session and behind the fixed text.

    Providers: the same for all.

    Source: anthropics/claude-code#68900, openclaw/openclaw#19014, margince/margince#264 (fence).
    """

    code, name = "PC102", "id-in-prefix"
    bad = (
        Example(template=f"Request «{{{{ request_id }}}}».\n{_RULES}\n{{{{ question }}}}"),
        Example(template=f"<fence-«{{{{ nonce }}}}»>\n{_RULES}"),
        Example(template=f"Log of «{{{{ session_id }}}}»\n{_RULES}"),
    )
    good = (
        Example(template=f"{_RULES}\nRequest {{{{ request_id }}}}."),
        Example(template=f"Key {{{{ table.primary_key }}}} {{{{ tool.id }}}}\n{_RULES}"),
        Example(template=f"{{% if add_vision_id %}}Number pictures.{{% endif %}}\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first identifier of each kind."""
        for cause in subject.costly:
            if cause.kind in _WHAT:
                most = Severity.MEDIUM if cause.kind is Kind.SESSION else Severity.HIGH
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=SHORT, most=most)),
                    f"{_WHAT[cause.kind]} is printed before {fixed_text(cause.lost)}",
                    "remove it, or print it after the fixed text",
                )
