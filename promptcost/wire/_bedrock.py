"""Amazon Bedrock Converse: tools, system, messages; cache points stand as blocks of their own.

Source: the Converse reference (ContentBlock, SystemContentBlock and Tool are unions, each of which
has a `cachePoint` member).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._draft import Unit
from promptcost.wire.block import Kind, MarkerStyle
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from promptcost.wire._draft import Draft
    from promptcost.wire._marks import Json

_POINT = "cachePoint"
_KINDS = {
    "text": Kind.TEXT,
    "toolUse": Kind.TOOL_USE,
    "toolResult": Kind.TOOL_RESULT,
    "reasoningContent": Kind.THINKING,
    "image": Kind.IMAGE,
    "document": Kind.FILE,
    "video": Kind.FILE,
    "audio": Kind.FILE,
}


def read(body: Json, draft: Draft) -> None:
    """Add the blocks of a body in hash order."""
    tools = body.get("toolConfig")
    if isinstance(tools, dict):
        for path, tool in draft.objects(tools.get("tools"), "toolConfig.tools"):
            if not _point(path, tool, draft):
                unit = Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=path, value=tool)
                draft.add_free(unit)
    _blocks(Role.SYSTEM, "system", body.get("system"), draft)
    for path, message in draft.objects(body.get("messages"), "messages"):
        draft.open_message()
        role = Role.ASSISTANT if message.get("role") == "assistant" else Role.USER
        _blocks(role, join(path, "content"), message.get("content"), draft)


def _blocks(role: Role, path: str, content: object, draft: Draft) -> None:
    for place, block in draft.objects(content, path):
        if _point(place, block, draft):
            continue
        member = next(iter(block), "")
        kind = _KINDS.get(member, Kind.OTHER)
        unit = Unit(role=role, kind=kind, path=place, value=block)
        inner = block.get(member)
        if kind is Kind.TOOL_RESULT and isinstance(inner, dict):
            inside = replace(unit, role=Role.TOOL, path=join(place, member), value=inner)
            draft.tool_result(replace(inside, text_key="content"))
        else:
            draft.add(unit)


def _point(path: str, block: Json, draft: Draft) -> bool:
    """Put a cache point on the block before it, and say whether this was one."""
    if _POINT not in block:
        return False
    place = join(path, _POINT)
    draft.mark_last(draft.marks.marker(block[_POINT], place, MarkerStyle.CACHE_POINT))
    return True
