"""Python's search for cyclic garbage, made rare while templates are compiled.

A syntax tree is thousands of small objects that all live until its file is done, so that searching
after every few hundred of them finds nothing and takes a tenth of the time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBJECTS = 100_000  # made between two searches; some ten megabytes


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search for garbage only after many new objects; the usual thresholds are put back."""
    usual = gc.get_threshold()
    gc.set_threshold(max(_OBJECTS, usual[0]) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
