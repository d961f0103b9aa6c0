from __future__ import annotations

from typing import ClassVar

import pytest

from promptcost.report.terminal import Screen, render_rule, render_rules
from promptcost.rules import Example, Rule, all_rules

SCREEN = Screen(width=72)


class _Invented:
    """Something is printed too early.

    What: a thing stands in front of
    ``fixed`` text.

    A paragraph without a label.

    Repair: move it.
    """

    code, name = "PC999", "invented"
    title = "Something is printed too early."
    bad: ClassVar = (Example(template="«{{ thing }}»\n" + "fixed " * 30), Example(template="b"))
    good: ClassVar = (Example(template="fixed\n{{ thing }}"),)


PAGE = """\
PC999 invented

Something is printed too early.

What       a thing stands in front of fixed text.

A paragraph without a label.

Repair     move it.

Bad
  {{ thing }}
  fixed fixed fixed fixed fixed fixed fixed fixed fixed fixed fixed fix…

Good
  fixed
  {{ thing }}
"""


def test_the_page_of_a_rule_has_its_parts_and_one_example_each() -> None:
    assert render_rule(_Invented(), SCREEN) == PAGE  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_has_a_page_that_fits_the_screen(rule: Rule) -> None:
    page = render_rule(rule, SCREEN)
    assert page.startswith(f"{rule.code} {rule.name}\n")
    assert max(map(len, page.split("\n"))) <= 72
    assert all(f"\n{label} " in page for label in ("What", "Why", "Repair", "Source"))
    assert "\nBad\n" in page
    assert "\nGood\n" in page


def test_the_list_of_rules_has_a_line_for_each() -> None:
    shown = render_rules(all_rules(), Screen(width=200))
    assert [line.split()[0] for line in shown.split("\n")[1:-1]] == [
        rule.code for rule in all_rules()
    ]
