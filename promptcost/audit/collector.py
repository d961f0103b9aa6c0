"""Python's search for cyclic garbage, made rare while templates are compiled.

A syntax tree is thousands of small objects that all live until its file is done, so that searching
after every few hundred of them finds nothing and takes a tenth of the time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OBJECTS = 100_000  # made between two searches; some ten megabytes
_Thresholds = tuple[int, int, int]
_waiting: list[_Thresholds] = []  # the usual thresholds, until the next search puts them back


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search for garbage only after many new objects; the next search puts the thresholds back.

    Putting them back at once would begin a search, which a process that ends can do without.
    """
    usual = _waiting.pop() if _waiting else gc.get_threshold()
    gc.set_threshold(*_rare(usual))
    if _put_back not in gc.callbacks:
        gc.callbacks.append(_put_back)
    try:
        yield
    finally:
        _waiting.append(usual)


def _rare(usual: _Thresholds) -> _Thresholds:
    return max(_OBJECTS, usual[0]) if usual[0] else 0, *usual[1:]


def _put_back(phase: str, _info: Mapping[str, int]) -> None:
    """Put the thresholds back, unless somebody else has set others since."""
    if phase != "start" or not _waiting:
        return
    usual = _waiting.pop()
    if gc.get_threshold() == _rare(usual):
        gc.set_threshold(*usual)
