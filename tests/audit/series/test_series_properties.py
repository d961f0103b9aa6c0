"""Properties of the series auditor on generated conversations."""

from __future__ import annotations

import tempfile
from pathlib import Path

from audit.series.recordings import RULES, answer, audit, audit_one, body, codes, system, user
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.model.finding import Severity

WORDS = st.text(min_size=1, max_size=60)
TURNS = st.lists(st.tuples(WORDS, WORDS), min_size=3, max_size=6)


def requests_of(turns: list[tuple[str, str]]) -> list[dict]:
    messages: list[dict] = []
    requests = []
    for number, (question, reply) in enumerate(turns):
        messages.append(user(f"Question {number}: {question}"))
        requests.append(body(system(RULES), *messages))
        messages.append(answer(f"Reply {number}: {reply}"))
    return requests


def audited(requests: list[dict]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return codes(audit_one(Path(folder), *requests))


@settings(max_examples=30, deadline=None)
@given(TURNS)
def test_a_conversation_that_only_appends_is_clean(turns):
    assert audited(requests_of(turns)) == []


@settings(max_examples=30, deadline=None)
@given(TURNS)
def test_a_rewritten_answer_is_always_reported(turns):
    requests = requests_of(turns)
    requests[-1]["messages"][2] = answer("[cut]")
    assert audited(requests) == ["PC201"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))
def test_any_other_order_of_the_same_tools_is_reported(names):
    tools = [{"type": "function", "function": {"name": name}} for name in names]
    requests = requests_of([("a", "b"), ("c", "d")])
    turned = [{**requests[0], "tools": tools}, {**requests[1], "tools": tools[::-1]}]
    assert audited(turned) == ["PC205"]


TEXTS = st.sampled_from(
    [
        "",
        " ",
        "a",
        RULES,
        "10:15:00",
        "2026-03-02",
        "9f86d081884c",
        "user: Ann",
        "memory: x",
        "\ud800",
    ]
)
MARKS = st.sampled_from([None, {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}, 7])
BLOCKS = st.one_of(
    st.builds(lambda t, m: {"type": "text", "text": t, "cache_control": m}, TEXTS, MARKS),
    st.builds(lambda t: {"type": "thinking", "thinking": t}, TEXTS),
    st.builds(lambda t: {"type": "tool_use", "id": t, "name": "f", "input": {t: 1}}, TEXTS),
    st.builds(lambda t: {"type": "tool_result", "tool_use_id": "a", "content": t}, TEXTS),
    st.builds(lambda t: {"type": "image", "source": {"data": t}}, TEXTS),
)
MESSAGES = st.builds(
    lambda role, content: {"role": role, "content": content},
    st.sampled_from(["user", "assistant", "system", "tool", "developer", None]),
    st.one_of(TEXTS, st.lists(BLOCKS, max_size=3), st.none()),
)
TOOLS = st.lists(
    st.builds(lambda n, d: {"name": n, "description": d}, st.sampled_from("abc"), TEXTS), max_size=3
)
BODIES = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGES, max_size=4)},
    optional={
        "model": st.sampled_from(["gpt-5", "gpt-6.1-sol", "claude-sonnet-4-5", "own", None]),
        "system": st.one_of(TEXTS, st.lists(BLOCKS, max_size=2)),
        "tools": TOOLS,
        "cache_control": MARKS,
        "prompt_cache_key": TEXTS,
        "user": st.sampled_from(["u1", "u2"]),
        "max_tokens": st.just(5),
        "reasoning_effort": st.sampled_from(["low", "high"]),
        "timestamp": st.sampled_from(["2026-03-02T10:00:00Z", "2026-03-03T10:00:01Z"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(BODIES, min_size=1, max_size=5), min_size=1, max_size=2))
def test_every_log_gets_an_answer_with_places_in_the_file(logs):
    with tempfile.TemporaryDirectory() as folder:
        report = audit(Path(folder), *logs, least=Severity.NOTE)
        assert len(report.files) == len(logs)
        assert all(0 < one.place.start_line <= 5 for one in report.findings)
        assert all(one.place.start_column < one.place.end_column for one in report.findings)
