from __future__ import annotations

import pytest
from wire.reading import request, requests

from promptcost.wire import GroupLimits, first_difference, group

RULES = "Answer in one sentence, name the file you mean, and say what you did not check."
CALL = {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "a.py"}}


def result(text: str, call: str = "t1") -> list[dict[str, object]]:
    return [{"type": "tool_result", "tool_use_id": call, "content": text}]


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": words}


def ask(*turns: object, **fields: object) -> dict[str, object]:
    roles = ("user", "assistant") * len(turns)
    messages = [{"role": role, "content": turn} for role, turn in zip(roles, turns, strict=False)]
    return {"model": "claude-sonnet-5-5", "system": RULES, "messages": messages, **fields}


def placed(*records: object, limits: GroupLimits | None = None) -> list[tuple[int, int]]:
    steps = group(requests(*records), limits or GroupLimits())
    return [(step.conversation, step.turn) for step in steps]


ONE = [(0, 0), (0, 1)]
TWO = [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (ask("q"), ask("q", "a", "r")),
        (ask("q"), ask("q")),
        (ask([text("q"), text("Use diffs.")]), ask("q", "a", [text("r"), text("Use diffs.")])),
        (ask("q", "a long answer", "r"), ask("q", "[cut]", "r", "b", "s")),
        (ask("q"), ask("q", "a", "r", system=f"It is 10:15. {RULES}")),
        (ask("q", [CALL], result("1")), ask("q", [CALL], result("gone"), "a", "r")),
        (ask("q", "a", "r", "b", "s"), ask("q", "b", "s", "c", "t")),
        (ask("q", "a", "r"), ask("r2", "a", "r", "b", "s")),
        (
            ask("q", [{"type": "thinking", "thinking": "hm"}, CALL], result("1")),
            ask("q", [CALL], result("1"), "a", "r"),
        ),
        (
            ask("q", "a", "r", system=f"{RULES} Known: {'likes tea. ' * 9}"),
            ask("q", "a", "r", "b", "s", system=f"{RULES} Known: {'works nights, in Oslo. ' * 9}"),
        ),
        (ask("It is 10:15, fix the test"), ask("It is 10:16, fix the test", "a", "r")),
        (ask("likes tea, works nights. Fix the test"), ask("Fix the test", "a", "r")),
        (ask("Is it <Tom's>?"), ask("Is it &lt;Tom&#39;s&gt;?", "a", "r")),
        (ask("é?"), ask("e\u0301?", "a", "r")),
        (ask("a\nb\nc\nd"), ask("a\r\nb\r\nc\r\nd", "a", "r")),
        (ask(f"Known: {'tea. ' * 3000}{RULES * 60}"), ask(RULES * 60, "a", "r")),
        (ask("q", "a", "r"), ask("r", "b", "s")),
        (
            ask("q", "a", "r", session_id="1"),
            ask("q", "a", session_id="1"),
        ),
        (
            ask("q", "a", "r", session_id="1"),
            ask("q", "b", "s", "c", "t", session_id="1"),
        ),
        (ask(), ask()),
        (
            ask("q", "a", "r", system="Answer.", tools=[{"name": "x"}]),
            ask("q", "a", "r", "b", "s", system="Summarise the whole.", tools=[{"name": "x"}]),
        ),
        (
            ask("q", "a", "r", tools=[{"name": "x"}]),
            ask("q", "a", "r", "b", "s"),
        ),
    ],
)
def test_requests_of_one_conversation_are_paired(was, now):
    assert placed(was, now) == ONE


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (ask("q"), ask("other")),
        (ask("q"), ask("q", system="Give this chat a title of four words.")),
        (ask("q"), ask("q", "a", "r", user="other") | {"model": "m"}),
        (ask("q", session_id="1"), ask("q", "a", "r", session_id="2")),
        (ask("q", tenant="1"), ask("q", "a", "r", tenant="2")),
        (ask("q", "a", "r"), ask("q")),
        (ask("q", "a", "r"), ask("q", "b", "s")),
        (ask("q", "a", "r"), ask("q", [CALL], result("1"), "b", "s")),
        (ask("q", "a", "old question"), ask("q", "a", "new question")),
        (ask("Explain in a few words: why?"), ask("why?", "a", "r")),
        (ask("fix a, b and c"), ask("What of b and d, e?", "a", "r")),
        (ask("é? Or not?"), ask("e\u0301", "a", "r")),
        (ask(f"{RULES * 60}{'tea. ' * 3000}and so on"), ask(f"{RULES * 60} b", "a", "r")),
        (ask("q", "a", "r"), ask("r")),
        (ask("It is 10:15, fix the test"), ask("It is 10:16, fix the test")),
        (ask(), ask("q", "a", "r")),
        (
            ask("q", "a", "r", system="Answer.", tools=[{"name": "x"}]),
            ask("q", "a", "r", "b", "s", system="Summarise the whole transcript."),
        ),
    ],
)
def test_requests_of_two_conversations_are_not_paired(was, now):
    now = {"user": "same", **now}
    was = {"user": "same", **was}
    assert placed(was, now) == TWO


