"""Small request bodies for the examples of rules, one JSON text each."""

from __future__ import annotations

import json
from collections.abc import Mapping

MANUAL = "Quote the step of the manual that you used, and say which page it stands on. " * 90
SHORT_MARK = {"type": "ephemeral"}
LONG_MARK = {"type": "ephemeral", "ttl": "1h"}
MODEL = "claude-sonnet-4-5"

Json = Mapping[str, object]


def text(words: str, mark: Json | None = None) -> Json:
    """Return a text block, marked or not."""
    plain = {"type": "text", "text": words}
    return {**plain, "cache_control": mark} if mark else plain


def tool(name: str, about: str = "Does it.", **more: object) -> Json:
    """Return a tool definition of Anthropic's API."""
    schema = {"type": "object", "properties": {"path": {"type": "string"}}}
    return {"name": name, "description": about, "input_schema": schema, **more}


def user(content: object) -> Json:
    """Return a user message."""
    return {"role": "user", "content": content}


def answer(content: object) -> Json:
    """Return an answer of the model."""
    return {"role": "assistant", "content": content}


def claude(system: object, *messages: Json, **more: object) -> str:
    """Return a body of Anthropic's API."""
    return json.dumps(
        {"model": MODEL, "max_tokens": 64, "system": system, "messages": messages, **more}
    )


def gpt(system: str, *messages: Json, model: str = "gpt-5", **more: object) -> str:
    """Return a body of OpenAI's Chat Completions."""
    first = {"role": "system", "content": system}
    return json.dumps({"model": model, "messages": [first, *messages], **more})


def at(time: str, body: str, **more: object) -> str:
    """Return a body in a record that says when it was sent."""
    return json.dumps({"timestamp": time, "request": json.loads(body), **more})


FIRST = (user("First question?"),)
ROUND = (*FIRST, answer("First answer."), user("Second question?"))
