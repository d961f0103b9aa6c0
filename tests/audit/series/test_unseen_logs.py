"""Causes met in a second lot of logs that the project had not seen before."""

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

ASK, REPLY, AGAIN = user("First?"), answer("Yes."), user("Second?")
TURNS = ((ASK,), (ASK, REPLY, AGAIN))
FIVE_MINUTES = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}


def found(report) -> list[tuple[str, str]]:
    return [(one.code, one.expression) for one in report.findings]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("現在時刻 2026年10月12日 10時15分\n", "現在時刻 2026年10月12日 10時16分\n"),
        ("现在是2026年10月12日下午3点05分\n", "现在是2026年10月12日下午3点09分\n"),
        ("Il est 14h05.\n", "Il est 14h09.\n"),
        ("Es ist der 3. März 2026 um 14:05.\n", "Es ist der 3. März 2026 um 14:09.\n"),
    ],
)
def test_a_clock_of_another_language_is_a_clock(first, second, tmp_path):
    heads = zip((first, second), TURNS, strict=True)
    report = audit_one(tmp_path, *(body(system(head + RULES), *turn) for head, turn in heads))
    assert codes(report) == ["PC202"]


@pytest.mark.parametrize("name", ["prompt_cache_key", "cache_salt"])
def test_a_random_key_is_placed_at_its_own_name(name, tmp_path):
    turns = [body(system(RULES), *turn, **{name: f"k{n}"}) for n, turn in enumerate(TURNS)]
    assert found(audit_one(tmp_path, *turns)) == [("PC231", name)]


def test_a_mark_in_front_of_too_little_is_not_advised(tmp_path):
    clocks = [f"{RULES[:1200]}It is 10:15:0{n}. {RULES}" for n in range(2)]
    heads = zip(clocks, TURNS, strict=True)
    turns = [claude([text(head, marked=True)], *turn) for head, turn in heads]
    assert codes(audit_one(tmp_path, *turns)) == ["PC202"]


def test_a_mark_behind_a_first_one_needs_little_in_front(tmp_path):
    clocks = [f"{RULES[:1200]}It is 10:15:0{n}." for n in range(2)]
    heads = zip(clocks, TURNS, strict=True)
    turns = [
        claude([text(RULES, marked=True), text(head, marked=True)], *turn) for head, turn in heads
    ]
    assert codes(audit_one(tmp_path, *turns)) == ["PC202", "PC226"]


def test_memories_that_are_left_out_later_are_rewritten_history(tmp_path):
    told = f"<memories>{RULES[:400]}</memories>"
    turns = [
        body(system(RULES), user(f"{told}What may I cook?")),
        body(system(RULES), user("What may I cook?"), REPLY, user(f"{told}And for two?")),
    ]
    assert found(audit_one(tmp_path, *turns)) == [("PC201", "messages[1].content")]


def test_a_picture_that_gave_way_to_a_word_is_no_id(tmp_path):
    call = {"type": "tool_use", "id": "t1", "name": "look", "input": {"at": "the desk"}}
    image = {"type": "image", "source": {"type": "base64", "data": "iVBORw0KGgo="}}
    seen, gone = (
        user([{"type": "tool_result", "tool_use_id": "t1", "content": content}])
        for content in ([image], "[removed]")
    )
    head, said = [text(RULES, marked=True)], user(RULES[:300])
    turns = [
        claude(head, said, answer([call]), seen, REPLY, AGAIN),
        claude(head, said, answer([call]), gone, REPLY, AGAIN, REPLY, ASK),
    ]
    assert codes(audit_one(tmp_path, *turns)) == ["PC201"]


@pytest.mark.parametrize(("mark", "expected"), [(FIVE_MINUTES, []), (HOUR, ["PC234"])])
def test_a_question_that_comes_again_reads_what_the_others_kept_alive(mark, expected, tmp_path):
    manual = {**text(RULES), "cache_control": mark}
    asked = [
        {
            "timestamp": f"2026-11-20T10:{minute:02}:00Z",
            "request": claude("Be brief.", user([manual, text(f"Question {minute % 6}?")])),
        }
        for minute in range(12)
    ]
    assert codes(audit_one(tmp_path, *asked)) == expected
