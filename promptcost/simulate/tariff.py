"""Which of an offer's rate tables a request is billed at: prompt size and hour of the day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from promptcost.catalogue import Offer, RateTable
    from promptcost.workload.spec import Workload

_MINUTE_US = 60_000_000


class Tariff:
    """The rate tables of an offer over a simulated period."""

    def __init__(self, offer: Offer, start: datetime) -> None:
        """`start` is the instant at which the period begins, with its time zone."""
        self._offer = offer
        self._start = start.astimezone(UTC)
        self._dated = bool(offer.card.windows)
        self._sized = bool(offer.card.size_tiers)
        self.storage = offer.tables[0][0]

    @property
    def is_single(self) -> bool:
        """Whether one table serves every request."""
        return not (self._dated or self._sized)

    def of(self, prompt_tokens: int, time_us: int) -> RateTable:
        """Return the rates for a prompt of so many tokens at a time since the period began."""
        if self._dated:
            minute = time_us // _MINUTE_US
            at = self._start + timedelta(minutes=minute)
            return self._offer.table(prompt_tokens, at)
        return self._offer.table(prompt_tokens) if self._sized else self.storage


def start_of(workload: Workload) -> datetime:
    """Return the instant at which a workload's period begins: midnight where its clock is."""
    zone = ZoneInfo(workload.traffic.timezone)
    return datetime.combine(workload.traffic.start, time(), zone)
