"""PC107: a later turn renders earlier messages otherwise.  Source: QwenLM/Qwen3#1826."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules._base import Example, Rule, Scale, Via, grade, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_HEAD = "{% for message in messages %}<{{ message.role }}>"
_TAIL = "{{ message.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
_THINK = "{{ message.reasoning_content }}"
_RECENT = f"«{{% if loop.index0 > messages|length - 3 %}}»{_THINK}{{% endif %}}"


class HistoryRewritten(Rule):
    """The prompt of one turn is not the beginning of the prompt of the next.

    What: a conversation is rendered with n messages and again with the next round appended; the
    first rendering must be a prefix of the second.  Reasoning that is shown while it is recent and
    dropped later, or a window that slides, rewrites what was already cached.

    Why: an agent sends its whole history with every step.  When an early part of it changes, all
    that follows is computed again, in every step.

    Repair: render a message the same way for as long as it is in the prompt: keep the reasoning, or
    never print it; drop old messages rarely and in large pieces instead of one with every turn.

    Providers: the same for all; servers that render the template themselves (vLLM, SGLang) show it
    as a low prefix hit rate.

    Source: QwenLM/Qwen3#1826 (repaired in #1901), QwenLM/qwen-code#8463 (5.4 % against 99.9 %).
    """

    code, name = "PC107", "history-rewritten"
    bad = (
        Example(
            template=_HEAD + _RECENT + _TAIL,
        ),
        Example(
            template="{% for message in messages[-3:] %}\n«{{ message.content }}»\n{% endfor %}",
        ),
    )
    good = (
        Example(template=_HEAD + _TAIL),
        Example(template=_HEAD + _THINK + _TAIL),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first place at which the next turn parts from this one."""
        for cause in subject.rewrites:
            condition = cause.via is Via.CONDITION
            what = "this condition changes" if condition else "this part changes"
            yield self.finding(
                cause,
                max(Severity.MEDIUM, grade(cause, Scale(least=0))),
                f"{what} how earlier messages are rendered in the next turn;"
                f" {tokens(cause.lost)} of the history are computed again",
                "render a message the same way for as long as it stays in the prompt",
            )
