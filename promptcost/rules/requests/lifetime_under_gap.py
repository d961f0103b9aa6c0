"""PC233: entries expire before the next request.  Source: Anthropic's guide on lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.usage import format_ttl
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import (
    LONG_MARK,
    MANUAL,
    SHORT_MARK,
    at,
    claude,
    text,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts

_FEW, _OFTEN = 2, 4
_SHORT, _LONG = [text(MANUAL, SHORT_MARK)], [text(MANUAL, LONG_MARK)]
_TIMES = [f"2026-03-02T{hour}Z" for hour in ("10:00:00", "10:12:00", "10:30:00", "10:41:00")]
_QUESTIONS = [user(f"{word}?") for word in ("Why", "Where", "When", "Who")]


class LifetimeUnderGap(RequestRule):
    """Requests come further apart than a cache entry lives.

    What: at least one in four gaps between a request and the one whose beginning it repeats is
    longer than the lifetime its marks ask for.

    Why: the entry has expired by then. The beginning is computed and written again, at a premium.

    Repair: ask for a longer lifetime where most gaps fall into it (`ttl` 1h at Anthropic, 12h at
    OpenAI); where gaps are longer still, do not mark what is not read again.

    Providers: Claude (5m, 1h), OpenAI from 5.6 (30m, 12h in the Responses API). `promptcost
    simulate` compares the lifetimes on your traffic.

    Source: Anthropic's prompt caching guide; OpenHands/software-agent-sdk#4292.
    """

    code, name = "PC233", "lifetime-under-gap"
    bad = (
        RequestExample(
            requests=tuple(
                at(time, claude(_SHORT, one)) for time, one in zip(_TIMES, _QUESTIONS, strict=True)
            ),
            path="model",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=tuple(
                at(time, claude(_LONG, one)) for time, one in zip(_TIMES, _QUESTIONS, strict=True)
            )
        ),
    )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program whose entries expire between its requests."""
        gaps = facts.gaps
        if gaps.lost is None or gaps.where is None or gaps.lifetime is None:
            return
        if gaps.over < _FEW or gaps.over * _OFTEN < gaps.known:
            return
        yield Sighting(
            key="gap",
            where=gaps.where,
            json_path="model",
            severity=grade(gaps.lost.value * gaps.over // max(gaps.known, 1)),
            message=(
                f"{gaps.over} of {gaps.known} gaps are longer than the {format_ttl(gaps.lifetime)}"
                f" an entry lives, {gaps.within_hour} of them under 1h; {tokens(gaps.lost)} are"
                " computed again each time"
            ),
            repair=_HELP,
            lost=gaps.lost,
        )


_HELP = "ask for a longer lifetime, or do not mark what is not read in time"
