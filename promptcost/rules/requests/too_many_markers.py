"""PC221: more marks than a request may carry.  Source: continuedev/continue#6937."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Confidence, Severity
from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, refusal
from promptcost.rules.requests._examples import MANUAL, SHORT_MARK, claude, text, tool, user
from promptcost.wire import MarkerStyle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter
    from promptcost.wire import WireRequest

_MOST = 4
_TWO = [text(MANUAL, SHORT_MARK), text("Be brief.", SHORT_MARK)]
_PAIR = [text("A note.", SHORT_MARK), text("First question?", SHORT_MARK)]


class TooManyMarkers(RequestRule):
    """A request carries more cache marks than the provider allows.

    What: marks on tools, on system blocks and in messages are counted together, and the mark of
    the request itself (automatic caching) with them.

    Why: Anthropic and Bedrock refuse the whole request with an error. OpenAI writes only the
    latest marks and silently leaves the earlier ones out.

    Repair: keep one mark behind the tools and system text, one or two behind parts that change
    seldom, and one that moves with the newest message; remove marks from old messages. `--fix`
    keeps the last mark, that of tools and system text, and the newest others, where the provider
    refuses the recording.

    Providers: four for Claude everywhere; four writes for OpenAI from 5.6, one of them its own.

    Source: tghamm/Anthropic.SDK#50, continuedev/continue#6937, anthropics/claude-code#8901,
    decolua/9router#3795 (a gateway adds the fifth), oguzbilgic/kern-ai#317.
    """

    code, name = "PC221", "too-many-markers"
    bad = (
        RequestExample(
            requests=(claude(_TWO, user(_PAIR), tools=[tool("read", cache_control=SHORT_MARK)]),),
            path="messages[0].content[1].cache_control",
        ),
    )
    good = (RequestExample(requests=(claude(_TWO, user(_PAIR)),)),)

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a request with too many marks, at the first one too many."""
        terms, request = encounter.terms, encounter.request
        if terms.spec is not None and terms.breakpoints is None:
            return
        most = terms.breakpoints.max_breakpoints.value if terms.breakpoints else _MOST
        paths, refused = _marks(request), refusal(terms)
        if len(paths) <= most:
            return
        effect = "the provider refuses the request" if refused else "some are left out"
        yield Sighting(
            key="markers",
            where=request,
            json_path=paths[most],
            severity=Severity.HIGH if refused else Severity.LOW,
            confidence=refused or Confidence.CONFIRMED,
            message=f"{len(paths)} cache marks, but {most} are allowed; {effect}",
            repair=_HELP,
        )


_HELP = (
    "keep at most the first of these: behind tools and system text, behind parts that change"
    " seldom, behind the newest message"
)


def _marks(request: WireRequest) -> list[str]:
    """Return the paths of all marks; the request's own adds nothing to a mark on the last block."""
    paths = [marker.json_path for marker in request.markers]
    own = request.automatic
    last = request.blocks[-1].marker if request.blocks else None
    if own is not None and own.style is MarkerStyle.CACHE_CONTROL and last is None:
        paths.append(own.json_path)
    return paths
