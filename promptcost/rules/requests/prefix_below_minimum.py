"""PC224: the marked prefix is too short to be cached.  Source: theopenco/llmgateway#3010."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, tokens
from promptcost.rules.requests._examples import FIRST, MANUAL, SHORT_MARK, claude, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts


class PrefixBelowMinimum(RequestRule):
    """What is marked is shorter than the shortest prefix that the model caches.

    What: the longest marked prefix of all requests of a program holds fewer tokens than the model
    asks for. Counts that are estimated say so: where their band reaches the minimum, it is a note
    only. Marks that move with a growing conversation are a note as well.

    Why: the provider ignores such a mark without a word, and every request is billed in full.

    Repair: mark behind more text, for example behind tools and system together; where there is
    not more that stays, leave the mark out.

    Providers: 1,024 tokens for many models, up to 4,096 for others; see `promptcost explain` with
    a target.

    Source: theopenco/llmgateway#3010, aws/aws-sdk-ruby#3396, BerriAI/litellm#12212.
    """

    code, name = "PC224", "prefix-below-minimum"
    bad = (
        RequestExample(
            requests=(claude([text("You answer briefly.", SHORT_MARK)], *FIRST),),
            path="system[0].cache_control",
        ),
    )
    good = (RequestExample(requests=(claude([text(MANUAL, SHORT_MARK)], *FIRST),)),)

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program whose longest marked prefix is too short."""
        marked, minimum = facts.marked, facts.terms.minimum
        if marked is None or minimum is None or not facts.terms.needs_marks:
            return
        reached = marked.tokens.reaches(minimum)
        if reached is True:
            return
        sure = "is" if reached is False else "may be"
        certain = reached is False and not marked.moves
        yield Sighting(
            key="minimum",
            where=marked.where,
            json_path=marked.json_path,
            severity=Severity.LOW if certain else Severity.NOTE,
            message=(
                f"the marked prefix of {tokens(marked.tokens)} {sure} shorter than the {minimum:,}"
                " that the model caches; the mark is ignored without a word"
            ),
            repair=_HELP,
            lost=marked.tokens,
        )


_HELP = "mark behind more text that stays, or leave the mark out"
