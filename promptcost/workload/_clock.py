"""Local time over a period: wall-clock readings and the traffic profile, daylight saving included.

Every offset from UTC in use since 1972 is a multiple of a quarter of an hour, so quarter-hours are
the grain at which offsets and rates are constant.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    from promptcost.workload.distributions import Numbers, Samples
    from promptcost.workload.spec import Traffic

MICROSECOND = timedelta(microseconds=1)
SLOT = timedelta(minutes=15)
SLOT_US = SLOT // MICROSECOND
DAY_US = timedelta(days=1) // MICROSECOND
HOUR_US = timedelta(hours=1) // MICROSECOND
WEEK = 7

_BEYOND = timedelta(days=31)  # conversations go on after the period; later offsets are the last one


class WallClock:
    """Turns microseconds since the period began into what local clocks show."""

    def __init__(self, traffic: Traffic, period: timedelta) -> None:
        slots = (period + _BEYOND) // SLOT + 1
        self._ahead = _ahead_us(traffic.timezone, traffic.start, slots)

    def wall_us(self, time_us: Numbers) -> Numbers:
        """Return the wall clock in microseconds since midnight of the start date."""
        slots = np.minimum(time_us // SLOT_US, len(self._ahead) - 1)
        return time_us + self._ahead[slots]


@lru_cache(maxsize=8)
def _ahead_us(timezone: str, start: date, slots: int) -> Numbers:
    """Return by how much local clocks are ahead of the time passed, for every quarter-hour."""
    zone = UTC if timezone == "UTC" else ZoneInfo(timezone)
    midnight = datetime.combine(start, time())
    begin = midnight.replace(tzinfo=zone).astimezone(UTC)
    walls = ((begin + i * SLOT).astimezone(zone).replace(tzinfo=None) for i in range(slots))
    ahead = [(wall - midnight) // MICROSECOND - i * SLOT_US for i, wall in enumerate(walls)]
    return np.array(ahead, dtype=np.int64)


class Profile:
    """The share of the period's traffic up to each instant, linear within a quarter of an hour."""

    def __init__(self, traffic: Traffic, period: timedelta, clock: WallClock) -> None:
        self.length = period // MICROSECOND
        starts = np.arange(0, self.length, SLOT_US, dtype=np.int64)
        self.edges = np.append(starts, self.length)
        wall = clock.wall_us(starts)
        self.days = wall // DAY_US
        weekdays = np.array(traffic.weekdays)[(self.days + traffic.start.weekday()) % WEEK]
        rates = weekdays * np.array(traffic.hours)[wall % DAY_US // HOUR_US]
        mass = np.append(0.0, np.cumsum(rates * np.diff(self.edges)))
        self.shares: Samples = mass / mass[-1]

    def instants(self, shares: Samples) -> Numbers:
        """Return the instants at which these shares of the traffic have passed."""
        found: Numbers = np.interp(shares, self.shares, self.edges).astype(np.int64)
        return found

    def share(self, instant: int) -> float:
        """Return the share of the traffic before an instant."""
        return float(np.interp(instant, self.edges, self.shares))

    def window(self, share: float) -> tuple[int, int]:
        """Return a window of at most `share` of the traffic: whole weeks, whole days, or less."""
        ends = np.append(np.flatnonzero(np.diff(self.days)) + 1, len(self.days))
        whole = int(np.searchsorted(self.shares[ends], share, side="right"))
        if whole and self.shares[ends[whole - 1]] > 0:
            kept = whole - whole % WEEK if whole > WEEK else whole
            return 0, int(self.edges[ends[kept - 1]])
        return self._within_a_day(share, ends, whole)

    def _within_a_day(self, share: float, ends: Numbers, day: int) -> tuple[int, int]:
        before = self.shares[ends[day - 1]] if day else 0.0
        middle = (before + self.shares[ends[day]]) / 2
        low, high = self.instants(np.array([middle - share / 2, middle + share / 2]))
        return int(low), int(high)
