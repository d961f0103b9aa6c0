"""A baseline of a log: what is known stays known however the log is recorded again."""

from __future__ import annotations

import json

import pytest
from audit.series.recordings import RULES, answer, audit, body, codes, system, user

from promptcost.audit.baseline import baseline_text, read_baseline, without_known

ALL = frozenset({"PC201", "PC202", "PC203"})
POEMS = "Write a poem about every sea, harbour and ship that somebody tells of. " * 100


def turns(second, *, name="ann", count=3):
    """Return a conversation whose system text tells the time to the second."""
    said = [user(f"{name} asks?")]
    made = []
    for number in range(count):
        clock = f"Now 2026-03-02 10:15:{second + number:02}. {RULES}"
        made.append(body(system(clock), *said))
        said += [answer(f"Answer {number}."), user(f"{name} asks again {number}?")]
    return made


def rewritten(*, before=0):
    """Return a conversation of which one answer is another one in the next turn."""
    start = [part for n in range(before) for part in (user(f"Q {n}?"), answer(f"A {n}."))]
    said = [*start, user("Why?"), answer(f"Because. {RULES}"), user("And?")]
    other = [*start, user("Why?"), answer(f"Because so. {RULES}"), user("And?")]
    return [
        body(system(POEMS), *said),
        body(system(POEMS), *other, answer("No."), user("When?")),
    ]


FIRST = [*turns(1), *rewritten()]


@pytest.fixture
def baseline(tmp_path):
    report = audit(tmp_path, FIRST)
    assert sorted(codes(report)) == ["PC201", "PC202"]
    path = tmp_path / "known.json"
    path.write_text(baseline_text(report, path))
    return read_baseline(path)[0]


@pytest.mark.parametrize(
    "recorded",
    [
        FIRST,
        [*FIRST, *turns(20, name="bob")],
        [*rewritten(), *turns(1)],
        [*turns(40, name="cid", count=5), *rewritten(before=2)],
        [*rewritten(before=4), *turns(7), *turns(12, name="dan")],
    ],
    ids=["same", "appended", "reordered", "recorded again", "recorded at length"],
)
def test_known_findings_do_not_count_in_another_recording(tmp_path, baseline, recorded):
    report = without_known(audit(tmp_path, recorded), baseline, ALL)
    assert (codes(report), report.problems) == ([], ())
    assert len(report.suppressed) == 2


def test_a_new_cause_counts(tmp_path, baseline):
    new = [body(system(f"nonce {n}f86d081884c. {RULES}"), user(f"{n}?")) for n in (9, 8)]
    for one in new:
        one["tools"] = [{"type": "function", "function": {"name": "look", "parameters": {}}}]
    report = without_known(audit(tmp_path, [*FIRST, *new]), baseline, ALL)
    assert codes(report) == ["PC203"]


def test_a_cause_that_is_gone_is_told(tmp_path, baseline):
    report = without_known(audit(tmp_path, rewritten()), baseline, ALL)
    assert [problem.message for problem in report.problems] == [
        "PC202 in log0.jsonl is found no more"
    ]


def test_entries_hold_no_number_of_a_request(tmp_path):
    report = audit(tmp_path, rewritten(before=3))
    path = tmp_path / "known.json"
    (entry,) = json.loads(baseline_text(report, path))["findings"]
    assert set(entry) == {"code", "path", "expression", "fingerprint"}
    (other,) = audit(tmp_path, rewritten()).findings
    assert entry["fingerprint"] == other.fingerprint
