"""The only place that says pass or fail."""

from __future__ import annotations

from promptcost.check.threshold import FailOn, audit_verdict, failing

__all__ = ["FailOn", "audit_verdict", "failing"]
