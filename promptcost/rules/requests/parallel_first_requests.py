"""PC232: parallel requests before the first entry can be read.  Source: Anthropic's guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Confidence
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import MANUAL, SHORT_MARK, at, claude, text, user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts

_HEAD = [text(MANUAL, SHORT_MARK)]
_ONE, _TWO = claude(_HEAD, user("Why?")), claude(_HEAD, user("Where?"))


class ParallelFirstRequests(RequestRule):
    """Requests with a common beginning are sent before the response to the first one begins.

    What: after a pause, or at the start, several conversations with the same beginning start
    within the time it takes until an entry can be read (about two seconds, where no more is known).

    Why: an entry can be read only when the first response begins. Each of the parallel requests
    computes the whole beginning and pays for writing it.

    Repair: send one request first and wait for the start of its response, or warm the cache with a
    request that asks for no output; then send the others.

    Providers: documented by Anthropic; the same holds for all.

    Source: Anthropic's prompt caching guide ("concurrent requests").
    """

    code, name = "PC232", "parallel-first-requests"
    bad = (
        RequestExample(
            requests=(at("2026-03-02T10:00:00Z", _ONE), at("2026-03-02T10:00:00.5Z", _TWO)),
            path="model",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(at("2026-03-02T10:00:00Z", _ONE), at("2026-03-02T10:00:09Z", _TWO))
        ),
        RequestExample(requests=(_ONE, _TWO)),
    )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program that sent requests before an entry could be read."""
        burst = facts.burst
        if burst is None:
            return
        yield Sighting(
            key="burst",
            where=burst.where,
            json_path="model",
            severity=grade(burst.lost.value * burst.requests // facts.requests),
            message=(
                f"{_counted(burst.requests)} before the response to the first one can have begun;"
                f" each computes {tokens(burst.lost)} again"
            ),
            repair=_HELP,
            # When responses began is not recorded, so the delay is the catalogue's.
            confidence=Confidence.SUSPECTED,
            lost=burst.lost,
            against=burst.against,
        )


_HELP = "send one request first and wait until its response begins, then the others"


def _counted(requests: int) -> str:
    return "1 request was sent" if requests == 1 else f"{requests} requests were sent"
