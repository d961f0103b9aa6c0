"""PC105: text in an order that nothing fixes.  Source: open-webui#26986, smolagents#997."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules._base import SHORT, Example, Rule, Scale, Via, fixed_text, grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.model.finding import Finding
    from promptcost.rules._base import Subject

_RULES = "Call one tool at a time and wait for its result before you decide on the next one. " * 12
_SET = "{contexts: {a: {labels: [urgent, billing, bug, idea]}}, types: {labels: set}}"


class UnorderedIteration(Rule):
    """A set, or a mapping of unknown making, is printed in an order that nothing fixes.

    What: a loop, ``join`` or ``list`` over a set, whose order differs between two processes because
    Python seeds the hashes of texts anew in each; and, as a note, ``.items()`` of a mapping whose
    order depends on whoever filled it.

    Why: workers behind one address print the same tools or skills in different orders, and each
    order is a prefix of its own.

    Repair: sort: ``{% for label in labels | sort %}``, ``schema.items() | sort``.

    Providers: the same for all; a tool list comes first in every provider's prefix.

    Source: open-webui/open-webui#26986, huggingface/smolagents#997, openai/codex#2611.
    """

    code, name = "PC105", "unordered-iteration"
    bad = (
        Example(template=f"Labels: «{{{{ labels | join(', ') }}}}»\n{_RULES}", contexts=_SET),
        Example(
            template=f"{{% for label in labels %}}\n- «{{{{ label }}}}»\n{{% endfor %}}\n{_RULES}",
            contexts=_SET,
        ),
        Example(template="{% for name, tool in «tools.items»() %}{{ name }}{% endfor %}"),
    )
    good = (
        Example(template=f"{{{{ labels | sort | join(', ') }}}}\n{_RULES}", contexts=_SET),
        Example(template="{% for name, tool in tools.items() | sort %}{{ name }}{% endfor %}"),
        Example(template="{% for name, tool in tools | dictsort %}{{ name }}{% endfor %}"),
        Example(template=f"{{{{ labels | length }}}} labels\n{_RULES}", contexts=_SET),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield sets whose order reaches the prompt, and mappings whose order might."""
        seen = set()
        for cause in subject.costly:
            if cause.via is Via.ORDER:
                seen.add(cause.place.start_line)
                message = (
                    "a set is printed in an order that differs between processes,"
                    f" before {fixed_text(cause.lost)}"
                )
                yield self.finding(
                    cause,
                    grade(cause, Scale(least=SHORT)),
                    message,
                    "sort it: | sort, or sorted() in Python",
                )
        for found in subject.iterations[:1]:
            if found.place.start_line not in seen:
                yield self.remark(
                    found.place,
                    f"{found.name} is printed in the order in which it was filled",
                    "sort it where two processes may fill it differently: | dictsort",
                    found.expression,
                )
