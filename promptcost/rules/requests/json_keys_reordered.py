"""PC208: the same JSON with its keys in another order.  Source: stanfordnlp/dspy#10216."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import (
    BETWEEN,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, claude, tool
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Encounter

_ONE = {"type": "object", "properties": {"path": {"type": "string"}, "mode": {"type": "string"}}}
_TURNED = {"type": "object", "properties": {"mode": {"type": "string"}, "path": {"type": "string"}}}


class JsonKeysReordered(RequestRule):
    """The same JSON value is written with its keys in another order.

    What: a schema, the arguments of a tool call, or another object of the prompt holds the same
    members in another order: it passed through a hash map, a database, or another language.

    Why: the prompt is text to the provider. Another order of keys is another text.

    Repair: serialise with sorted keys, or keep the text of a tool call as the model wrote it.
    `--fix` writes the keys of a recording in the order in which they were first sent, which for
    a call is the model's own; numbers and escapes keep their spelling.

    Providers: the same for all.

    Source: stanfordnlp/dspy#10216 (repaired in #10227; a round trip through a database),
    OpenRouterTeam/ai-sdk-provider#472, gnachman/iTerm2#687.
    """

    code, name = "PC208", "json-keys-reordered"
    bad = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[{"name": "open", "input_schema": _ONE}]),
                claude(MANUAL, *ROUND, tools=[{"name": "open", "input_schema": _TURNED}]),
            ),
            path="tools[0].input_schema.properties",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude(MANUAL, *FIRST, tools=[tool("open")]),
                claude(MANUAL, *ROUND, tools=[tool("open")]),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first object with its keys in another order."""
        for parted in encounter.breaks:
            if parted.difference.change is Change.KEYS_REORDERED:
                where = parted.difference.json_path
                message = (
                    f"the keys of {where} stand in another order {BETWEEN[parted.relation]};"
                    f" {again(parted)}"
                )
                severity = max(grade_break(parted), Severity.LOW)
                yield sighting(parted, general(where), severity, message, _HELP)


_HELP = "write JSON with sorted keys, and keep tool calls as the model wrote them"
