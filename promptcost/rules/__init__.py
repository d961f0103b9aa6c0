"""Rules: causes of cache loss, one file each, with their examples."""

from __future__ import annotations

from promptcost.rules._base import (
    Cause,
    Example,
    Iteration,
    PlaceInPrompt,
    Remark,
    Rule,
    Sign,
    Subject,
    Via,
)
from promptcost.rules._page import RulePage
from promptcost.rules.registry import (
    all_rules,
    request_rules,
    rule_of,
    selected,
    template_rules,
    unknown_codes,
)

__all__ = [
    "Cause",
    "Example",
    "Iteration",
    "PlaceInPrompt",
    "Remark",
    "Rule",
    "RulePage",
    "Sign",
    "Subject",
    "Via",
    "all_rules",
    "request_rules",
    "rule_of",
    "selected",
    "template_rules",
    "unknown_codes",
]
