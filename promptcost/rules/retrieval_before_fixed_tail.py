"""PC106: retrieved text or history before fixed text.  Source: 10 public bug reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import INCREMENT, Example, Rule, Scale, fixed_text, grade
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_RULES = "Answer from the passages only and say so when none of them holds the answer. " * 12
_WHAT = {
    Kind.RETRIEVAL: ("retrieved text", "request"),
    Kind.HISTORY: ("history or memory", "turn"),
}


class RetrievalBeforeFixedTail(Rule):
    """Retrieved documents, memory or history are printed before text that stays the same.

    What: search results, snippets, memories, a summary or the conversation stand in front of fixed
    text, often inside the system message.

    Why: they are others with every request, or grow with every turn, and everything behind them is
    computed again, the tool rules and the examples included.

    Repair: put them behind the fixed text, best into the newest user message; leave the system
    message the same for the whole conversation.

    Providers: the same for all.

    Source: shareAI-lab/learn-claude-code#311, EasyMetaAu/helm-api#231, mem0ai/mem0#4341.
    """

    code, name = "PC106", "retrieval-before-fixed-tail"
    bad = (
        Example(
            template=f"«{{% for d in documents %}}»\n{{{{ d.text }}}}\n{{% endfor %}}\n{_RULES}"
        ),
        Example(template=f"You remember: «{{{{ memories }}}}»\n{_RULES}"),
    )
    good = (
        Example(template=f"{_RULES}\n{{% for d in documents %}}{{{{ d.text }}}}{{% endfor %}}"),
        Example(template=f"{{{{ context }}}}\n{_RULES}"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first retrieved text and the first history."""
        for cause in subject.costly:
            if cause.kind in _WHAT:
                what, often = _WHAT[cause.kind]
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=INCREMENT)),
                    f"{what} is printed before {fixed_text(cause.lost)}:"
                    f" it misses with every {often}",
                    "print it after the fixed text, best in the newest user message",
                )
