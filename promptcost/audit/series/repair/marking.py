"""The marks of a recorded request, and where others may stand.

No mark is part of the prompt, so moving one changes no prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.series.repair.write import MOST_MARKS
from promptcost.model.prompt import Role
from promptcost.wire import Api, Kind, MarkerStyle, WireRequest

if TYPE_CHECKING:
    from promptcost.audit.series.repair.held import Held
    from promptcost.rules.requests import Terms
    from promptcost.wire import WireBlock

_KINDS = frozenset(
    {
        Kind.TEXT,
        Kind.TOOL_DEFINITION,
        Kind.TOOL_USE,
        Kind.TOOL_RESULT,
        Kind.IMAGE,
        Kind.FILE,
    }
)
_MOST = 4  # where the model is unknown
_PARTS = frozenset({Api.OPENAI_CHAT, Api.OPENAI_RESPONSES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The marks of a request as they are written, by the number of blocks in front of each.

    `automatic` is the request's own mark where it is written like the others, `free` how many more
    marks the provider allows.
    """

    request: WireRequest
    marks: Mapping[int, str]
    automatic: str | None
    free: int

    def last(self) -> str | None:
        """Return how the last mark is written; None without any."""
        raws = [*self.marks.values(), *([self.automatic] if self.automatic else [])]
        return raws[-1] if raws else None

    def with_mark(self, depth: int, raw: str, kept: int = 0) -> dict[int, str | None] | None:
        """Return the change that puts a mark behind so many blocks; None without room for it.

        Where all marks are in use, the first one in the messages gives way, but not `kept`.
        """
        if depth in self.marks:
            return {}
        if self.free > 0:
            return {depth: raw}
        head = self.request.head_depth
        old = next((one for one in self.marks if one > head and one != kept), None)
        return None if old is None else {depth: raw, old: None}


def marking_of(held: Held, index: int, terms: Terms) -> Marking | None:
    """Return the marks of a request; None where one cannot be found in the text of its record.

    None too where there are too many to look at.
    """
    request = held.requests[index]
    if len(request.markers) > MOST_MARKS:
        return None
    marks = {
        depth: held.raw(index, block.marker.json_path)
        for depth, block in enumerate(request.blocks, start=1)
        if block.marker is not None
    }
    own = request.automatic
    alike = own is not None and own.style is not MarkerStyle.IMPLICIT
    automatic = held.raw(index, own.json_path) if own is not None and alike else None
    known = {depth: raw for depth, raw in marks.items() if raw is not None}
    if len(known) < len(marks) or (alike and automatic is None):
        return None
    most = terms.breakpoints.max_breakpoints.value if terms.breakpoints else _MOST
    free = most - len(marks) - (own is not None)
    return Marking(request=request, marks=known, automatic=automatic, free=free)


def is_unusable(block: WireBlock) -> bool:
    """Say whether a mark on a block makes Anthropic refuse the request."""
    blank = block.kind is Kind.TEXT and not (block.text or "").strip()
    return blank or block.kind is Kind.THINKING


def carrier(request: WireRequest, depth: int) -> int:
    """Return how many blocks lead up to the last one, of so many, that can carry a mark, or 0."""
    depths = range(min(depth, len(request.blocks)), 0, -1)
    return next((one for one in depths if can_carry(request, request.blocks[one - 1])), 0)


def can_carry(request: WireRequest, block: WireBlock) -> bool:
    """Say whether a mark may stand on a block, by the rules of Anthropic, Bedrock and OpenAI."""
    if block.kind not in _KINDS or is_unusable(block) or request.api is Api.GEMINI:
        return False
    if request.api in _PARTS:
        return block.role is not Role.ASSISTANT and ".content[" in block.base_path
    # A system message among the others may be meant for one turn; Anthropic takes no mark there.
    return block.role is not Role.SYSTEM or not block.base_path.startswith("messages")
