"""Audits of recorded requests: what belongs together, what is shared, and what breaks it."""

from __future__ import annotations

from promptcost.audit.series.find import Logs, find_logs
from promptcost.audit.series.run import SeriesAuditor

__all__ = ["Logs", "SeriesAuditor", "find_logs"]
