"""Audits: from templates to causes of cache loss."""

from __future__ import annotations

from promptcost.audit.request import AuditRequest, Selection
from promptcost.audit.run import run_audit
from promptcost.catalogue.target import DEFAULT_TARGETS

__all__ = ["DEFAULT_TARGETS", "AuditRequest", "Selection", "run_audit"]