def test_two_apis_are_never_paired():
    chat = {"model": "gpt-5", "messages": [{"role": "user", "content": "q"}], "n": 1}
    anthropic = {"model": "gpt-5", "messages": chat["messages"], "stop_sequences": ["x"]}
    assert placed(chat, anthropic) == TWO


def test_interleaved_sessions_with_one_opening_find_their_own():
    assert placed(
        ask("fix the test"),
        ask("fix the test", "a", "r"),
        ask("fix the test"),
        ask("fix the test", "b", "s"),
        ask("fix the test", "a", "r", "c", "t"),
        ask("fix the test", "b", "s", "d", "u"),
    ) == [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (1, 2)]


def test_the_same_words_to_two_tenants_are_told_apart_by_the_head():
    heads = ({"system": f"{RULES} For A."}, {"system": f"{RULES} For B."})
    turns = (("q",), ("q", "a", "r"))
    records = [ask(*turn, **head) for head in heads for turn in turns]
    assert placed(*records) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_an_answer_given_since_the_opening_holds_a_conversation_together():
    reminder = "It is late, so be brief, and do not forget the rules of the house."
    assert placed(
        ask("q"),
        ask("q", "a", f"go on. {reminder}"),
        ask("q", "a", "go on.", "b", f"and then? {reminder}"),
    ) == [(0, 0), (0, 1), (0, 2)]


def test_few_shot_examples_do_not_join_conversations():
    shots = ("one", "1", "two", "2")
    assert placed(
        ask(*shots, "three"),
        ask(*shots, "four"),
        ask(*shots, "three", "3", "five"),
        ask(*shots, "four", "4", "six"),
    ) == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_programs_are_told_apart_by_tools_and_system():
    steps = list(
        group(
            requests(
                ask("q", tools=[{"name": "read"}, {"name": "edit"}]),
                ask("q", system="Give this chat a title of four words."),
                ask("x", tools=[{"name": "edit"}, {"name": "read"}]),
                ask("y", tools=[{"name": "search"}]),
            )
        )
    )
    assert [step.program for step in steps] == [0, 1, 0, 2]


def test_the_first_turn_names_a_neighbour_and_later_turns_the_previous():
    first, second, third = group(requests(ask("a"), ask("b"), ask("b", "c", "d")))
    assert (first.previous, first.neighbour) == (None, None)
    assert (second.previous, second.neighbour) == (None, first.request)
    assert (third.previous, third.neighbour) == (second.request, None)


def test_the_rewritten_part_of_a_paired_history_is_named():
    was, now = ask("q", [CALL], result("1")), ask("q", [CALL], result("gone"), "a", "r")
    _, step = group(requests(was, now))
    assert step.previous is not None
    found = first_difference(step.previous, step.request)
    assert found is not None
    assert (found.change, found.json_path) == ("rewritten", "messages[2].content[0].content")


@pytest.mark.parametrize(
    "limits",
    [GroupLimits(conversations=1), GroupLimits(bytes=10)],
)
def test_the_least_recently_used_conversation_is_forgotten(limits):
    records = (ask("a"), ask("b"), ask("a", "x", "y"), ask("a", "x", "y", "z"))
    assert placed(*records, limits=limits) == [(0, 0), (1, 0), (2, 0), (2, 1)]


def test_programs_are_forgotten_too():
    records = [ask("a", system=f"{word} " * 3) for word in ("one", "two", "one")]
    steps = group(requests(*records), GroupLimits(programs=1))
    assert [step.program for step in steps] == [0, 1, 2]


def test_a_block_held_by_very_many_conversations_is_bounded():
    records = [ask("the same opening", f"answer {i}", f"question {i}") for i in range(80)]
    assert len({conversation for conversation, _ in placed(*records)}) == 80


def test_grouping_holds_no_more_than_it_is_asked_to():
    stream = (request(ask("q", f"{i}", "r")) for i in range(3))
    assert [step.conversation for step in group(stream)] == [0, 1, 2]


def test_another_answer_to_the_same_question_is_another_conversation():
    other = {**CALL, "id": "t9", "name": "write", "input": {"text": "all of it"}}
    first = ask("q", [CALL], result("one"))
    second = ask("q", [other], result("two", "t9"), "Done.", "r")
    assert placed(first, second) == TWO
