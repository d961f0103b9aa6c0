"""Properties of the series auditor on generated conversations."""

from __future__ import annotations

import tempfile
from pathlib import Path

from audit.series.recordings import RULES, answer, audit_one, body, codes, system, user
from hypothesis import given, settings
from hypothesis import strategies as st

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
