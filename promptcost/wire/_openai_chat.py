"""OpenAI Chat Completions, and the many servers that speak it: tools, then messages.

Source: the Chat Completions reference.  LiteLLM and OpenRouter add `cache_control` on blocks and
messages; several servers add the `reasoning` fields.
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
    "image_url": Kind.IMAGE,
    "input_audio": Kind.FILE,
    "file": Kind.FILE,
    "tool_use": Kind.TOOL_USE,
    "tool_result": Kind.TOOL_RESULT,
    "thinking": Kind.THINKING,
}
_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_MARK = "cache_control"
_REASONING = ("reasoning_content", "reasoning", "reasoning_details", "thinking_blocks")
_CALL_NOISE = frozenset({"index", "provider_specific_fields"})
_MESSAGE_NOISE = frozenset({"role", "id", "provider_specific_fields"})


def read(body: Json, draft: Draft) -> None:
    """Add the blocks of a body in hash order."""
    for key in ("tools", "functions"):
        for path, tool in draft.objects(body.get(key), key):
            value = _with_mark_outside(tool)
            draft.add_free(Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=path, value=value))
    key = "messages" if "messages" in body else "input"
    for path, message in draft.objects(body.get(key), key):
        draft.open_message()
        role = _ROLES.get(str(message.get("role")), Role.USER)
        if role is Role.TOOL:
            draft.tool_result(_result(path, message))
        else:
            _message(role, path, message, draft)


def _with_mark_outside(tool: Json) -> Json:
    """Move a mark that LiteLLM lets callers write inside `function` to the tool itself."""
    function = tool.get("function")
    if not isinstance(function, dict) or _MARK not in function:
        return tool
    inner = {key: value for key, value in function.items() if key != _MARK}
    return {**tool, "function": inner, _MARK: function[_MARK]}


def _result(path: str, message: Json) -> Unit:
    return Unit(
        role=Role.TOOL,
        kind=Kind.TOOL_RESULT,
        path=path,
        value=message,
        text_key="content",
        drop=_MESSAGE_NOISE,
    )


def _message(role: Role, path: str, message: Json, draft: Draft) -> None:
    for key in _REASONING:
        if message.get(key):
            value = {key: message[key]}
            draft.add_free(Unit(role=role, kind=Kind.THINKING, path=path, value=value))
    if message.get("content") or not message.get("tool_calls"):
        _content(role, path, message, draft)
    if refusal := message.get("refusal"):
        draft.text(role, join(path, "refusal"), str(refusal))
    for place, call in draft.objects(message.get("tool_calls"), join(path, "tool_calls")):
        unit = Unit(role=role, kind=Kind.TOOL_USE, path=place, value=call, drop=_CALL_NOISE)
        draft.add(unit)
    if isinstance(legacy := message.get("function_call"), dict):
        place = join(path, "function_call")
        draft.add(Unit(role=role, kind=Kind.TOOL_USE, path=place, value=legacy))
    draft.mark_last(draft.marks.strip(message, path).marker)


def _content(role: Role, path: str, message: Json, draft: Draft) -> None:
    content, place = message.get("content"), join(path, "content")
    if isinstance(content, str) and message.get("name"):
        value = {"name": message["name"], "content": content}
        draft.add(Unit(role=role, kind=Kind.TEXT, path=path, value=value, text_key="content"))
    else:
        draft.content(Unit(role=role, kind=Kind.TEXT, path=place, value={}), content, _KINDS)
