"""promptcost: which bytes of a prompt break the provider's prompt cache, and what that costs.

    from pathlib import Path
    from promptcost import AuditRequest, run_audit

Every public name is loaded when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.errors import DataError, ExitCode, NothingToDo, Problem, UsageError
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.simulation_report import SimulationReport

__version__ = "0.1.0"

__all__ = [
    "AuditReport",
    "DataError",
    "ExitCode",
    "NothingToDo",
    "Problem",
    "SimulationReport",
    "UsageError",
    "__version__",
]

_HOMES = {
    "AuditReport": "promptcost.model.audit_report",
    "DataError": "promptcost.errors",
    "ExitCode": "promptcost.errors",
    "NothingToDo": "promptcost.errors",
    "Problem": "promptcost.errors",
    "SimulationReport": "promptcost.model.simulation_report",
    "UsageError": "promptcost.errors",
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
