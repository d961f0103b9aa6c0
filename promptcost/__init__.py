"""promptcost: which bytes of a prompt break the provider's prompt cache, and what that costs.

    from datetime import UTC, datetime
    from pathlib import Path
    from promptcost import AuditRequest, run_audit

    at = datetime(2026, 11, 20, tzinfo=UTC)
    report = run_audit(AuditRequest(paths=(Path("prompts"),), at=at))

Every public name is loaded when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.audit import AuditRequest, Selection, run_audit
    from promptcost.builders.process import BuilderLimits
    from promptcost.catalogue import Catalogue, Offer, Target, load_catalogue, price
    from promptcost.errors import (
        DataError,
        ExitCode,
        NothingToDo,
        Problem,
        PromptcostError,
        UsageError,
    )
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.finding import Finding, Severity
    from promptcost.model.money import Cost
    from promptcost.model.simulation_report import SimulationReport
    from promptcost.model.usage import Usage
    from promptcost.simulate.run import run_simulation
    from promptcost.templates.contexts import load_contexts
    from promptcost.tokens import OwnTokenizers, load_calibration
    from promptcost.workload.load import load_workload
    from promptcost.workload.spec import Workload

__version__ = "0.1.0"

__all__ = [
    "AuditReport",
    "AuditRequest",
    "BuilderLimits",
    "Catalogue",
    "Cost",
    "DataError",
    "ExitCode",
    "Finding",
    "NothingToDo",
    "Offer",
    "OwnTokenizers",
    "Problem",
    "PromptcostError",
    "Selection",
    "Severity",
    "SimulationReport",
    "Target",
    "Usage",
    "UsageError",
    "Workload",
    "__version__",
    "load_calibration",
    "load_catalogue",
    "load_contexts",
    "load_workload",
    "price",
    "run_audit",
    "run_simulation",
]

_HOMES = {
    "AuditReport": "promptcost.model.audit_report",
    "AuditRequest": "promptcost.audit",
    "BuilderLimits": "promptcost.builders.process",
    "Catalogue": "promptcost.catalogue",
    "Cost": "promptcost.model.money",
    "DataError": "promptcost.errors",
    "ExitCode": "promptcost.errors",
    "Finding": "promptcost.model.finding",
    "NothingToDo": "promptcost.errors",
    "Offer": "promptcost.catalogue",
    "OwnTokenizers": "promptcost.tokens",
    "Problem": "promptcost.errors",
    "PromptcostError": "promptcost.errors",
    "Selection": "promptcost.audit",
    "Severity": "promptcost.model.finding",
    "SimulationReport": "promptcost.model.simulation_report",
    "Target": "promptcost.catalogue",
    "Usage": "promptcost.model.usage",
    "UsageError": "promptcost.errors",
    "Workload": "promptcost.workload.spec",
    "load_calibration": "promptcost.tokens",
    "load_catalogue": "promptcost.catalogue",
    "load_contexts": "promptcost.templates.contexts",
    "load_workload": "promptcost.workload.load",
    "price": "promptcost.catalogue",
    "run_audit": "promptcost.audit",
    "run_simulation": "promptcost.simulate.run",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'promptcost' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - only paid for when a name is used

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
