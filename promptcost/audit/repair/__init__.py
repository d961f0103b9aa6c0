"""Repairs: edits of prompts that are offered only after an audit of the edited file agrees.

Safe: sort what has no order of its own.  Unsafe, because it moves words of a prompt: move volatile
lines behind the fixed ones.
"""

from __future__ import annotations

from promptcost.audit.repair.included import included
from promptcost.audit.repair.made import Repaired, edited, repaired
from promptcost.audit.repair.offer import Judged, Repairer

__all__ = ["Judged", "Repaired", "Repairer", "edited", "included", "repaired"]
