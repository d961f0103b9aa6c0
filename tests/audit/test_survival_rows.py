"""A row tells what stays when a request comes as requests do: later, and with values of its own."""

from __future__ import annotations

import pytest
from audit.auditing import RULES, audit

from promptcost.model.audit_report import Change, brings

REQUEST, TURN, SECOND = Change.NEXT_REQUEST, Change.NEXT_TURN, Change.NEXT_SECOND


def shared(tmp_path, template):
    (file,) = audit(tmp_path, template).files
    return {row.change: row for row in file.survival}


@pytest.mark.parametrize(
    ("template", "breaks"),
    [
        ("Now: {{ now }}\n", {REQUEST, TURN, SECOND}),
        ("On: {{ current_date }}\n", set()),
        ("Asked: {{ question }}\n", {REQUEST, TURN}),
        ("Step: {{ step_number }}\n", {TURN}),
        ("User: {{ user.name }}\n", set()),
    ],
)
def test_the_next_request_comes_later_and_the_next_turn_is_a_request(tmp_path, template, breaks):
    rows = shared(tmp_path, template + RULES)
    assert {change for change in (REQUEST, TURN, SECOND) if not rows[change].survives} == breaks


def test_the_first_of_what_changes_is_where_the_prefix_ends(tmp_path):
    rows = shared(tmp_path, f"{{{{ step_number }}}} {{{{ now }}}} {{{{ question }}}}\n{RULES}")
    first = {change: rows[change].expression for change in (TURN, REQUEST, SECOND)}
    assert first == {TURN: "step_number", REQUEST: "now", SECOND: "now"}
    assert rows[TURN].bytes_shared < rows[REQUEST].bytes_shared == rows[SECOND].bytes_shared


def test_other_changes_are_looked_at_alone(tmp_path):
    rows = shared(tmp_path, f"{{{{ now }}}} {{{{ user.name }}}}\n{RULES}")
    assert rows[Change.OTHER_USER].expression == "user.name"
    assert [brings(change) for change in Change if change not in {REQUEST, TURN}] == [
        (change,) for change in Change if change not in {REQUEST, TURN}
    ]
