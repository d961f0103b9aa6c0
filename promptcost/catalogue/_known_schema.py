"""The shape of a known-differences file.  Imported only inside functions: pydantic is heavy."""

from __future__ import annotations

from typing import Literal

from promptcost.catalogue._schema import Day, Strict, Text


class KnownDifferenceEntry(Strict):
    """Globs over target and rate, and why the difference is right."""

    target: Text
    rate: Text = "*"
    reason: Text


class KnownDifferencesFile(Strict):
    """The looked-into differences from one other price table."""

    table: Literal["litellm", "genai-prices"]
    checked: Day
    differences: list[KnownDifferenceEntry]
