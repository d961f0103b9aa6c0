"""How an earlier turn can be sent otherwise, and what times and keys say."""

from __future__ import annotations

import pytest
from audit.series.recordings import (
    RULES,
    answer,
    audit_one,
    body,
    claude,
    codes,
    system,
    text,
    user,
)

from promptcost.model.finding import Confidence, Severity

TALK = (user("First?"), answer("One."), user("Second?"), answer("Two."), user("Third?"))
LATER = (answer("Three."), user("Fourth?"))


def findings(tmp_path, was, now, model="gpt-5"):
    """Audit two turns of one session."""
    requests = [
        {"session_id": "s", "request": body(system(RULES), *messages, model=model)}
        for messages in (was, now)
    ]
    return audit_one(tmp_path, *requests, least=Severity.NOTE).findings


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (TALK[:3], "the conversation was cut back: messages[4].content and what followed is gone"),
        ((*TALK[2:], *LATER), "an earlier part of the conversation was dropped"),
        ((*TALK[:2], user("Note."), *TALK[2:], *LATER), "something was put between earlier"),
        ((*TALK[2:4], *TALK[:2], TALK[4], *LATER), "earlier messages stand in another order"),
        ((TALK[0], answer("Uno."), *TALK[2:], *LATER), "an earlier message was not repeated"),
        ((*TALK[:4], user("Third!"), *LATER), "the last message was not repeated unchanged"),
    ],
)
def test_every_way_to_rewrite_history_is_named(now, said, tmp_path):
    [found] = findings(tmp_path, TALK, now)
    assert found.code == "PC201"
    assert said in found.message


@pytest.mark.parametrize(("model", "expected"), [("gpt-6.1-sol", ["PC201"]), ("gpt-5", [])])
def test_text_added_to_the_last_message_misses_only_where_marks_count(model, expected, tmp_path):
    longer = (*TALK[:4], user("Third? And fourth?"), *LATER)
    assert [one.code for one in findings(tmp_path, TALK, longer, model)] == expected


def test_a_change_behind_every_mark_costs_nothing_yet(tmp_path):
    head = [text(RULES, marked=True)]
    changed = (TALK[0], answer("Uno."), *TALK[2:], *LATER)
    [found] = audit_one(tmp_path, claude(head, *TALK), claude(head, *changed)).findings
    assert "costs nothing only because nothing behind it is cached yet" in found.message
    assert (found.code, found.severity) == ("PC201", Severity.LOW)


def at(time: str, request: dict) -> dict:
    return {"timestamp": time, "request": request}


def marked(number: int, **mark: str) -> dict:
    block = text(RULES) | {"cache_control": {"type": "ephemeral", **mark}}
    return claude([block], user(f"Question {number}?"))


def spaced(minutes: int, count: int, **mark: str) -> list[dict]:
    return [
        at(f"2026-03-02T{10 + n * minutes // 60}:{n * minutes % 60:02}:00Z", marked(n, **mark))
        for n in range(count)
    ]


def test_gaps_above_the_lifetime_are_counted(tmp_path):
    [found] = audit_one(tmp_path, *spaced(12, 4)).findings
    assert found.code == "PC233"
    assert found.message.startswith("3 of 3 gaps are longer than the 5m an entry lives")


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        pytest.param(spaced(12, 4, ttl="1h"), [], id="the hour covers the gaps"),
        pytest.param(spaced(4, 7, ttl="1h"), ["PC234"], id="the hour is never needed"),
        pytest.param(spaced(4, 3, ttl="1h"), [], id="too few gaps to tell"),
        pytest.param(spaced(4, 7), [], id="five minutes cover the gaps"),
    ],
)
def test_lifetimes_are_weighed_against_gaps(requests, expected, tmp_path):
    assert codes(audit_one(tmp_path, *requests)) == expected


def test_times_that_go_backwards_count_as_no_gap(tmp_path):
    report = audit_one(tmp_path, *reversed(spaced(12, 4)))
    assert codes(report) == []


