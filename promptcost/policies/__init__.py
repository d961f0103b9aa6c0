"""Cache families: one file of rules per family, all behind `Policy`."""

from __future__ import annotations

from promptcost.policies._base import (
    CacheEvent,
    Charge,
    Closing,
    EventKind,
    Policy,
    Random,
    Shortfall,
    micros,
)
from promptcost.policies._make import make_policy

__all__ = [
    "CacheEvent",
    "Charge",
    "Closing",
    "EventKind",
    "Policy",
    "Random",
    "Shortfall",
    "make_policy",
    "micros",
]
