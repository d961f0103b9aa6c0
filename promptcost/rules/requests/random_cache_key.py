"""PC231: a routing key that is new with every request.  Source: BerriAI/litellm#42012."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue import Loss
from promptcost.model.finding import Confidence, Severity
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt, user
from promptcost.wire import shared_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter, ProgramFacts

_FEW, _SOME = 2, 4
_QUESTIONS = [user(f"{word}?") for word in ("Why", "Where", "When", "Who")]


class RandomCacheKey(RequestRule):
    """The cache key or salt is another one in every request.

    What: `prompt_cache_key`, `cache_salt` or a session header changes between two turns of one
    conversation, or every single question of a program has one of its own. A key for each
    conversation is as it should be.

    Why: the key routes requests to the machine that holds their prefix, and from GPT-5.6 on it
    partitions the cache: another key is a miss. A salt isolates requests from one another.

    Repair: use the id of the conversation, or of the program where conversations share their
    beginning; one salt for a tenant.

    Providers: OpenAI (a miss from 5.6 on, worse routing before), xAI's conversation header, vLLM's
    `cache_salt`.

    Source: BerriAI/litellm#42012, #42014, #37287.
    """

    code, name = "PC231", "random-cache-key"
    bad = (
        RequestExample(
            requests=(
                gpt(MANUAL, *FIRST, prompt_cache_key="a1"),
                gpt(MANUAL, *ROUND, prompt_cache_key="b2"),
            ),
            path="prompt_cache_key",
            line=2,
        ),
        RequestExample(
            requests=tuple(
                gpt(MANUAL, one, prompt_cache_key=f"k{number}")
                for number, one in enumerate(_QUESTIONS)
            ),
            path="prompt_cache_key",
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(MANUAL, *FIRST, prompt_cache_key="a1"),
                gpt(MANUAL, *ROUND, prompt_cache_key="a1"),
                gpt(MANUAL, user("Another question?"), prompt_cache_key="b2"),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a turn with another key than the turn before."""
        previous, request = encounter.previous, encounter.request
        if previous is None or None in {previous.cache_key, request.cache_key}:
            return
        if previous.cache_key == request.cache_key:
            return
        lost = encounter.upto(shared_blocks(previous, request))
        row = encounter.terms.losses.get("cache_key")
        missed = row is not None and row.loss is Loss.EVERYTHING
        yield Sighting(
            key="turn",
            where=request,
            json_path=request.cache_key_path or _PATH,
            severity=grade(lost.value),
            message=(
                f"the cache key is another one than in the turn before; {tokens(lost)}"
                f" {'are' if missed else 'may be'} computed again"
            ),
            repair=_HELP,
            confidence=Confidence.CONFIRMED if missed else Confidence.SUSPECTED,
            lost=lost,
            against=previous,
        )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program of single questions with a key each."""
        stable = facts.stable
        if facts.keyed < _FEW or facts.keys < facts.keyed or facts.single < facts.conversations:
            return
        if stable is None or stable.value < (facts.terms.minimum or 0):
            return
        yield Sighting(
            key="each",
            where=facts.first,
            json_path=facts.first.cache_key_path or _PATH,
            severity=min(
                grade(stable.value), Severity.LOW if facts.keyed < _SOME else Severity.MEDIUM
            ),
            message=(
                f"each of {facts.keyed} requests has a cache key of its own, though all begin with"
                f" the same {tokens(stable)}"
            ),
            repair=_HELP,
            confidence=Confidence.SUSPECTED,
            lost=stable,
        )


_PATH = "prompt_cache_key"
_HELP = "use the id of the conversation as key, or one key for all that share their beginning"
