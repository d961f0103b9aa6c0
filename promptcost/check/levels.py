"""The words a user sets the gate with."""

from __future__ import annotations

from enum import StrEnum


class FailOn(StrEnum):
    """The lowest severity that fails the gate."""

    NOTE = "note"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"
