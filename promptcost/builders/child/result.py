"""What a builder returns, reduced to JSON values: a text, a list of messages, or a request."""

# ruff: noqa: ANN401 - a builder returns anything

from __future__ import annotations

from typing import Any

_DEEPEST = 64


class Unsupported(Exception):  # noqa: N818 - an answer, not a fault
    """The builder returned something that is no prompt; the text is the name of its type."""


class TooLarge(Exception):  # noqa: N818 - an answer, not a fault
    """The prompt is above the limit."""


class Plain:
    """Copies a result as JSON values and counts its characters."""

    def __init__(self, most: int) -> None:
        self._left = most

    def prompt(self, value: Any) -> Any:
        """Return a prompt as JSON values.  Raises Unsupported and TooLarge."""
        if not isinstance(value, str | list | tuple | dict) or not value:
            raise Unsupported("" if value in ([], (), {}) else type(value).__name__)
        return self._copy(value, 0)

    def _copy(self, value: Any, depth: int) -> Any:
        self._spend(1)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            self._spend(len(value))
            return str.__str__(value)
        if depth < _DEEPEST and isinstance(value, dict):
            return {self._key(key): self._copy(held, depth + 1) for key, held in value.items()}
        if depth < _DEEPEST and isinstance(value, list | tuple):
            return [self._copy(held, depth + 1) for held in value]
        raise Unsupported(type(value).__name__)

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            name = f"key {type(key).__name__}"
            raise Unsupported(name)
        self._spend(len(key))
        return str.__str__(key)

    def _spend(self, characters: int) -> None:
        self._left -= characters
        if self._left < 0:
            raise TooLarge
