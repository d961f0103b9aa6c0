"""Causes and near-misses met in logs of programs that the project had not seen before."""

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

MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
ASK, REPLY, AGAIN = user("First?"), answer("Yes."), user("Second?")
LONG = user(f"Read this first: {RULES}")
TURNS = ((ASK,), (ASK, REPLY, AGAIN))
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
TOOLS = [
    {"name": name, "description": "Does it.", "input_schema": {"type": "object"}}
    for name in ("read", "write")
]
LATE = {**TOOLS[0], "name": "search", "defer_loading": True}
EXAMPLES = [(user(f"{RULES[:900]} {one}"), answer(f"Label {one}.")) for one in ("A", "B", "C")]


def spoken(heads: list[str]) -> list[dict]:
    return [body(system(head), *turn) for head, turn in zip(heads, TURNS, strict=True)]


def shot(order: str, question: str) -> dict:
    pairs = ["ABC".index(letter) for letter in order]
    return body(system("You label."), *(m for n in pairs for m in EXAMPLES[n]), user(question))


def timed(minute: int, request: dict) -> dict:
    return {"timestamp": f"2026-11-20T10:{minute:02}:00Z", "request": request}


def converse(*content: dict) -> dict:
    message = {"role": "user", "content": list(content)}
    return {"modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0", "messages": [message]}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("Heute ist der 3. März 2026. ", "Heute ist der 4. März 2026. ", "PC202"),
        ("Nous sommes le 3 août 2026. ", "Nous sommes le 4 août 2026. ", "PC202"),
        ("Hoy es 3 de enero de 2026. ", "Hoy es 4 de enero de 2026. ", "PC202"),
        ("stamp 20261102-090805 ", "stamp 20261102-090911 ", "PC202"),
        ("guild 1306431992130119489 ", "guild 1306964841999016219 ", "PC203"),
        ("v=2.1.36.1a3; cch=05e1f; ", "v=2.1.36.b9f; cch=ab11c; ", "PC203"),
        ("Say 'so'.\n", "Say &#39;so&#39;.\n", "PC209"),
        ("One.\nTwo.\n", "One.\r\nTwo.\r\n", "PC209"),
        (
            "Documents:\nsee /srv/app/a.py\n",
            "Documents:\nsee /srv/app/lib/b.py and more\n",
            "PC209",
        ),
    ],
)
def test_a_change_of_the_system_text_is_named(first, second, found, tmp_path):
    report = audit_one(tmp_path, *spoken([first + RULES, second + RULES]))
    assert codes(report) == [found]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("Operating system: Darwin 24\n", "Operating system: Linux 6\n", ["PC211"]),
        ("Directory listing:\nmain.c\n", "Directory listing:\napp.py\n", ["PC211"]),
        ("You talk to Ana from Porto.\n", "You talk to Bo Li from Ohio.\n", ["PC210"]),
        (f"You plan.\n{'Plan. ' * 400}", f"You test.\n{'Break it all. ' * 400}", []),
    ],
)
def test_two_conversations_part_in_the_system_text(first, second, found, tmp_path):
    asked = [body(system(f"{head}{RULES}"), user(f"{head[-7:]}?")) for head in (first, second)]
    assert codes(audit_one(tmp_path, *asked)) == found


def test_a_message_that_grows_in_the_middle_is_rewritten_history(tmp_path):
    turns = [
        body(system(RULES), LONG, REPLY, AGAIN),
        body(system(RULES), user(LONG["content"] + " Be brief."), REPLY, AGAIN, REPLY, ASK),
    ]
    assert codes(audit_one(tmp_path, *turns)) == ["PC201"]


def test_tools_that_are_all_gone_are_no_rewritten_history(tmp_path):
    tools = [{"type": "function", "function": {"name": "read", "description": RULES}}]
    turns = [body(*TURNS[1], tools=tools), body(*TURNS[1], REPLY, ASK)]
    report = audit_one(tmp_path, *turns)
    assert codes(report) == ["PC206"]


