"""PC227: nothing is marked where only marks are cached.  Source: OpenHands/OpenHands#3772."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, SHORT_MARK, claude, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts


class NoMarker(RequestRule):
    """Requests share a long prefix, but none of them carries a cache mark.

    What: no request of a program has a mark, although all of them begin with the same text, long
    enough to be cached, and the provider caches nothing without a mark.

    Why: the whole prompt is billed in full each time; a read costs a tenth of that.

    Repair: set a mark behind the tools and system text and one behind the newest message, or ask
    for automatic caching with a top-level `cache_control`. Look whether a gateway drops marks.

    Providers: Claude everywhere, Bedrock Nova, and explicit caches of Qwen and MiniMax. Others
    cache without marks.

    Source: OpenHands/OpenHands#3772 (dropped on the way), redpanda-data/ai-sdk-go#204 (marks only
    on text, so turns of tools were never cached), NousResearch/hermes-agent#20880.
    """

    code, name = "PC227", "no-marker"
    bad = (RequestExample(requests=(claude(MANUAL, *FIRST), claude(MANUAL, *ROUND)), path="model"),)
    good = (
        RequestExample(
            requests=(
                claude([text(MANUAL, SHORT_MARK)], *FIRST),
                claude([text(MANUAL, SHORT_MARK)], *ROUND),
            )
        ),
        RequestExample(requests=(claude("Be brief.", *FIRST), claude("Be brief.", *ROUND))),
    )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program that never marks what it repeats."""
        stable, minimum = facts.stable, facts.terms.minimum
        if not facts.terms.needs_marks or facts.unmarked < facts.requests:
            return
        if stable is None or minimum is None or stable.reaches(minimum) is not True:
            return
        yield Sighting(
            key="none",
            where=facts.first,
            json_path="model",
            severity=grade(stable.value),
            message=(
                f"none of {facts.requests} requests carries a cache mark, though all begin with"
                f" the same {tokens(stable)}; {facts.terms.provider} caches nothing without one"
            ),
            repair=_HELP,
            lost=stable,
        )


_HELP = (
    "set a cache mark behind tools and system text and one behind the newest message, or ask for"
    " automatic caching"
)
