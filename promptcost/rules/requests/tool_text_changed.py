"""PC207: the definition of a tool changes between requests.  Source: OpenAI's cache diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules.requests._base import (
    BETWEEN,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    in_tool_list,
    sighting,
    tool_names,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, claude, tool
from promptcost.rules.requests._facts import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class ToolTextChanged(RequestRule):
    """A tool is described otherwise than in the request before.

    What: the tools have the same names in the same order, but the description or schema of one is
    another, as with a list of files, users or skills in its text, a default that follows the state.

    Why: tools stand before everything else, so one changed word loses the whole prompt.

    Repair: keep definitions constant; put what changes (available files, current values) into the
    newest message, or into the result of a tool that lists them.

    Providers: the same for all: everything is lost.

    Source: OpenAI's cache diagnostics (`tools_changed`), Anthropic's table of what invalidates a
    cache, open-webui/open-webui#26986 (a set of skills in the text).
    """

    code, name = "PC207", "tool-text-changed"
    bad = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[tool("read", "Reads alpha or beta.")]),
                claude(MANUAL, *ROUND, tools=[tool("read", "Reads gamma.")]),
            ),
            path="tools[0].description",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[tool("read", "Reads a file.")]),
                claude(MANUAL, *ROUND, tools=[tool("read", "Reads a file.")]),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first tool that is described otherwise."""
        for parted in encounter.breaks:
            if in_tool_list(parted) and _is_reworded(parted):
                where = parted.difference.json_path
                message = (
                    f"a tool is described otherwise {BETWEEN[parted.relation]}, at {where};"
                    f" {again(parted)}"
                )
                yield sighting(parted, general(where), grade_break(parted), message, _HELP)


_HELP = "keep tool definitions constant; put what changes into the newest message or a tool result"


def _is_reworded(parted: Break) -> bool:
    same = tool_names(parted.was) == tool_names(parted.now)
    return same and parted.topic not in {None, Topic.ORDER}
