"""Anthropic Messages: tools, system, messages.

Source: the Messages API reference ("consecutive user or assistant turns in your request will be
combined into a single turn", so only a change of role opens a message), the caching guide, and the
tool search guide (a deferred tool is no part of the prompt until it was found).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._draft import Unit
from promptcost.wire.block import Kind
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from promptcost.wire._draft import Draft
    from promptcost.wire._marks import Json

_KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "document": Kind.FILE,
    "container_upload": Kind.FILE,
    "tool_use": Kind.TOOL_USE,
    "server_tool_use": Kind.TOOL_USE,
    "mcp_tool_use": Kind.TOOL_USE,
    "tool_result": Kind.TOOL_RESULT,
    "thinking": Kind.THINKING,
    "redacted_thinking": Kind.THINKING,
}
_ROLES = {"assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def read(body: Json, draft: Draft) -> None:
    """Add the blocks of a body in hash order."""
    for path, tool in draft.objects(body.get("tools"), "tools"):
        if tool.get("defer_loading") is True:
            continue
        draft.add_free(Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=path, value=tool))
    _content(Role.SYSTEM, "system", body.get("system"), draft)
    previous = None
    for path, message in draft.objects(body.get("messages"), "messages"):
        role = _ROLES.get(str(message.get("role")), Role.USER)
        if role is not previous:
            draft.open_message()
        previous = role
        _content(role, join(path, "content"), message.get("content"), draft)


def _content(role: Role, path: str, content: object, draft: Draft) -> None:
    draft.content(Unit(role=role, kind=Kind.TEXT, path=path, value={}), content, _KINDS)
