"""PC103: text about the user or tenant before shared text.  Source: dust-tt/dust#28420."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Confidence, Severity
from promptcost.rules._base import INCREMENT, Example, Rule, Scale, grade, tokens
from promptcost.templates.names import Kind, may_be_of_one_company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Cause, Subject

_RULES = "Be brief and polite, and never promise a refund before the order was found. " * 12
_WHO = {Kind.USER: ("user", Severity.MEDIUM), Kind.TENANT: ("tenant", Severity.LOW)}


class UserTextInPrefix(Rule):
    """A name, profile, locale or other text of one user or tenant stands before shared text.

    What: an expression such as ``user.name``, ``locale`` or ``company_name`` stands in front of
    text that is the same for everybody.

    Why: the shared text is then cached once for every user, and each user pays to write it.  For a
    user with many requests in a row that is one miss; for many users with few it is most of them.
    A ``company_name`` alone is a note, for most programs serve one company; a ``tenant_id``, or
    contexts that differ in it, tell of several.

    Repair: put what all users share first and what one user needs after it.

    Providers: caches are never shared between organisations; inside one they are, for most.

    Source: dust-tt/dust#28420, open-webui/open-webui#30239.
    """

    code, name = "PC103", "user-text-in-prefix"
    bad = (
        Example(template=f"You talk to «{{{{ user.name }}}}».\n{_RULES}"),
        Example(
            template=f"Plan: «{{{{ plan }}}}».\n{_RULES}",
            contexts="{contexts: {a: {plan: pro}, b: {plan: free}}, varies: {plan: tenant}}",
        ),
    )
    good = (
        Example(template=f"{_RULES}\nYou talk to {{{{ user.name }}}}."),
        Example(template=f"You are {{{{ name }}}}, the voice of {{{{ product }}}}.\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first text of a user, and of a tenant."""
        for cause in subject.costly:
            if cause.kind in _WHO:
                who, most = _WHO[cause.kind]
                most = Severity.NOTE if _may_be_one(cause) else most
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=INCREMENT, most=most)),
                    f"text of one {who} stands before {tokens(cause.lost)} that all {who}s share",
                    f"print what belongs to one {who} after the shared text",
                )


def _may_be_one(cause: Cause) -> bool:
    """Say whether nothing tells that there is more than one tenant."""
    if cause.kind is not Kind.TENANT or cause.confidence is not Confidence.SUSPECTED:
        return False
    return all(map(may_be_of_one_company, cause.names))
