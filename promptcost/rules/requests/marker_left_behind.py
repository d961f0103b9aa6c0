"""PC228: the marks stay where they are and a growing tail is not cached.  Source: ai-sdk-go#204."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules.requests._base import (
    USUAL_MINIMUM,
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import (
    MANUAL,
    ROUND,
    SHORT_MARK,
    answer,
    claude,
    text,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter

_HEAD = [text(MANUAL, SHORT_MARK)]
_LONG = (*ROUND[:2], user([text(f"Report:\n{MANUAL}")]))
_MARKED = (*ROUND[:2], user([text(f"Report:\n{MANUAL}", SHORT_MARK)]))
_LATER = (answer("Third answer."), user("Fourth question?"))
_LATER_MARKED = (answer("Third answer."), user([text("Fourth question?", SHORT_MARK)]))


class MarkerLeftBehind(RequestRule):
    """The last mark stays far in front of what the next turn repeats.

    What: a turn repeats more than 1,024 tokens behind its last mark: only the system text is
    marked, the mark on messages stopped moving, tool results are never marked, or only the first
    turns carry marks.

    Why: nothing behind the last mark is written, so the tail of the conversation is billed in full
    with every step, and it grows.

    Repair: put the last mark on the last block of the newest message in every request, tool
    results included; the mark may move, that changes no prefix. `--fix` does so in a recording,
    for the turns that lose by it.

    Providers: Claude everywhere, Bedrock; OpenAI marks the end of the prompt by itself.

    Source: redpanda-data/ai-sdk-go#204, NousResearch/hermes-agent#20880, Anthropic's prompt
    caching guide.
    """

    code, name = "PC228", "marker-left-behind"
    bad = (
        RequestExample(
            requests=(claude(_HEAD, *_LONG), claude(_HEAD, *_LONG, *_LATER)),
            path="system[0].cache_control",
            line=2,
        ),
    )
    good = (
        RequestExample(requests=(claude(_HEAD, *_MARKED), claude(_HEAD, *_LONG, *_LATER_MARKED))),
        RequestExample(requests=(claude(_HEAD, *ROUND), claude(_HEAD, *ROUND, *_LATER))),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a turn that repeats much behind its last mark."""
        tail = encounter.unmarked
        if tail is None or tail.value < USUAL_MINIMUM:
            return
        markers = encounter.request.markers
        where = "behind this last mark" if markers else "of a turn without a mark"
        yield Sighting(
            key="tail",
            where=encounter.request,
            json_path=markers[-1].json_path if markers else "messages",
            severity=grade(tail.value),
            message=(
                f"{tokens(tail)} {where} were sent in the turn before too, but are never cached"
            ),
            repair=_HELP,
            lost=tail,
            against=encounter.previous,
        )


_HELP = "put the last mark on the last block of the newest message, in every request"
