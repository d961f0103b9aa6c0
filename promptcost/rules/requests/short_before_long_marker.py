"""PC222: a mark of an hour after one of five minutes.  Source: vellum-assistant#22191."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, refusal
from promptcost.rules.requests._examples import (
    FIRST,
    LONG_MARK,
    MANUAL,
    SHORT_MARK,
    claude,
    text,
    tool,
)
from promptcost.wire import MarkerStyle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter
    from promptcost.wire import Marker, WireRequest

_DEFAULT = timedelta(minutes=5)
_STYLES = frozenset({MarkerStyle.CACHE_CONTROL, MarkerStyle.CACHE_POINT})


class ShortBeforeLongMarker(RequestRule):
    """A cache mark with a longer life stands after one with a shorter life.

    What: in the order tools, system, messages a mark with `ttl` 1h comes after a mark of five
    minutes. A mark without `ttl` lives five minutes, and the mark of the request itself counts as
    the last one.

    Why: Anthropic refuses the whole request with an error.

    Repair: give the earlier marks 1h as well, or take it from the later one. What lives longest
    must stand first: tools and system 1h, messages five minutes. `--fix` lengthens the earlier
    marks of a recording: the later one pays the rate of an hour for all that stands before it
    anyway.

    Providers: Claude, everywhere. Elsewhere all marks of a request have one lifetime.

    Source: vellum-ai/vellum-assistant#22191, cnighswonger/claude-code-cache-fix#44,
    karthink/gptel#977, LionSR/TeXRA#2995.
    """

    code, name = "PC222", "short-before-long-marker"
    bad = (
        RequestExample(
            requests=(
                claude(
                    [text(MANUAL, LONG_MARK)],
                    *FIRST,
                    tools=[tool("read", cache_control=SHORT_MARK)],
                ),
            ),
            path="system[0].cache_control",
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(
                    [text(MANUAL, SHORT_MARK)],
                    *FIRST,
                    tools=[tool("read", cache_control=LONG_MARK)],
                ),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first mark that outlives one before it."""
        refused = refusal(encounter.terms)
        if refused is None:
            return
        shortest: Marker | None = None
        for marker in _marks(encounter.request):
            life = marker.ttl or _DEFAULT
            if shortest is not None and life > (shortest.ttl or _DEFAULT):
                yield Sighting(
                    key="order",
                    where=encounter.request,
                    json_path=marker.json_path,
                    severity=Severity.HIGH,
                    message=(
                        f"{marker.json_path} lives longer than {shortest.json_path}, which stands"
                        " before it; the provider refuses the request"
                    ),
                    repair=_HELP,
                    confidence=refused,
                )
                return
            shortest = marker if shortest is None else shortest
            if life < (shortest.ttl or _DEFAULT):
                shortest = marker


_HELP = "give the earlier marks the longer lifetime too, or shorten the later one"


def _marks(request: WireRequest) -> list[Marker]:
    own = [request.automatic] if request.automatic else []
    return [mark for mark in (*request.markers, *own) if mark.style in _STYLES]
