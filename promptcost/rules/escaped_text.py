"""PC116: text escaped for HTML.  Source: topoteretes/cognee#4115, ChicagoHAI/NeuriCo#100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class EscapedText(Rule):
    """Values are escaped for HTML on their way into the prompt.

    What: autoescape is on, or an expression goes through ``e``, ``escape`` or ``urlize``.

    Why: quotes and apostrophes turn into entities such as ``&#39;``: more tokens, and other bytes
    than the same text printed without.  It costs nothing as long as every copy does it.

    Repair: turn autoescape off for prompts.

    Providers: the same for all.

    Source: topoteretes/cognee#4115, ChicagoHAI/NeuriCo#100.
    """

    code, name = "PC116", "escaped-text"
    bad = (Example(template="Asked: «{{ question | e }}»"),)
    good = (Example(template="Asked: {{ question | trim }} {{ e }} {{ escape_rules }}"),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first escaped value."""
        found = [remark for remark in subject.remarks if remark.sign is Sign.ESCAPE]
        for remark in found[:1]:
            message = f"values are escaped for HTML ({remark.text})"
            yield self.remark(remark.place, message, "turn escaping off for prompts", remark.text)
