"""Random numbers that repeat: every source of Python's own draws from one seed."""

# ruff: noqa: ANN401 - the signatures of the functions it stands for

from __future__ import annotations

import hashlib
import os
import random
import sys
import uuid
from typing import Any

_RANDOM_SEED = random.Random.seed
_BLOCK = 64  # bytes of one digest
_LARGEST = 2**32  # numpy takes seeds below

_state = {"seed": 0, "drawn": 0}


def set_seed(seed: int) -> None:
    """Start every source again from a seed."""
    _state.update(seed=seed, drawn=0)
    random.seed(seed)
    # The time-based identifiers of a process never step back; a clock set back must not show.
    setattr(uuid, "_last_timestamp", None)  # noqa: B010 - private
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random"):
        numpy.random.seed(seed % _LARGEST)


def draw_from_seed() -> None:
    """Put the repeating sources in place of those of the system."""
    for module, name, value in (
        (os, "urandom", _urandom),
        (random, "_urandom", _urandom),
        (random.Random, "seed", _seed),
        (uuid, "_generate_time_safe", None),
        (uuid, "_UuidCreate", None),
    ):
        setattr(module, name, value)
    # Bound to the real one when the module was loaded.
    setattr(random, "seed", getattr(random, "_inst").seed)  # noqa: B009, B010 - private


def _urandom(size: int) -> bytes:
    made = b""
    while len(made) < size:
        told = f"{_state['seed']}:{_state['drawn']}".encode()
        made += hashlib.blake2b(told, digest_size=_BLOCK).digest()
        _state["drawn"] += 1
    return made[:size]


def _seed(self: random.Random, a: Any = None, version: int = 2) -> None:
    _RANDOM_SEED(self, int.from_bytes(_urandom(32)) if a is None else a, version)
