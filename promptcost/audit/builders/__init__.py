"""Audits of prompt builders: what they return in different worlds, and where it comes from."""

from __future__ import annotations

from promptcost.audit.builders.run import audit_builder, find_builders

__all__ = ["audit_builder", "find_builders"]
