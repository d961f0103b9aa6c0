"""Filling in what a workload file leaves open, with a note for the report."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def given(value: T | None, default: T, notes: list[str], words: str) -> T:
    """Return the value, or the default with its words noted."""
    if value is not None:
        return value
    notes.append(words)
    return default
