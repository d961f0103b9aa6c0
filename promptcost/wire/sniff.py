"""Tells which API a request body was written for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.wire.block import Api

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.wire._marks import Json

_HINTS = (
    (re.compile(r"generatecontent|gemini\.", re.IGNORECASE), Api.GEMINI),
    (
        re.compile(r"/converse\b|/converse-stream|^converse|bedrock\.conv", re.IGNORECASE),
        Api.BEDROCK_CONVERSE,
    ),
    (re.compile(r"chat[/._]completions?|openai\.chat", re.IGNORECASE), Api.OPENAI_CHAT),
    (
        re.compile(r"/responses\b|openai\.responses|^a?responses$", re.IGNORECASE),
        Api.OPENAI_RESPONSES,
    ),
    (re.compile(r"/messages\b|anthropic", re.IGNORECASE), Api.ANTHROPIC_MESSAGES),
)
_BEDROCK = ("toolConfig", "inferenceConfig", "additionalModelRequestFields", "guardrailConfig")
_BEDROCK_MEMBERS = ("text", "toolUse", "toolResult", "cachePoint", "reasoningContent")
_ANTHROPIC = ("system", "anthropic_version", "thinking", "stop_sequences", "cache_control")
_ANTHROPIC_BLOCKS = ("tool_use", "tool_result", "thinking", "redacted_thinking", "document")
_CHAT = (
    "response_format",
    "max_completion_tokens",
    "frequency_penalty",
    "presence_penalty",
    "logprobs",
    "n",
    "functions",
    "prompt_cache_key",
)
_CHAT_ROLES = ("developer", "tool", "function")
_RESPONSES = (
    "instructions",
    "previous_response_id",
    "max_output_tokens",
    "reasoning",
    "store",
    "tools",
    "text",
    "prompt_cache_key",
)
_LOOKED_AT = 1_000


def sniff_api(body: object, hints: Iterable[str] = ()) -> Api | None:
    """Return the API of a body, None when it is no request for a model.

    `hints` are words from around the body (URL, path, operation); the first that is known decides
    where the shape allows it, otherwise the shape does.
    """
    if not isinstance(body, dict):
        return None
    said = (api for hint in hints for pattern, api in _HINTS if pattern.search(hint))
    named = tuple(said)
    possible = set(_possible(body, named))
    return next((api for api in named if api in possible), None) or _by_shape(body, possible)


def _possible(body: Json, named: tuple[Api, ...]) -> Iterator[Api]:
    if _are_contents(body.get("contents")):
        yield Api.GEMINI
    if _are_messages(body.get("messages")):
        yield from (Api.ANTHROPIC_MESSAGES, Api.OPENAI_CHAT, Api.BEDROCK_CONVERSE)
    items = body.get("input")
    if isinstance(items, list) and any(map(_is_chat_message, _objects(items))):
        yield Api.OPENAI_CHAT
    elif _are_items(items) or (isinstance(items, str) and _takes_text(body, named)):
        yield Api.OPENAI_RESPONSES


def _are_contents(value: object) -> bool:
    return isinstance(value, dict) or _begins_with(value, {"parts", "role"})


def _are_messages(value: object) -> bool:
    return _begins_with(value, {"role"})


def _begins_with(value: object, fields: set[str]) -> bool:
    """Say whether a list may hold what has one of these fields: its first object does, if any."""
    first = next(_objects(value), None)
    return isinstance(value, list) and (not first or not fields.isdisjoint(first))


def _is_chat_message(item: Json) -> bool:
    """Say whether an item is of Chat Completions, as tracers that call any prompt input log it."""
    return item.get("role") == "tool" or "tool_calls" in item


def _are_items(value: object) -> bool:
    """Say whether a value is a list of items; embedding requests give a list of texts here."""
    if not isinstance(value, list):
        return False
    return not value or not {"role", "type"}.isdisjoint(next(_objects(value[:1]), {}))


def _takes_text(body: Json, named: tuple[Api, ...]) -> bool:
    """Embedding requests share a plain text as `input` with Responses."""
    return Api.OPENAI_RESPONSES in named or any(key in body for key in _RESPONSES)


def _by_shape(body: Json, possible: set[Api]) -> Api | None:
    if Api.GEMINI in possible:
        return Api.GEMINI
    if Api.OPENAI_CHAT not in possible:
        return Api.OPENAI_RESPONSES if possible else None
    if _looks_bedrock(body):
        return Api.BEDROCK_CONVERSE
    if _looks_chat(body):
        return Api.OPENAI_CHAT
    return Api.ANTHROPIC_MESSAGES if _looks_anthropic(body) else Api.OPENAI_CHAT


def _looks_bedrock(body: Json) -> bool:
    if any(key in body for key in _BEDROCK):
        return True
    blocks = [*_blocks(body), *_objects(body.get("system"))]
    return any("type" not in block and set(block) & set(_BEDROCK_MEMBERS) for block in blocks)


def _looks_chat(body: Json) -> bool:
    if any(body.get(key) is not None for key in _CHAT):
        return True
    if any("function" in tool for tool in _objects(body.get("tools"))):
        return True
    messages = list(_objects(body.get("messages")))
    if any(m.get("role") in _CHAT_ROLES or "tool_calls" in m for m in messages):
        return True
    first = messages[0].get("role") if messages else None
    return first == "system" and "system" not in body


def _looks_anthropic(body: Json) -> bool:
    if any(key in body for key in _ANTHROPIC):
        return True
    if any("input_schema" in tool for tool in _objects(body.get("tools"))):
        return True
    if any(block.get("type") in _ANTHROPIC_BLOCKS for block in _blocks(body)):
        return True
    model = body.get("model")
    return isinstance(model, str) and "claude" in model and not model.startswith("anthropic/")


def _blocks(body: Json) -> Iterator[Json]:
    for message in _objects(body.get("messages")):
        yield from _objects(message.get("content"))


def _objects(value: object) -> Iterator[Json]:
    for item in value[:_LOOKED_AT] if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item
