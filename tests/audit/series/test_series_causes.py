"""What the auditor says, how gravely, and where, on small recordings."""

from __future__ import annotations

import pytest
from audit.series.recordings import (
    RULES,
    answer,
    audit,
    audit_one,
    body,
    claude,
    codes,
    system,
    text,
    user,
)

from promptcost.model.finding import Confidence, Severity

ASK, REPLY, AGAIN = user("First?"), answer("Yes."), user("Second?")


def pair(first: str, second: str) -> list[dict]:
    return [body(system(first), ASK), body(system(second), ASK, REPLY, AGAIN)]


@pytest.mark.parametrize(
    ("first", "second", "code", "severity"),
    [
        ("Now 2026-03-02 10:15:01. ", "Now 2026-03-02 10:15:09. ", "PC202", Severity.HIGH),
        ("Now 10:15 PM. ", "Now 10:16 PM. ", "PC202", Severity.HIGH),
        ("Monday, March 2, 2026. ", "Tuesday, March 3, 2026. ", "PC202", Severity.LOW),
        ("epoch 1772446501 ", "epoch 1772446510 ", "PC202", Severity.HIGH),
        ("cch=a1b2c; ", "cch=f0e9d; ", "PC203", Severity.HIGH),
        ("nonce 9f86d081884c. ", "nonce 2c624232cdd2. ", "PC203", Severity.HIGH),
        ("Step 3 of 10. ", "Step 4 of 10. ", "PC204", Severity.HIGH),
        ("Memories: likes tea. ", "Memories: likes tea and cake. ", "PC209", Severity.HIGH),
        ("cwd: /srv/a ", "cwd: /srv/b ", "PC211", Severity.HIGH),
    ],
)
def test_a_change_in_front_of_long_text_within_a_conversation(
    first, second, code, severity, tmp_path
):
    report = audit_one(tmp_path, *pair(first + RULES, second + RULES))
    assert [(one.code, one.severity) for one in report.findings] == [(code, severity)]


def test_a_marked_head_is_lost_whole_between_conversations(tmp_path):
    heads = [
        [text(f"{RULES} Working directory: /srv/{name}. {RULES[:400]}", marked=True)]
        for name in ("alpha", "beta")
    ]
    report = audit_one(tmp_path, claude(heads[0], ASK), claude(heads[1], user("Other?")))
    found = next(one for one in report.findings if one.code == "PC211")
    whole = report.series.programs[0].sharing[0].targets[0].tokens_total
    assert 0 <= whole.value - found.tokens_at_risk.value <= 4


def test_a_later_and_larger_loss_counts(tmp_path):
    long = user(f"Read this: {RULES}")
    turns = [
        body(system(f"Now 10:15:01. {RULES}"), ASK),
        body(system(f"Now 10:15:02. {RULES}"), ASK, REPLY, long),
        body(system(f"Now 10:15:03. {RULES}"), ASK, REPLY, long, REPLY, AGAIN),
    ]
    report = audit_one(tmp_path, *turns)
    total = report.series.programs[0].cost.prompt.value
    assert codes(report) == ["PC202"]
    assert report.findings[0].tokens_at_risk.value > total


def test_a_prompt_below_the_minimum_loses_little(tmp_path):
    report = audit_one(tmp_path, *pair("Now 10:15:01. Be brief.", "Now 10:15:09. Be brief."))
    assert [(one.code, one.severity) for one in report.findings] == [("PC202", Severity.LOW)]


def test_users_part_at_a_profile_before_the_shared_rules(tmp_path):
    ann = body(system(f"Customer: Ann Lee, gold. {RULES}"), ASK, user="u1")
    bob = body(system(f"Customer: Bob, new here. {RULES}"), ASK, user="u2")
    report = audit_one(tmp_path, ann, bob)
    assert codes(report) == ["PC210"]
    assert "from user to user" in report.findings[0].message


def test_a_date_is_compared_between_days(tmp_path):
    monday = body(system(f"Today: 2026-03-02. {RULES}"), ASK)
    tuesday = body(system(f"Today: 2026-03-03. {RULES}"), user("Other?"))
    report = audit_one(
        tmp_path,
        {"timestamp": "2026-03-02T10:00:00Z", "request": monday},
        {"timestamp": "2026-03-03T10:00:00Z", "request": tuesday},
    )
    assert [(one.code, one.severity) for one in report.findings] == [("PC202", Severity.LOW)]
    assert [row.relation.value for row in report.series.programs[0].sharing] == ["other day"]


def test_first_requests_of_two_files_are_compared(tmp_path):
    one = body(system(f"Session 0b6f7f0e-6f0b-4c39-9a44-7d3a2a4f7f11. {RULES}"), ASK)
    other = body(system(f"Session b0c0a1de-2f6b-41a5-8a52-02c1f7f4d9aa. {RULES}"), ASK)
    first, second = audit(tmp_path, [one], [other]).files
    assert codes(first) == []
    assert codes(second) == ["PC203"]
    [related] = second.findings[0].related
    assert related.place.path == str(tmp_path / "log0.jsonl")
    assert [row.relation.value for row in second.series.programs[0].sharing] == ["other file"]


