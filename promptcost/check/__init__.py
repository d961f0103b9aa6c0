"""The only place that says pass or fail.

`threshold` is imported by whoever needs a verdict; the words alone cost nothing at start-up.
"""

from __future__ import annotations

from promptcost.check.levels import FailOn

__all__ = ["FailOn"]
