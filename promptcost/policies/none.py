"""No caching: every prompt token is billed as input."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from promptcost.model.usage import Usage
from promptcost.policies._base import CacheEvent, Charge, Closing, EventKind, Shortfall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.model.prompt import Request


class NoCachePolicy:
    """The baseline every saving is measured against."""

    shortfalls: Mapping[str, Shortfall] = MappingProxyType({})

    def find(self, request: Request, now_us: int) -> None:
        """Find nothing."""

    def commit(self, request: Request, match: None) -> tuple[CacheEvent, ...]:
        """Count a miss."""
        del match
        chain = request.prefix
        return (CacheEvent(EventKind.MISS, request.time_us, chain.id, chain.tokens),)

    def charge(self, request: Request, match: None) -> Charge:
        """Bill the whole prompt as input."""
        del match
        return Charge(0, request.prefix.tokens)

    def finish(self, end_us: int) -> Closing:
        """Owe nothing."""
        del end_us
        return Closing(Usage(), ())