def test_one_template_around_each_question_is_counted_in_its_middle(tmp_path):
    lines = RULES.replace(". ", ".\n")
    asked = [body(user(f"At 10:15:0{n}\n{lines}Question: {'why ' * n}?")) for n in range(1, 4)]
    assert codes(audit_one(tmp_path, *asked)) == ["PC202"]


def test_shuffled_examples_are_text_in_another_order(tmp_path):
    report = audit_one(tmp_path, shot("ABC", "x?"), shot("CAB", "y?"))
    assert codes(report) == ["PC215"]


def test_turns_that_drop_all_marks_are_told(tmp_path):
    turns = [
        claude([text(RULES, marked=True)], ASK),
        claude([text(RULES)], ASK, REPLY, AGAIN),
        claude([text(RULES)], ASK, REPLY, AGAIN, REPLY, ASK),
    ]
    report = audit_one(tmp_path, *turns)
    assert [(one.code, one.expression) for one in report.findings] == [("PC228", "messages")]


def test_an_hour_for_the_head_of_one_conversation_cannot_be_judged(tmp_path):
    head = [{**text(RULES), "cache_control": HOUR}]
    said = [m for n in range(8) for m in (user(f"{n}?"), answer("So."))]
    turns = [timed(n, claude(head, *said[: 2 * n + 1])) for n in range(7)]
    assert codes(audit_one(tmp_path, *turns)) == []


def test_an_hour_for_a_tail_that_moves_is_not_needed(tmp_path):
    said = [m for n in range(8) for m in (user(f"{n}? {RULES[:600]}"), answer("So."))]
    turns = [timed(n, claude(RULES, *said[: 2 * n + 1], cache_control=HOUR)) for n in range(7)]
    assert codes(audit_one(tmp_path, *turns)) == ["PC234"]


@pytest.mark.parametrize(
    "requests",
    [
        pytest.param(
            [
                claude([text(RULES, marked=True)], ASK, tools=TOOLS),
                claude([text(RULES, marked=True)], *TURNS[1], tools=[*TOOLS, LATE]),
            ],
            id="a deferred tool is no part of the prompt yet",
        ),
        pytest.param(
            [
                body(system(RULES), LONG),
                body(system(RULES), LONG, REPLY, user([text("Look:"), PICTURE])),
            ],
            id="a picture is appended where only what follows it counts",
        ),
        pytest.param(
            [
                {**body(system(RULES), LONG), "model": "openrouter/gemini-2.5-flash"}
                | {"messages": [{"role": "user", "content": [text(RULES, marked=True)]}, *turn]}
                for turn in ((ASK,), (ASK, REPLY, AGAIN))
            ],
            id="a model that caches without marks has no lookback",
        ),
        pytest.param(
            [converse({"text": RULES}, {"text": "\n"}, {"cachePoint": {"type": "default"}})],
            id="a blank text in front of a cache point",
        ),
        pytest.param(
            [body(system(RULES), *TURNS[1]), body(system(RULES), *TURNS[1], model="gpt-5-mini")],
            id="the same prompt at another model is a second attempt",
        ),
        pytest.param(
            [
                claude([text(RULES, marked=True)], user([text("Go.", marked=True)]), answer("{")),
                claude(
                    [text(RULES, marked=True)],
                    user([text("Go.", marked=True)]),
                    answer('{"a": 1}'),
                    AGAIN,
                    answer("{"),
                ),
            ],
            id="words put into the mouth of the model are completed",
        ),
        pytest.param(
            [
                claude([text(RULES, marked=True)], ASK, speed="standard"),
                claude([text(RULES, marked=True)], *TURNS[1], tool_choice={"type": "auto"}),
            ],
            id="a default that is spelled out",
        ),
        pytest.param(
            [
                body(system("You speak as a lawyer."), ASK),
                body(system("You speak as a nurse, in short words."), ASK),
            ],
            id="a question to several short agents",
        ),
        pytest.param(
            [
                body(system("Add."), user("What is 2 + 2?")),
                body(system("Add."), user("What is 1 + 1?"), answer("2"), user("What is 2 + 2?")),
            ],
            id="examples are put in front of the same question",
        ),
        pytest.param(
            [
                body(system("You rate."), ASK, model="gpt-6.1-sol"),
                body(system("You rate."), *TURNS[1], model="gpt-6.1-sol", reasoning_effort="high"),
            ],
            id="a setting of a prompt too short for a cache",
        ),
    ],
)
def test_nothing_is_reported(requests, tmp_path):
    assert codes(audit_one(tmp_path, *requests)) == []


