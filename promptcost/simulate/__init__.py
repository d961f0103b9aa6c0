"""Simulation: a workload's traffic against providers' cache rules, priced for a month."""

from __future__ import annotations

from promptcost.simulate.run import REPLICATES, run_simulation

__all__ = ["REPLICATES", "run_simulation"]
