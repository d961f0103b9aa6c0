"""Reports for people at a terminal; with Rich, which only this package and `cli` import."""

from __future__ import annotations

from promptcost.report.terminal.audit import render_audit
from promptcost.report.terminal.prices import (
    render_card,
    render_comparison,
    render_explanation,
    render_price_list,
)
from promptcost.report.terminal.rules import render_rule, render_rules
from promptcost.report.terminal.screen import Screen
from promptcost.report.terminal.simulation import render_simulation

__all__ = [
    "Screen",
    "render_audit",
    "render_card",
    "render_comparison",
    "render_explanation",
    "render_price_list",
    "render_rule",
    "render_rules",
    "render_simulation",
]
