"""What is remembered is bounded, and what is compared is chosen from it."""

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

from promptcost.audit.series.measure import Gauge, mean, minus
from promptcost.model.count import CountMethod, TokenCount
from promptcost.model.prompt import Role
from promptcost.model.series_report import Relation
from promptcost.model.span import Span
from promptcost.tokens import counter
from promptcost.wire import Api, Kind, WireBlock, WireRequest

ASK = user("First?")


def relations(report) -> dict[str, int]:
    return {row.relation: row.pairs for row in report.series.programs[0].sharing}


def said(name: str, day: int, question: str) -> dict:
    request = body(system(RULES), user(question), user=name)
    return {"timestamp": f"2026-03-{day:02}T10:00:00Z", "request": request}


def test_each_conversation_is_compared_with_another_user_and_another_day(tmp_path):
    report = audit_one(
        tmp_path,
        said("ann", 1, "a?"),
        said("bob", 1, "b?"),
        said("cid", 2, "c?"),
        said("cid", 2, "d?"),
        said("cid", 3, "e?"),
    )
    assert relations(report) == {Relation.CONVERSATION: 1, Relation.USER: 4, Relation.DAY: 3}


def test_a_long_opening_is_not_kept_for_other_users(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.program._LARGEST", 10)
    report = audit_one(tmp_path, said("ann", 1, "a?"), said("bob", 2, "b?"), said("bob", 2, "c?"))
    assert relations(report) == {Relation.USER: 1, Relation.CONVERSATION: 1}


def test_conversations_of_other_models_share_nothing(tmp_path):
    report = audit_one(
        tmp_path, body(system(RULES), ASK), body(system(RULES), user("Else?"), model="gpt-5-mini")
    )
    [row] = report.series.programs[0].sharing
    assert (row.bytes_shared, row.whole) == (0, 0)
    assert codes(report) == []


def test_conversations_that_are_not_spelled_out_still_count(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.program.SHOWN", 1)
    requests = [body(system(RULES), user(f"Q{number}?")) for number in range(3)]
    program = audit_one(tmp_path, *requests).series.programs[0]
    assert (len(program.conversations), program.conversation_count) == (1, 3)


def test_very_many_faults_are_bounded(tmp_path):
    odd = claude([{"type": "text", "text": "x", "cache_control": 5}], ASK)
    report = audit(tmp_path, [odd] * 60)
    assert len(report.problems) == 50


def test_entries_are_forgotten_oldest_first(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.entries._KEPT", 1)
    head = [text(RULES, marked=True)]
    ask = user([text("First?", marked=True)])
    requests = [claude(head, ask), claude(head, user("Other?"))]
    program = audit_one(tmp_path, *requests).series.programs[0]
    assert program.cost.readable.value == 0


def test_programs_concluded_early_take_no_part_in_other_files(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.file._OPEN", 1)
    one, other = body(system(RULES), ASK), body(system("Something quite different. " * 30), ASK)
    second = audit(tmp_path, [one], [one, other]).files[1]
    assert all(row.relation != "other file" for p in second.series.programs for row in p.sharing)


def test_of_very_many_programs_only_the_first_are_compared_with_other_files(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.file._OPENINGS", 1)
    late = body(system(f"At 10:15:0{{}} {RULES}"), ASK)
    first = body(system("Something quite different. " * 30), ASK)
    moved = body(system(f"At 10:16:07 {RULES}"), ASK)
    assert codes(audit(tmp_path, [first, late], [first, moved])) == []


def test_a_file_that_cannot_be_opened_is_not_analysed(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "log0.jsonl").write_text("", encoding="utf-8")
    monkeypatch.setattr("promptcost.audit.series.run.group", refuse)
    report = audit_one(tmp_path, body(ASK))
    assert report.reason == "cannot be read: Permission denied"


SPAN = Span(source="a", start=0, end=0)


def block(words: str) -> WireBlock:
    return WireBlock(
        role=Role.USER,
        kind=Kind.TEXT,
        json_path="a",
        base_path="a",
        data=words.encode(),
        head_size=0,
        has_text=True,
    )


COUNT = TokenCount(value=10, low=8, high=13, method=CountMethod.ESTIMATED, tokenizer="gemini")
PART = TokenCount(value=7, low=6, high=9, method=CountMethod.ESTIMATED, tokenizer="gemini")


@pytest.mark.parametrize(
    ("count", "other", "band"), [(COUNT, PART, (2, 3, 4)), (PART, COUNT, (0, 0, 0))]
)
def test_what_is_left_of_a_count_is_never_less_than_nothing(count, other, band):
    left = minus(count, other)
    assert (left.low, left.value, left.high) == band


def test_lengths_are_counted_again_when_forgotten(monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.measure._KEPT", 1)
    gauge = Gauge(counter("o200k"))
    blocks = (block("one two"), block("three"))
    request = WireRequest(api=Api.OPENAI_CHAT, blocks=blocks, source="a", line=1, span=SPAN)
    assert [gauge.lengths(request).total.value for _ in range(2)] == [3, 3]


def test_averages_are_rounded_down():
    assert (mean(COUNT, 3).low, mean(COUNT, 3).value, mean(COUNT, 3).high) == (2, 3, 4)


@pytest.mark.parametrize(("times", "expected"), [(1, []), (20, ["PC201"])])
def test_a_reminder_at_the_end_of_every_request_matters_when_it_is_long(times, expected, tmp_path):
    rule = user("Use diffs. " * times)
    report = audit_one(
        tmp_path,
        body(system(RULES), ASK, rule),
        body(system(RULES), ASK, answer("Yes."), user("Second?"), rule),
    )
    assert codes(report) == expected
