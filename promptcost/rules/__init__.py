"""Rules: causes of cache loss, one file each, with their examples."""

from __future__ import annotations

from promptcost.rules._base import Cause, Example, Iteration, Remark, Rule, Subject, Via
from promptcost.rules.registry import all_rules, rule_of, selected, unknown_codes

__all__ = [
    "Cause",
    "Example",
    "Iteration",
    "Remark",
    "Rule",
    "Subject",
    "Via",
    "all_rules",
    "rule_of",
    "selected",
    "unknown_codes",
]
