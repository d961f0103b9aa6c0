"""PC108: text about machine or directory before shared text.  Source: claude-code#92524."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules._base import INCREMENT, Example, Rule, Scale, grade, tokens
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_RULES = "Read a file before you edit it and run the tests before you say that it works. " * 24


class EnvironmentInPrefix(Rule):
    """The working directory, branch, listing or kernel stands before text that all sessions share.

    What: an expression such as ``cwd``, ``git_branch``, ``directory_listing`` or ``os_version``
    stands in front of fixed text.

    Why: it stays the same within a session but is another in the next checkout, so each session
    writes the shared text to the cache again.

    Repair: print it behind the fixed text, or in the first user message.

    Providers: the same for all.

    Source: anthropics/claude-code#92524 (the only difference between sessions).
    """

    code, name = "PC108", "environment-in-prefix"
    bad = (Example(template=f"You work in «{{{{ working_dir }}}}».\n{_RULES}"),)
    good = (
        Example(template=f"{_RULES}\nYou work in {{{{ working_dir }}}}."),
        Example(template=f"You are {{{{ model }}}}, version {{{{ version }}}}.\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first text of the environment."""
        for cause in subject.costly:
            if cause.kind is Kind.ENVIRONMENT:
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=2 * INCREMENT, most=Severity.LOW)),
                    f"text of one machine or checkout is printed before {tokens(cause.lost)}"
                    " that all sessions share",
                    "print it after the shared text, or in the first user message",
                )