def test_what_repeats_is_said_once_with_how_often(tmp_path):
    turns = [body(system(f"Now 10:15:0{second}. {RULES}"), ASK) for second in range(5)]
    report = audit_one(tmp_path, *turns)
    assert codes(report) == ["PC202"]
    assert report.findings[0].message.endswith("seen 4 times up to line 5")
    assert report.findings[0].place.start_line == 2


def test_a_cause_seen_in_few_of_many_requests_weighs_less(tmp_path):
    history = [ASK]
    requests = []
    for number in range(44):
        requests.append(body(system(RULES), *history))
        history += [answer(f"Answer {number}."), user(f"Question {number}?")]
    history[0] = user("First, but corrected?")
    report = audit_one(tmp_path, *requests, body(system(RULES), *history))
    assert [(one.code, one.severity) for one in report.findings] == [("PC201", Severity.LOW)]


@pytest.mark.parametrize(
    ("api", "place"),
    [("system", "system"), ("parts", "system[0].text")],
)
def test_a_finding_names_line_column_and_json_path(api, place, tmp_path):
    made = {"system": lambda words: words, "parts": lambda words: [text(words, marked=True)]}[api]
    first = claude(made(f"Now 10:15:01. {RULES}"), ASK)
    second = claude(made(f"Now 10:15:09. {RULES}"), ASK, REPLY, AGAIN)
    report = audit_one(tmp_path, first, second)
    found = next(one for one in report.findings if one.code == "PC202")
    line = (tmp_path / "log0.jsonl").read_text(encoding="utf-8").splitlines()[1]
    assert found.expression == place
    assert line[found.place.start_column - 1 :].startswith('"Now 10:15:09.')
    assert line[: found.place.end_column - 1].endswith(RULES + '"')


def test_a_model_specific_loss_is_a_suspicion(tmp_path):
    marked = [text(RULES, marked=True)]
    report = audit_one(
        tmp_path,
        claude(marked, ASK, thinking={"type": "enabled", "budget_tokens": 1024}),
        claude(marked, ASK, REPLY, AGAIN),
    )
    assert [(one.code, one.confidence) for one in report.findings] == [
        ("PC213", Confidence.SUSPECTED)
    ]


def test_a_first_image_loses_the_messages_at_anthropic(tmp_path):
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    picture = user([{"type": "image", "source": source}, text("See?", marked=True)])
    long = user([text(f"Read this: {RULES}", marked=True)])
    report = audit_one(
        tmp_path, claude("Be brief.", long), claude("Be brief.", long, REPLY, picture)
    )
    assert codes(report) == ["PC213"]
    assert report.findings[0].expression == "messages[2].content[0]"


def test_unknown_loss_is_a_note(tmp_path):
    def gemini(level: str, *contents: dict) -> dict:
        config = {"thinkingConfig": {"thinkingLevel": level}}
        return {
            "model": "gemini-2.5-pro",
            "request": {"contents": list(contents), "generationConfig": config},
        }

    def said(role: str, words: str) -> dict:
        return {"role": role, "parts": [{"text": words}]}

    first = said("user", RULES)
    requests = [gemini("low", first), gemini("high", first, said("model", "a"), said("user", "b"))]
    assert codes(audit_one(tmp_path, *requests)) == []
    [found] = audit_one(tmp_path, *requests, least=Severity.NOTE).findings
    assert (found.code, found.severity) == ("PC213", Severity.NOTE)


def test_an_automatic_mark_counts_as_a_fifth(tmp_path):
    four = [text("a", marked=True) for _ in range(4)]
    own = {"cache_control": {"type": "ephemeral"}}
    report = audit_one(tmp_path, claude(four, ASK, **own))
    assert [(one.code, one.expression) for one in report.findings if one.code == "PC221"] == [
        ("PC221", "cache_control")
    ]


def test_an_automatic_mark_on_a_marked_last_block_does_not(tmp_path):
    three = [text(RULES, marked=True) for _ in range(3)]
    own = {"cache_control": {"type": "ephemeral"}}
    report = audit_one(tmp_path, claude(three, user([text("First?", marked=True)]), **own))
    assert codes(report) == []


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("claude-sonnet-4-5", [(Severity.HIGH, Confidence.CONFIRMED)] * 3),
        ("our-gateway", [(Severity.HIGH, Confidence.SUSPECTED)] * 3),
        ("MiniMax-M2", [(Severity.LOW, Confidence.CONFIRMED)]),
        ("gpt-5", []),
    ],
)
def test_wrong_marks_are_refused_by_hosts_of_claude(model, expected, tmp_path):
    short, long = ({"type": "ephemeral", **ttl} for ttl in ({}, {"ttl": "1h"}))
    parts = [{"type": "text", "text": f"{RULES} {n}", "cache_control": short} for n in range(4)]
    empty = {"type": "text", "text": "", "cache_control": long}
    request = body(user([*parts, empty]), model=model)
    found = [one for one in audit_one(tmp_path, request).findings if one.code < "PC224"]
    assert [(one.severity, one.confidence) for one in found] == expected


def test_openai_leaves_the_earliest_of_too_many_marks_out(tmp_path):
    parts = [{"type": "text", "text": f"part {n}", "prompt_cache_breakpoint": {}} for n in range(5)]
    report = audit_one(tmp_path, body(system(RULES), user(parts), model="gpt-6.1-sol"))
    assert [(one.code, one.severity) for one in report.findings] == [("PC221", Severity.LOW)]