def test_requests_in_parallel_after_a_pause(tmp_path):
    later = [at(f"2026-03-02T11:00:0{n}.0Z", marked(n + 5)) for n in (0, 1, 9)]
    report = audit_one(tmp_path, at("2026-03-02T10:00:00Z", marked(0)), *later)
    [found] = report.findings
    assert found.code == "PC232"
    assert found.message.startswith("1 request was sent before")
    assert found.place.start_line == 3


def test_a_pause_within_the_hour_of_the_marks_is_no_cold_start(tmp_path):
    first = at("2026-03-02T10:00:00Z", marked(0, ttl="1h"))
    later = [at(f"2026-03-02T10:20:0{n}.0Z", marked(n + 5, ttl="1h")) for n in (0, 1)]
    assert codes(audit_one(tmp_path, first, *later)) == []


def test_gaps_count_against_the_lifetime_that_the_provider_gives(tmp_path):
    times = ("10:00", "10:40", "11:20", "12:00")
    requests = [
        at(f"2026-03-02T{time}:00Z", body(system(RULES), user(time), model="gpt-6.1-sol"))
        for time in times
    ]
    found = audit_one(tmp_path, *requests).findings
    assert [one.code for one in found] == ["PC229", "PC233"]
    assert "3 of 3 gaps are longer than the 30m an entry lives" in found[1].message


def test_a_mark_behind_the_change_between_conversations_loses_only_what_is_shared(tmp_path):
    head = [text(RULES, marked=True), text("Working directory: /srv/alpha. ")]
    other = [text(RULES, marked=True), text("Working directory: /srv/beta. ")]
    assert codes(audit_one(tmp_path, claude(head, user("A?")), claude(other, user("B?")))) == []


def test_a_cache_with_unknown_rules_has_no_delay(tmp_path):
    requests = [
        at("2026-03-02T10:00:00Z", body(system(RULES), user(f"Q{n}?"), model="own"))
        for n in range(3)
    ]
    assert codes(audit_one(tmp_path, *requests)) == []


@pytest.mark.parametrize(
    ("count", "severity"), [(2, Severity.LOW), (3, Severity.LOW), (4, Severity.MEDIUM)]
)
def test_a_key_for_each_question_is_a_suspicion(count, severity, tmp_path):
    requests = [
        body(system(RULES), user(f"Q{n}?"), prompt_cache_key=f"key-{n}") for n in range(count)
    ]
    [found] = audit_one(tmp_path, *requests).findings
    assert (found.code, found.severity) == ("PC231", severity)
    assert found.confidence is Confidence.SUSPECTED


def test_a_key_for_each_short_question_does_not_matter(tmp_path):
    requests = [body(user(f"Q{n}?"), prompt_cache_key=f"key-{n}") for n in range(4)]
    assert codes(audit_one(tmp_path, *requests)) == []


def test_very_many_causes_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.gather.MOST", 1)
    head = [text("Short.", marked=True), text("", marked=True), text(" ", marked=True)]
    report = audit_one(tmp_path, claude(head, user("Q?")))
    assert len(report.findings) == 1
    assert "2 more sightings are not spelled out" in report.notes


def test_models_outside_of_the_catalogue_are_named(tmp_path):
    report = audit_one(tmp_path, body(user("Q?"), model="own"), claude("S", user("Q?")))
    [note] = report.notes
    assert note.startswith("'own' is not in the catalogue: its cache rules are unknown")


def test_what_changes_in_the_environment_of_tools_is_said_by_the_rule_of_tools(tmp_path):
    def tool(about: str) -> dict:
        return {"name": "run", "description": about, "input_schema": {"type": "object"}}

    report = audit_one(
        tmp_path,
        claude(RULES, user("Q?"), tools=[tool("Runs in directory alpha.")]),
        claude(RULES, user("Q?"), tools=[tool("Runs in directory beta.")]),
    )
    assert "PC207" in codes(report)
    assert "PC211" not in codes(report)
