"""Reports as JSON: the contract that other tools may rely on, described by the shipped schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from promptcost import __version__
from promptcost.model.audit_report import AuditReport
from promptcost.model.simulation_report import SimulationReport
from promptcost.report.encode import encode

if TYPE_CHECKING:
    from promptcost.report.encode import Json

_KINDS: dict[type, str] = {AuditReport: "audit", SimulationReport: "simulate"}


def render(report: AuditReport | SimulationReport) -> str:
    """Return a report as one ASCII JSON document; `schema_version` says which fields it has."""
    written: dict[str, Json] = {**envelope_keys(type(report)), "promptcost": __version__}
    body = encode(report)
    assert isinstance(body, dict)  # noqa: S101 - a dataclass always is
    return to_text(written | body)


def envelope_keys(report: type) -> dict[str, Json]:
    """Return the constant keys that come before the fields of a report class."""
    return {"kind": _KINDS[report]}


def to_text(value: Json) -> str:
    """Return JSON text as promptcost writes it everywhere: ASCII, indented, one line end."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"
