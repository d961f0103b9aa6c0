"""PC115: characters that look like others.  No public report of a cache miss caused by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class OddCharacters(Rule):
    """The text holds characters that editors and copies like to change.

    What: no-break or zero-width characters, blanks at line ends, carriage returns, letters that are
    not in composed form.

    Why: they are constant and cost nothing as long as every copy of the prompt has them.  Two
    copies that differ only there share nothing behind the first one.

    Repair: none is needed; let one tool write all copies.

    Providers: the same for all.

    Source: counts over released prompt templates; continuedev/continue#12588 (line ends).
    """

    code, name = "PC115", "odd-characters"
    bad = (
        Example(template="Be\u200b brief.".replace("\u200b", "«»\u200b")),
        Example(template="Be brief.«»  \nBe kind."),
        Example(template="«»Be brief, cafe\u0301."),
    )
    good = (Example(template="Be brief, “kind” and naïve - always…\n\nBe fair.\n"),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first of each sort."""
        for remark in subject.remarks:
            if remark.sign is Sign.CHARACTER:
                message = f"the text holds {remark.text}, which editors and copying may change"
                yield self.remark(remark.place, message, "let one tool write all copies")
