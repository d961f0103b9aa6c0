"""What looks like a change and is none: the auditor must stay quiet."""

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

TURN = (user("List the files."), answer("a.py and b.py"), user("Read a.py."))
NEXT = (*TURN, answer("It is empty."), user("Read b.py."))
PICTURE = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
    "cache_control": {"type": "ephemeral"},
}
TITLE = body(system("You write titles for chats."), user("List the files."), model="gpt-5-mini")


def call(number: int) -> dict:
    function = {"name": "read", "arguments": '{"path": "a.py"}'}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": f"call_{number:08}", "type": "function", "function": function}],
    }


def result(number: int) -> dict:
    return {"role": "tool", "tool_call_id": f"call_{number:08}", "content": "empty"}


def in_session(name: str, request: dict) -> dict:
    return {"session_id": name, "request": request}


@pytest.mark.parametrize(
    "requests",
    [
        pytest.param(
            [body(system(RULES), *TURN), body(system(RULES), *NEXT)], id="messages are appended"
        ),
        pytest.param(
            [
                claude([text(RULES, marked=True)], user([text("Why?", marked=True)])),
                claude(
                    [text(RULES, marked=True)],
                    user("Why?"),
                    answer("So."),
                    user([text("And?", marked=True)]),
                ),
            ],
            id="the mark moves and a list becomes a string",
        ),
        pytest.param(
            [
                body(system(RULES), user("Go."), id="req_11111111"),
                body(system(RULES), user("Go."), answer("Gone."), user("Stop."), id="req_2222222"),
            ],
            id="ids of requests are no prompt text",
        ),
        pytest.param(
            [body(system(RULES), *TURN), TITLE, body(system(RULES), *NEXT), TITLE],
            id="a title generator interleaves",
        ),
        pytest.param(
            [body(system(RULES), *NEXT), body(system(RULES), user("Something else?"))],
            id="a new session shares only the head",
        ),
        pytest.param(
            [
                in_session("one", body(system(RULES), user("Go."), call(1), result(1))),
                in_session("two", body(system(RULES), user("Go."), call(7), result(7), TURN[2])),
            ],
            id="two sessions with the same question and other call ids",
        ),
        pytest.param(
            [
                body(system(RULES), user("What happened on 2024-05-01?")),
                body(system(RULES), user("What happened on 2025-06-02?")),
            ],
            id="dates in questions are payload",
        ),
        pytest.param(
            [
                body(system(RULES), *TURN, prompt_cache_key="session-1"),
                body(system(RULES), *NEXT, prompt_cache_key="session-1"),
                body(system(RULES), *TURN[:1], prompt_cache_key="session-2"),
            ],
            id="a cache key for each session",
        ),
        pytest.param(
            [
                body(system(RULES), user("Go."), max_tokens=5, temperature=0.5),
                body(system(RULES), user("Go."), answer("Gone."), user("On."), max_tokens=9),
            ],
            id="sampling settings change",
        ),
        pytest.param([body(system(f"It is 10:15:00. {RULES}"), user("Go."))], id="one request"),
        pytest.param(
            [body(user(f"{word}?"), model="gpt-6.1-sol") for word in ("a", "b", "c", "d")],
            id="single questions that share too little",
        ),
        pytest.param(
            [claude([text(RULES, marked=True)], user([PICTURE, text("What is it?")]))],
            id="a mark on a picture",
        ),
        pytest.param(
            [
                body(user("First?"), model="gpt-5"),
                body(user("Other?"), model="gpt-5-mini"),
            ],
            id="another model in another conversation",
        ),
    ],
)
def test_nothing_is_reported(requests, tmp_path):
    assert codes(audit_one(tmp_path, *requests)) == []


def test_files_of_different_models_are_not_compared(tmp_path):
    one = body(system(f"It is 10:15:00. {RULES}"), user("Go."))
    other = body(system(f"It is 10:16:00. {RULES}"), user("Go."), model="gpt-4o")
    assert codes(audit(tmp_path, [one], [other])) == []


def test_a_continued_file_is_not_another_session(tmp_path):
    report = audit(tmp_path, [body(system(RULES), *TURN)], [body(system(RULES), *NEXT)])
    assert codes(report) == []
