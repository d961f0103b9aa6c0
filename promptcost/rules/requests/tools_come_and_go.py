"""PC206: tools are added or removed between requests.  Source: microsoft/vscode#312577."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    RequestExample,
    RequestRule,
    again,
    grade_break,
    in_tool_list,
    sighting,
    tool_names,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, claude, tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter

_READ, _WRITE = tool("read"), tool("write")


class ToolsComeAndGo(RequestRule):
    """Tools are added or removed between requests that could share a prefix.

    What: two requests of one program do not offer the same tools: a tool is hidden until it is
    allowed, a server connects late, a mode has its own list.

    Why: tools stand before the system text and all messages. A tool more or less throws the whole
    conversation out of the cache.

    Repair: freeze the list at the start of the conversation and offer all tools; forbid single
    ones with `tool_choice`, or refuse in the result. New tools go to the end of the list.

    Providers: OpenAI restricts tools without a miss by `tool_choice` with allowed tools; Anthropic
    has deferred tools that load on search, and tool additions as messages.

    Source: microsoft/vscode#312577 (repaired: list frozen in the first turn),
    nicobailon/pi-intercom#118, uezo/aiavatarkit#135 (masking).
    """

    code, name = "PC206", "tools-come-and-go"
    bad = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[_READ]),
                claude(MANUAL, *ROUND, tools=[_READ, _WRITE]),
            ),
            path="tools[1]",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[_READ, _WRITE]),
                claude(MANUAL, *ROUND, tools=[_READ, _WRITE], tool_choice={"type": "auto"}),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a pair of requests with other tools."""
        for parted in encounter.breaks:
            if not in_tool_list(parted):
                continue
            was, now = set(tool_names(parted.was)), set(tool_names(parted.now))
            if was != now:
                message = (
                    f"{_counted(len(now - was), len(was - now))} {BETWEEN[parted.relation]};"
                    f" {again(parted)}"
                )
                yield sighting(parted, "tools", _severity(parted), message, _HELP)


_HELP = "offer the same tools throughout a conversation; forbid single ones with tool_choice"


def _counted(added: int, removed: int) -> str:
    parts = [f"{added} tools are new"] if added else []
    parts += [f"{removed} tools are gone"] if removed else []
    return " and ".join(parts).replace("1 tools are", "1 tool is")


def _severity(parted: Break) -> Severity:
    # Another conversation may need other tools; within one, each turn pays for the change.
    most = Severity.HIGH if parted.relation is Relation.TURN else Severity.LOW
    return min(grade_break(parted), most)
