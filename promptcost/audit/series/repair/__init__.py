"""Repairs of recorded requests that cannot change what a request says."""

from __future__ import annotations

from promptcost.audit.series.repair.offer import find_repairs, is_repairable

__all__ = ["find_repairs", "is_repairable"]
