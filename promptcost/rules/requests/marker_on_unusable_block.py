"""PC223: a mark on a block that cannot carry one.  Source: anthropics/claude-code#50082."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, refusal
from promptcost.rules.requests._examples import MANUAL, SHORT_MARK, claude, text, user
from promptcost.wire import Kind, MarkerStyle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter
    from promptcost.wire import WireBlock


class MarkerOnUnusableBlock(RequestRule):
    """A cache mark stands on an empty or blank text, or on a thinking block.

    What: a block with `cache_control` holds no text, only white space, or thinking.

    Why: Anthropic refuses an empty text or a thinking block with a mark, and a blank text without
    one. A blank anchor that comes and goes also moves everything behind it.

    Repair: mark the last block that holds text, a tool call or a tool result; do not add a block
    for the mark alone. `--fix` moves the marks of a recording to the block before that can carry
    one; it removes no block, so a text that is refused without a mark too is left to you.

    Providers: Claude, everywhere; a cache point of Bedrock closes the block before it.

    Source: anthropics/claude-code#50082, #55302, NousResearch/hermes-agent#1216, vercel/eve#2753,
    microsoft/vscode#323642 (a blank anchor that appears and goes).
    """

    code, name = "PC223", "marker-on-unusable-block"
    bad = (
        RequestExample(
            requests=(claude(MANUAL, user([text("First question?"), text("", SHORT_MARK)])),),
            path="messages[0].content[1].cache_control",
        ),
        RequestExample(
            requests=(claude([text(MANUAL), text(" \n", SHORT_MARK)], user("First question?")),),
            path="system[1].cache_control",
        ),
    )
    good = (
        RequestExample(
            requests=(claude([text(MANUAL, SHORT_MARK), text(" ")], user("First question?")),)
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the marks on blocks that cannot carry them."""
        refused = refusal(encounter.terms)
        if refused is None:
            return
        for block in encounter.request.blocks:
            what = _unusable(block)
            if block.marker is not None and what:
                yield Sighting(
                    key=what,
                    where=encounter.request,
                    json_path=block.marker.json_path,
                    severity=Severity.HIGH,
                    message=f"a cache mark stands on {what}; the provider refuses the request",
                    repair=_HELP,
                    confidence=refused,
                )


_HELP = "mark the last block that holds text, a tool call or a tool result"
_STYLES = frozenset({MarkerStyle.CACHE_CONTROL, MarkerStyle.CACHE_POINT})


def _unusable(block: WireBlock) -> str:
    if block.marker is None or block.marker.style not in _STYLES:
        return ""
    if block.kind is Kind.THINKING:
        return "a thinking block"
    if block.kind is not Kind.TEXT or block.text is None or block.text.strip():
        return ""
    if not block.text:
        return "an empty text"
    # A cache point closes all that stands before it, and Bedrock takes a blank text there.
    return "" if block.marker.style is MarkerStyle.CACHE_POINT else "a blank text"
