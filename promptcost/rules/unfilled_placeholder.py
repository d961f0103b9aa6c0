"""PC113: a placeholder of another template language.  Source: smolagents, OpenHands, distilabel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import Example, Rule, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject


class UnfilledPlaceholder(Rule):
    """A placeholder is written in the braces of another language and is never filled.

    What: ``{name}`` in a Jinja template reaches the model as it is.  Some prompts mean it
    literally, hence a note.

    Why: it costs nothing, but the model reads the braces instead of the value.

    Repair: write it in the braces of the file's own language.

    Providers: the same for all.

    Source: huggingface/smolagents (``{remaining_steps}``), bytedance/deer-flow.
    """

    code, name = "PC113", "unfilled-placeholder"
    bad = (
        Example(template="You have «{remaining_steps}» steps for {{ task }}."),
        Example(template="Use «{tool_names}» in at most {{limit}} steps.", suffix=".txt"),
    )
    good = (
        Example(template='{{ task }} as {"a": 1}, ${HOME}, {{ "{x}" }}{# {y} #} or {a, b}'),
        Example(
            template="Use {tool_names}, in the form {{'input': 'x'}}, as the user asked.",
            suffix=".txt",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield every placeholder of the other kind, once by name."""
        seen = set()
        for remark in subject.remarks:
            if remark.sign is Sign.PLACEHOLDER and remark.text not in seen:
                seen.add(remark.text)
                message = f"{remark.text} is not a placeholder here and reaches the model as it is"
                yield self.remark(
                    remark.place, message, "write it in the braces of this file", remark.text
                )
