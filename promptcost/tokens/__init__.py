"""Token counting, offline: exact where a vocabulary is known, else estimates that carry a band."""

from __future__ import annotations

from promptcost.tokens.calibration import Calibration, fit
from promptcost.tokens.counter import TokenCounter, counter
from promptcost.tokens.families import families, family
from promptcost.tokens.measurements import load_calibration
from promptcost.tokens.own import NO_OWN_TOKENIZERS, OwnTokenizers

__all__ = [
    "NO_OWN_TOKENIZERS",
    "Calibration",
    "OwnTokenizers",
    "TokenCounter",
    "counter",
    "families",
    "family",
    "fit",
    "load_calibration",
]
