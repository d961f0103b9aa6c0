"""What the report says about a log: who belongs together, what is shared, what it costs."""

from __future__ import annotations

import pytest
from audit.series.recordings import RULES, answer, audit_one, body, claude, system, text, user

from promptcost.audit.series import SeriesAuditor
from promptcost.model.audit_report import FileStatus
from promptcost.tokens import counter

ASK, REPLY, AGAIN = user("First?"), answer("Yes."), user("Second?")
TITLE = body(system("You write short titles."), user("First?"), model="gpt-5-mini")


def tokens(*texts: str) -> int:
    return sum(counter("o200k").count(one).value for one in texts)


def test_programs_conversations_and_lines(tmp_path):
    report = audit_one(
        tmp_path,
        body(system(RULES), ASK),
        TITLE,
        body(system(RULES), ASK, REPLY, AGAIN),
        body(system(RULES), user("Other?")),
    )
    series = report.series
    assert (series.requests, series.program_count) == (4, 2)
    agent, title = series.programs
    assert (agent.model, agent.requests, agent.conversation_count) == ("gpt-5", 3, 2)
    assert [
        (one.first_line, one.last_line, one.requests, one.append_only)
        for one in agent.conversations
    ] == [(1, 3, 2, True), (4, 4, 1, True)]
    assert (title.model, title.requests) == ("gpt-5-mini", 1)


def test_shared_prefixes_by_hand(tmp_path):
    report = audit_one(
        tmp_path,
        body(system(RULES), ASK),
        body(system(RULES), ASK, REPLY, AGAIN),
        body(system(RULES), user("Other?")),
    )
    turn, other = report.series.programs[0].sharing
    assert (turn.relation, turn.pairs, turn.whole) == ("next turn", 1, 1)
    assert (turn.bytes_shared, turn.bytes_total) == (len(RULES) + 6, len(RULES) + 6)
    assert turn.targets[0].tokens_shared.value == tokens(RULES, "First?")
    assert turn.parting is None
    assert (other.relation, other.pairs, other.whole) == ("other conversation", 1, 1)
    assert other.bytes_shared == len(RULES)
    assert other.bytes_total == len(RULES + "First?Yes.Second?")
    assert other.targets[0].tokens_shared.value == tokens(RULES)


def test_where_turns_part(tmp_path):
    report = audit_one(
        tmp_path,
        body(system(f"It is 10:15:00. {RULES}"), ASK),
        body(system(f"It is 10:15:07. {RULES}"), ASK, REPLY, AGAIN),
    )
    [row] = report.series.programs[0].sharing
    assert (row.whole, row.bytes_shared) == (0, len("It is 10:15:0"))
    assert (row.parting.json_path, row.parting.byte_offset) == (
        "messages[0].content",
        len("It is 10:15:0"),
    )
    assert row.parting.place.start_line == 2
    assert row.parting.excerpt.was.startswith("It is 10:15:00.")
    assert not report.series.programs[0].conversations[0].append_only


def test_cost_of_an_average_request_in_steps(tmp_path):
    requests = [body(system(RULES), ASK), body(system(RULES), ASK, REPLY, AGAIN)]
    cost = audit_one(tmp_path, *requests).series.programs[0].cost
    first = tokens(RULES, "First?")
    assert cost.target == "openai/gpt-5@24h"
    assert cost.prompt.value == (2 * first + tokens("Yes.", "Second?")) // 2
    assert cost.repeated.value == first // 2
    assert cost.readable.value == first // 128 * 128 // 2


def test_only_marked_prefixes_can_be_read_at_anthropic(tmp_path):
    head = [text(RULES, marked=True)]
    cost = (
        audit_one(tmp_path, claude(head, ASK), claude(head, ASK, REPLY, AGAIN))
        .series.programs[0]
        .cost
    )
    assert cost.readable.value < cost.repeated.value
    assert cost.readable.value == counter("claude-2024").count(RULES).value // 2


def test_an_unknown_model_is_counted_for_the_default_targets(tmp_path):
    requests = [body(system(RULES), ASK, model="own-model") for _ in range(2)]
    program = audit_one(tmp_path, *requests).series.programs[0]
    assert [target.target for target in program.sharing[0].targets] == [
        "anthropic/claude-sonnet-5-5@5m",
        "openai/gpt-6.1-sol@30m",
        "gemini/gemini-2.5-pro@implicit",
    ]
    assert program.cost.readable is None


def test_of_many_programs_those_with_most_requests_are_shown(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.file._OPEN", 2)
    monkeypatch.setattr("promptcost.audit.series.file._SHOWN", 2)
    many = [body(system(f"{word} " * 40), ASK) for word in ("red", "green", "blue", "black")]
    report = audit_one(tmp_path, *many, body(system("red " * 40), ASK, REPLY, AGAIN), many[1])
    series = report.series
    assert series.program_count == 4
    assert len(series.programs) == 2


def test_a_file_that_vanishes_is_not_analysed(tmp_path):
    auditor = SeriesAuditor(None, None, (), bool)
    report, problems = auditor.audit(tmp_path / "gone.jsonl")
    assert (report.status, len(problems)) == (FileStatus.NOT_ANALYSED, 1)


@pytest.mark.parametrize("model", ["own-model", "gpt-5"])
def test_requests_of_no_length_share_all(model, tmp_path):
    empty = {"model": model, "messages": []}
    report = audit_one(tmp_path, empty, empty)
    assert report.series.requests == 2
    assert report.status is FileStatus.CLEAN
