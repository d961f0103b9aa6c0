"""Gemini generateContent: tools, system instruction, contents.

Source: the generateContent reference; REST accepts camel and snake case.  A thought signature is
part of the turn that is sent back, so it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._draft import Unit
from promptcost.wire.block import Kind
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.wire._draft import Draft
    from promptcost.wire._marks import Json

_DECLARATIONS = ("functionDeclarations", "function_declarations")
_SYSTEM = ("systemInstruction", "system_instruction")
_KINDS = (
    (Kind.TOOL_USE, ("functionCall", "function_call", "executableCode", "executable_code")),
    (Kind.TOOL_RESULT, ("functionResponse", "function_response", "codeExecutionResult")),
    (Kind.IMAGE, ("inlineData", "inline_data")),
    (Kind.FILE, ("fileData", "file_data")),
)


def read(body: Json, draft: Draft) -> None:
    """Add the blocks of a body in hash order."""
    for path, tool in draft.objects(body.get("tools"), "tools"):
        _tool(path, tool, draft)
    for key in _SYSTEM:
        if isinstance(system := body.get(key), dict):
            _parts(Role.SYSTEM, key, system, draft)
        elif isinstance(system, str):
            draft.text(Role.SYSTEM, key, system)
    contents = body.get("contents")
    if isinstance(contents, dict):
        contents = [contents]
    for path, content in draft.objects(contents, "contents"):
        draft.open_message()
        role = Role.ASSISTANT if content.get("role") == "model" else Role.USER
        _parts(role, path, content, draft)


def _tool(path: str, tool: Json, draft: Draft) -> None:
    """Each declaration is a block of its own, so that a moved one can be named."""
    for key in _DECLARATIONS:
        for place, declared in draft.objects(tool.get(key), join(path, key)):
            unit = Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=place, value=declared)
            draft.add_free(unit)
    rest = {key: item for key, item in tool.items() if key not in _DECLARATIONS}
    if rest:
        unit = Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=path, value=rest)
        draft.add_free(unit)


def _parts(role: Role, path: str, content: Json, draft: Draft) -> None:
    parts = content.get("parts")
    if isinstance(parts, dict):
        parts = [parts]
    for place, part in draft.objects(parts, join(path, "parts")):
        kind = _kind(part)
        speaker = Role.TOOL if kind is Kind.TOOL_RESULT else role
        draft.add(Unit(role=speaker, kind=kind, path=place, value=part))


def _kind(part: Json) -> Kind:
    if part.get("thought"):
        return Kind.THINKING
    if "text" in part:
        return Kind.TEXT
    return next((kind for kind, keys in _KINDS if _any_in(keys, part)), Kind.OTHER)


def _any_in(keys: Iterable[str], part: Json) -> bool:
    return any(key in part for key in keys)
