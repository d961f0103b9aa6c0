"""Conversations for chat templates, in the form that `apply_chat_template` takes.

The tool round carries reasoning, because what templates rewrite between turns is mostly that.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from promptcost.templates._filler import sentence

if TYPE_CHECKING:
    from collections.abc import Callable


class Talk(Enum):
    """Conversations in the order in which they are tried; templates refuse what they lack."""

    THINKING_ROUND = "system, user, tool call with reasoning under every name, tool result"
    TOOL_ROUND = "system, user, tool call, tool result"
    REASONING = "system, user, assistant with reasoning, user"
    PLAIN = "system, user, assistant, user"
    NO_SYSTEM = "user, assistant, user"


_REASONING = {
    Talk.THINKING_ROUND: ("reasoning_content", "reasoning", "thinking"),
    Talk.TOOL_ROUND: ("reasoning_content",),
    Talk.REASONING: ("reasoning_content",),
}


def conversation(talk: Talk, turns: int, version: int, seed: int) -> list[dict[str, Any]]:
    """Return the messages of a talk followed by `turns` more rounds of assistant and user."""

    def text(words: int, at: int) -> str:
        return sentence(words, version, seed, "message", at)

    system = {"role": "system", "content": sentence(60, 0, seed, "system message")}
    messages = _opening(talk, system, text)
    for turn in range(turns):
        messages.append(_assistant(text(30, 100 + turn), talk))
        messages.append({"role": "user", "content": text(15, 200 + turn)})
    return messages


def _opening(
    talk: Talk, system: dict[str, Any], text: Callable[[int, int], str]
) -> list[dict[str, Any]]:
    user = {"role": "user", "content": text(15, 1)}
    reply = _assistant(text(30, 2), talk)
    match talk:
        case Talk.THINKING_ROUND | Talk.TOOL_ROUND:
            call = {"name": "search", "arguments": {"text": text(4, 3)}}
            calls = [{"id": "call00001", "type": "function", "function": call}]
            asked = {**reply, "tool_calls": calls}
            result = {"role": "tool", "name": "search", "content": text(40, 4)}
            return [system, user, asked, {**result, "tool_call_id": "call00001"}]
        case Talk.REASONING | Talk.PLAIN:
            return [system, user, reply, {"role": "user", "content": text(15, 5)}]
        case Talk.NO_SYSTEM:
            return [user, reply, {"role": "user", "content": text(15, 5)}]


def _assistant(text: str, talk: Talk) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    thought = f"Because {text.split(' ', 1)[0]}."
    return message | dict.fromkeys(_REASONING.get(talk, ()), thought)


def tool_definitions(version: int, seed: int) -> list[dict[str, Any]]:
    """Return two function definitions in the common JSON form."""
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": sentence(20, version, seed, name),
                "parameters": {
                    "type": "object",
                    "properties": {"text": {"type": "string", "description": "What to use."}},
                    "required": ["text"],
                },
            },
        }
        for name in ("search", "fetch")
    ]
