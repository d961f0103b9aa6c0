"""What ``promptcost rules`` and ``promptcost explain`` do; loaded only when they run."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from promptcost.cli import _prices
from promptcost.cli.output import check_output, deliver, screen_for
from promptcost.errors import ExitCode, UsageError
from promptcost.report.terminal import render_rule, render_rules
from promptcost.rules import all_rules, rule_of

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.cli.market import Asked


def list_rules(output: Path | None) -> ExitCode:
    """Write one line per rule."""
    check_output(output)
    deliver(render_rules(all_rules(), screen_for(output)), output)
    return ExitCode.CLEAN


def explain(subject: str, asked: Asked) -> ExitCode:
    """Write the page of a rule or a target; a name with a slash is a target."""
    if "/" in subject:
        return _prices.explain_target(subject, asked)
    check_output(asked.output)
    rule = rule_of(subject)
    if rule is None:
        known = [name for other in all_rules() for name in (other.code, other.name)]
        near = get_close_matches(subject, known, n=1) or get_close_matches(subject.upper(), known)
        hint = f"did you mean {near[0]}?" if near else "see 'promptcost rules'"
        message = f"there is no rule {subject!r}; {hint}"
        raise UsageError(message)
    deliver(render_rule(rule, screen_for(asked.output)), asked.output)
    return ExitCode.CLEAN
