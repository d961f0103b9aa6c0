"""Audits: from templates to causes of cache loss."""

from __future__ import annotations

from promptcost.audit.request import DEFAULT_TARGETS, AuditRequest, Selection
from promptcost.audit.run import run_audit

__all__ = ["DEFAULT_TARGETS", "AuditRequest", "Selection", "run_audit"]
