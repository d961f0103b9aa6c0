"""Rules about recorded requests: causes of cache loss that show in traffic, one file each."""

from __future__ import annotations

from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, general
from promptcost.rules.requests._facts import (
    Break,
    Burst,
    Changed,
    Encounter,
    Gaps,
    Marked,
    ProgramFacts,
    Reach,
    Terms,
    Topic,
    ValueKind,
)

__all__ = [
    "Break",
    "Burst",
    "Changed",
    "Encounter",
    "Gaps",
    "Marked",
    "ProgramFacts",
    "Reach",
    "RequestExample",
    "RequestRule",
    "Sighting",
    "Terms",
    "Topic",
    "ValueKind",
    "general",
]
