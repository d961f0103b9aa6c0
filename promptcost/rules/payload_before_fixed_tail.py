"""PC104: the request's own text before a long fixed tail.  Source: 11 of 25 audited prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import INCREMENT, Example, Rule, Scale, fixed_text, grade, lines, tokens
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Cause, Subject

_RUBRIC = "\n".join(
    f"{number}. Give {number} points when the answer names the source of each of its claims."
    for number in range(1, 15)
)


class PayloadBeforeFixedTail(Rule):
    """The request's own text comes before a long part that never changes.

    What: the question, task, document or answer to judge is printed first and a fixed rubric, rule
    list or output format follows.  This is the commonest real cause of a low hit rate.

    Why: only what precedes the first change is shared, so the whole fixed tail is paid in full with
    every request although it never changes.

    Repair: move the fixed part up and the payload to the end.  Most models also follow a question
    better when it comes last.  A short closing line may stay behind the payload.

    Providers: a tail below one increment (128 tokens) is never worth moving.

    Source: octopusreview/octopus#665 (repaired by moving six blocks down).
    """

    code, name = "PC104", "payload-before-fixed-tail"
    bad = (
        Example(template=f"Judge this answer: «{{{{ answer }}}}»\n{_RUBRIC}"),
        Example(
            template=f"{{% for t in tasks %}}\n- «{{{{ t.title }}}}»\n{{% endfor %}}\n{_RUBRIC}"
        ),
        Example(
            template=f"About «{{{{ thing }}}}»:\n{_RUBRIC}",
            contexts="{contexts: {a: {thing: bridges}, b: {thing: canals}}}",
        ),
    )
    good = (
        Example(template=f"{_RUBRIC}\nJudge this answer: {{{{ answer }}}}\nYour verdict:"),
        Example(template=f"{{{{ instructions }}}}\n{_RUBRIC}\n{{{{ answer }}}}"),
        Example(template="Judge {{ answer }} by these rules:\n- be brief\n- be fair"),
        Example(
            template=f"{{% for n in range(answers|length) %}}<{{{{ n }}}}>{{% endfor %}}\n{_RUBRIC}"
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first payload in front of a fixed tail worth moving."""
        for cause in subject.costly:
            if cause.kind is Kind.PAYLOAD:
                yield self.finding(
                    cause, grade(cause, Scale(least=INCREMENT)), _message(cause), _help(cause)
                )


def _message(cause: Cause) -> str:
    behind = fixed_text(cause.lost)
    return f"the request's own text is printed before {behind}: it is paid in full every time"


def _help(cause: Cause) -> str:
    if cause.lines_after < 1:
        return f"move it to the end; saves {tokens(cause.lost)} per request that hits"
    moved = lines(cause.lines_after)
    return f"move the {moved} after it up, in front of it; saves {tokens(cause.lost)} per hit"
