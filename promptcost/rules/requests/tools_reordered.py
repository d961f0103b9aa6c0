"""PC205: the same tools in another order.  Source: openai/codex#2611 (hit rate under 1 %)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


class ToolsReordered(RequestRule):
    """The same tools are listed in another order.

    What: two requests of one program name the same tools, but not in the same order. The list
    comes from a hash map, a set, a directory, or servers that answer in any order.

    Why: tools stand before everything else in a prompt. When the first of them changes, nothing
    of the prompt is read back.

    Repair: sort the tools by name before they are sent, once, in the code that sends them.
    `--fix` lists the tools of a recording in the order in which they were first sent; marks keep
    their places.

    Providers: the same for all: everything is lost.

    Source: openai/codex#2611, langchain-ai/deepagents#2497, QwenLM/qwen-code#6338 (repaired in
    #6339), zeroclaw-labs/zeroclaw#10959 (four orders in eight requests).
    """

    code, name = "PC205", "tools-reordered"
    bad = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[_READ, _WRITE]),
                claude(MANUAL, *ROUND, tools=[_WRITE, _READ]),
            ),
            path="tools[0]",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[_READ, _WRITE]),
                claude(MANUAL, *ROUND, tools=[_READ, _WRITE]),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield a pair of lists with the same tools in another order."""
        for parted in encounter.breaks:
            if in_tool_list(parted) and _is_reordered(parted):
                message = (
                    f"the same {len(tool_names(parted.now))} tools stand in another order"
                    f" {BETWEEN[parted.relation]}; {again(parted)}"
                )
                yield sighting(parted, "tools", grade_break(parted), message, _HELP)


_HELP = "sort the tools by name before they are sent"


def _is_reordered(parted: Break) -> bool:
    was, now = tool_names(parted.was), tool_names(parted.now)
    return was != now and sorted(was) == sorted(now)
