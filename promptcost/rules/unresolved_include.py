"""PC114: an include that cannot be followed.  Source: 14 of 1,129 released templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class UnresolvedInclude(Rule):
    """An include or import cannot be followed, so the template was only audited in part.

    What: the named file is missing, lies outside the audited directory, or the name is computed.

    Why: what it prints is not part of the figures.

    Repair: audit from the directory that holds it; write the name out.

    Providers: the same for all.

    Source: counts over released prompt templates.
    """

    code, name = "PC114", "unresolved-include"
    bad = (Example(template="{% «»include 'nowhere.j2' %}fixed"),)
    good = (Example(template="{% macro a() %}x{% endmacro %}{{ a() }}"),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield every include that was not found."""
        for remark in subject.remarks:
            if remark.sign is Sign.MISSING:
                yield self.remark(
                    remark.place, remark.text, "audit from the directory that holds it"
                )
