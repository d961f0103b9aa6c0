"""The list of rules and the page of one rule, for people at a terminal."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING

from promptcost.report.tables import Column, Table
from promptcost.report.terminal.screen import Screen, Sheet
from promptcost.report.terminal.source import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.rules import RulePage
    from promptcost.rules._page import Shown

_RULES = (Column(name="code"), Column(name="name"), Column(name="what it finds", folds=True))
_LABELLED = re.compile(r"(What|Why|Repair|Providers|Source): (.*)", re.DOTALL)
_GUTTER = 11


def render_rules(rules: Sequence[RulePage], screen: Screen) -> str:
    """Return one line per rule."""
    sheet = Sheet(screen)
    rows = tuple((rule.code, rule.name, rule.title) for rule in rules)
    sheet.table(Table(title="Rules", columns=_RULES, rows=rows), _style, indent=0)
    return sheet.text


def _style(column: str, _cell: str) -> str:
    return "bold" if column == "code" else ""


def render_rule(rule: RulePage, screen: Screen) -> str:
    """Return the page of a rule: what, why, repair, per provider, source, and an example each."""
    sheet = Sheet(screen)
    sheet.line((f"{rule.code} {rule.name}", "bold"))
    for paragraph in cleandoc(rule.__doc__ or "").split("\n\n"):
        sheet.blank()
        _paragraph(sheet, paragraph.replace("\n", " ").replace("``", ""))
    for label, style, examples in (("Bad", "red", rule.bad), ("Good", "green", rule.good)):
        for example in examples[:1]:
            sheet.blank()
            sheet.line((label, f"bold {style}"))
            _example(sheet, example)
    return sheet.text


def _paragraph(sheet: Sheet, text: str) -> None:
    found = _LABELLED.fullmatch(text)
    if found is None:
        sheet.paragraph(text)
    else:
        sheet.labelled((found[1], "bold cyan"), found[2], indent=0, gutter=_GUTTER)


def _example(sheet: Sheet, example: Shown) -> None:
    for line in example.text.rstrip("\n").split("\n"):
        sheet.line(f"  {shortened(line, sheet.width - 2)}")
