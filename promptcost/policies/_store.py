"""Entries that live for a time: the store of the time-to-live families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.policies._base import CacheEvent, EventKind

if TYPE_CHECKING:
    from promptcost.model.prompt import PrefixId

_FIRST_SWEEP = 4_096


class Entry:
    """A cached prefix.  Alive while ``readable_us <= now <= expires_us``, both ends included."""

    __slots__ = ("born_us", "expires_us", "readable_us", "tokens", "ttl_us")

    def __init__(self, now_us: int, ttl_us: int, readable_after_us: int, tokens: int) -> None:
        self.born_us = now_us
        self.expires_us = now_us + ttl_us
        self.readable_us = now_us + readable_after_us
        self.tokens = tokens
        self.ttl_us = ttl_us


class Store(dict["PrefixId", Entry]):
    """Entries by prefix.

    Its owner removes the lapsed ones once there are more than `sweep_at` entries, twice those left
    by the last time, so memory follows the live.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sweep_at = _FIRST_SWEEP

    def lapse(self, now_us: int) -> list[CacheEvent]:
        """Remove and report every entry whose life ended before `now_us`."""
        dead = [(key, entry) for key, entry in self.items() if entry.expires_us < now_us]
        for key, _ in dead:
            del self[key]
        self.sweep_at = max(_FIRST_SWEEP, 2 * len(self))
        return [expiry(key, entry) for key, entry in dead]


def expiry(key: PrefixId, entry: Entry) -> CacheEvent:
    """Return the event of an entry's end."""
    return CacheEvent(EventKind.EXPIRE, entry.expires_us, key, entry.tokens)
