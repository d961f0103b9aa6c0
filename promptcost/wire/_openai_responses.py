"""OpenAI Responses: tools, instructions, input items.

Source: the Responses reference.  An item's `id` and `status` are no prompt text, its `call_id` is;
an `id` counts where it stands for content that the server keeps.  A deferred tool is no part of the
prompt until tool search found it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.wire._draft import Unit
from promptcost.wire._marks import NOTHING
from promptcost.wire.block import Kind
from promptcost.wire.json_path import join

if TYPE_CHECKING:
    from promptcost.wire._draft import Draft
    from promptcost.wire._marks import Json

_PARTS = {
    "input_text": Kind.TEXT,
    "output_text": Kind.TEXT,
    "text": Kind.TEXT,
    "input_image": Kind.IMAGE,
    "input_file": Kind.FILE,
    "input_audio": Kind.FILE,
}
_ROLES = {"system": Role.SYSTEM, "developer": Role.SYSTEM, "assistant": Role.ASSISTANT}
_PART_NOISE = frozenset({"annotations", "logprobs"})
_ITEM_NOISE = frozenset({"id", "status"})


def read(body: Json, draft: Draft) -> None:
    """Add the blocks of a body in hash order."""
    for path, tool in draft.objects(body.get("tools"), "tools"):
        if tool.get("defer_loading") is True:
            continue
        draft.add_free(Unit(role=Role.TOOLS, kind=Kind.TOOL_DEFINITION, path=path, value=tool))
    if isinstance(instructions := body.get("instructions"), str):
        draft.open_message()
        draft.text(Role.SYSTEM, "instructions", instructions)
    items = body.get("input")
    if isinstance(items, str):
        draft.open_message()
        draft.text(Role.USER, "input", items)
        return
    for path, item in draft.objects(items, "input"):
        draft.open_message()
        _item(path, item, draft)


def _item(path: str, item: Json, draft: Draft) -> None:
    name = item.get("type", "message")
    if name == "message":
        role = _ROLES.get(str(item.get("role")), Role.USER)
        place = join(path, "content")
        unit = Unit(role=role, kind=Kind.TEXT, path=place, value={}, drop=_PART_NOISE)
        draft.content(unit, item.get("content"), _PARTS)
        return
    kind = _kind(str(name))
    role = Role.TOOL if kind is Kind.TOOL_RESULT else Role.ASSISTANT
    drop = NOTHING if _stands_for_content(item) else _ITEM_NOISE
    unit = Unit(role=role, kind=kind, path=path, value=item, text_key="output", drop=drop)
    if kind is Kind.TOOL_RESULT:
        draft.tool_result(unit)
    else:
        draft.add(unit)


def _kind(name: str) -> Kind:
    if name == "reasoning":
        return Kind.THINKING
    if name.endswith(("_call_output", "_output", "_response")):
        return Kind.TOOL_RESULT
    return Kind.TOOL_USE if name.endswith("_call") else Kind.OTHER


def _stands_for_content(item: Json) -> bool:
    """Say whether the id is all that names the content, which the server then looks up."""
    name = item.get("type")
    return name == "item_reference" or (name == "reasoning" and not item.get("encrypted_content"))
