"""What a builder returned as one text in the provider's hash order, with JSON paths."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from io import BytesIO

from promptcost.wire import WireRequest, read_stream

_ACCEPTED = "return a text, a list of messages with role and content, or a request body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt: its text, and where in it each value of a message or request starts."""

    text: str
    starts: tuple[int, ...] = (0,)
    paths: tuple[str, ...] = ("",)

    def path_at(self, char: int) -> str:
        """Return the JSON path of the value that holds a character; "" for a plain text."""
        return self.paths[max(bisect_right(self.starts, char) - 1, 0)]


def prompt_of(value: object) -> Prompt | str:
    """Return the prompt, or in words what a builder has to return instead."""
    if isinstance(value, str):
        return Prompt(text=value)
    is_list = isinstance(value, list)
    data = json.dumps({"messages": value} if is_list else value).encode()
    found = [item for item in read_stream(BytesIO(data), "") if isinstance(item, WireRequest)]
    if not found or not found[0].blocks:
        return _ACCEPTED
    starts, parts, at = [], [], 0
    for block in found[0].blocks:
        part = block.data.decode("utf-8", "replace") + "\n"
        starts.append(at)
        parts.append(part)
        at += len(part)
    paths = (block.json_path for block in found[0].blocks)
    shown = (path.removeprefix("messages") if is_list else path for path in paths)
    return Prompt(text="".join(parts), starts=tuple(starts), paths=tuple(shown))