def test_an_encoded_signature_is_not_counted_as_text(tmp_path):
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "Ab3+" * 9_000}
    said = {"role": "assistant", "content": [thought, text("Yes.")]}
    [program] = audit_one(tmp_path, claude("Be brief.", ASK, said, AGAIN)).series.programs
    assert program.cost.prompt.value < 200


def test_a_date_in_front_of_a_set_phrase_is_no_question(tmp_path):
    head, got = system(RULES), answer("Got it. Thanks for the context!")
    asked = [
        body(head, user(f"Today is Nov {day}, 2026."), got, user(f"Question {day}?"))
        for day in (20, 21)
    ]
    assert codes(audit_one(tmp_path, *asked)) == ["PC202"]


def test_a_setting_that_bedrock_passes_on_is_watched(tmp_path):
    turns = [
        {
            **converse({"text": RULES}, {"cachePoint": {"type": "default"}}),
            "additionalModelRequestFields": {"thinking": {"budget_tokens": tokens}},
        }
        for tokens in (2_000, 9_000)
    ]
    turns[1]["messages"] += [
        {"role": "assistant", "content": [{"text": "Yes."}]},
        {"role": "user", "content": [{"text": "And?"}]},
    ]
    report = audit_one(tmp_path, *turns)
    assert [(one.code, one.expression) for one in report.findings] == [
        ("PC213", "additionalModelRequestFields.thinking")
    ]


def test_a_task_list_in_the_system_text_is_text_of_the_moment(tmp_path):
    lists = ["[x] read\n[ ] write\n", "[x] read\n[x] write\n"]
    heads = [f"# Files\nSee below.\n<todo>\n{one}</todo>\n{RULES}" for one in lists]
    assert codes(audit_one(tmp_path, *spoken(heads))) == ["PC209"]


def test_a_long_question_that_speaks_of_files_is_a_question(tmp_path):
    listings = ["".join(f"/srv/{name}/part{n}.py\n" for n in range(40)) for name in ("a", "b")]
    asked = [body(user(f"```\n{one}```\n# How to review\n{RULES}")) for one in listings]
    assert codes(audit_one(tmp_path, *asked)) == ["PC212"]


def test_tools_that_are_looked_up_for_each_turn_come_and_go(tmp_path):
    tools = [{"type": "function", "function": {"name": f"tool{n}"}} for n in range(8)]
    turns = [
        body(system(RULES), *TURNS[0], tools=tools[:4]),
        body(system(RULES), *TURNS[1], tools=tools[3:]),
    ]
    report = audit_one(tmp_path, *turns)
    assert [(one.code, one.place.start_line) for one in report.findings] == [("PC206", 2)]


def test_the_first_question_may_be_handed_to_a_program_of_its_own(tmp_path):
    tools = [{"type": "function", "function": {"name": "read"}}]
    title = body(system("You write titles for chats, of six words at most."), *TURNS[1])
    assert codes(audit_one(tmp_path, body(system(RULES), *TURNS[0], tools=tools), title)) == []


def test_other_ends_of_lines_in_a_very_long_text_are_seen(tmp_path):
    rules = RULES.replace(". ", ".\n") * 3
    assert codes(audit_one(tmp_path, *spoken([rules, rules.replace("\n", "\r\n")]))) == ["PC209"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({}, "messages[2].content[1]"),
    ],
)
def test_what_a_provider_loses_messages_for(more, path, tmp_path):
    image = {"type": "image", "source": {"type": "base64", "data": "iVBORw0KGgo="}}
    newest = [text("And?"), *([] if more else [image])]
    head = [text("Be brief.")]
    said = user([text(RULES, marked=True)])
    turns = [claude(head, said), claude(head, said, REPLY, user(newest), **more)]
    report = audit_one(tmp_path, *turns)
    assert [(one.code, one.expression) for one in report.findings] == [("PC213", path)]
