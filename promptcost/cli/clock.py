"""The one place that reads the clock: everything below the command line is told the day."""

from __future__ import annotations

from datetime import UTC, date, datetime


def day(asked: datetime | None) -> date:
    """Return the day that was asked for, or today in UTC."""
    if asked is not None:
        return asked.date()
    return datetime.now(tz=UTC).date()  # noqa: TID251 - the edge may look at the clock
