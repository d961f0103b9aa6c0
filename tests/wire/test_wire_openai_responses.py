from __future__ import annotations

from datetime import timedelta

import pytest
from wire.reading import request, rows

from promptcost.wire import Api, MarkerStyle


def responses(*items: object, **fields: object) -> dict[str, object]:
    return {"model": "gpt-6.1-sol", "input": list(items), **fields}


def user(text: str) -> dict[str, object]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def test_tools_instructions_and_items_stand_in_hash_order():
    assert rows(
        responses(
            {"role": "developer", "content": "Rules."},
            user("Hi"),
            {"type": "function_call", "call_id": "c1", "name": "read", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "42"},
            instructions="Be brief.",
            tools=[{"type": "function", "name": "read"}],
        )
    ) == [
        ("tools", "tool_definition", "tools[0]", b'{"type":"function","name":"read"}'),
        ("system", "text", "instructions", b"Be brief."),
        ("system", "text", "input[0].content", b"Rules."),
        ("user", "text", "input[1].content[0].text", b"Hi"),
        (
            "assistant",
            "tool_use",
            "input[2]",
            b'{"arguments":"{}","call_id":"c1","name":"read","type":"function_call"}',
        ),
        ("tool", "tool_result", "input[3].output", b'{"call_id":"c1"}42'),
    ]


def test_a_plain_input_is_a_user_message():
    plain = request({"model": "gpt-5", "input": "Hi", "instructions": "Be brief."})
    assert plain.api is Api.OPENAI_RESPONSES
    assert plain.blocks[1].digest == request(responses(user("Hi"))).blocks[0].digest


@pytest.mark.parametrize(
    "item",
    [
        {**user("Hi"), "id": "msg_1"},
        {**user("Hi"), "id": "msg_2", "status": "completed"},
        {"role": "user", "content": "Hi"},
    ],
)
def test_item_ids_are_no_prompt_text(item):
    plain = request(responses(user("Hi"))).blocks[0]
    assert request(responses(item)).blocks[0].digest == plain.digest


@pytest.mark.parametrize(
    ("item", "count"),
    [
        ({"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}, 1),
        ({"type": "web_search_call", "status": "completed"}, 1),
        ({"type": "reasoning", "encrypted_content": "x", "summary": []}, 1),
        ({"type": "reasoning", "summary": []}, 2),
        ({"type": "item_reference"}, 2),
    ],
)
def test_an_id_counts_where_it_stands_for_content_the_server_keeps(item, count):
    digests = {request(responses({**item, "id": i})).blocks[0].digest for i in ("a", "b")}
    assert len(digests) == count


def test_call_ids_count():
    call = {"type": "function_call", "name": "f", "arguments": "{}"}
    digests = {request(responses({**call, "call_id": i})).blocks[0].digest for i in ("a", "b")}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ({"type": "reasoning", "id": "r"}, ("assistant", "thinking")),
        ({"type": "local_shell_call", "call_id": "c"}, ("assistant", "tool_use")),
        (
            {"type": "custom_tool_call_output", "call_id": "c", "output": ""},
            ("tool", "tool_result"),
        ),
        ({"type": "mcp_approval_response"}, ("tool", "tool_result")),
        ({"type": "compaction"}, ("assistant", "other")),
        ({"role": "assistant", "content": [{"type": "refusal"}]}, ("assistant", "other")),
        ({"role": "user", "content": [{"type": "input_image"}]}, ("user", "image")),
        ({"role": "user", "content": [{"type": "input_file"}]}, ("user", "file")),
    ],
)
def test_every_kind_of_item_is_named(item, row):
    assert rows(responses(item))[0][:2] == row


def test_an_output_of_one_text_equals_the_string():
    item = {"type": "function_call_output", "call_id": "c1"}
    listed = {**item, "output": [{"type": "input_text", "text": "42"}]}
    plain = request(responses({**item, "output": "42"})).blocks[0]
    assert request(responses(listed)).blocks[0].digest == plain.digest


def test_annotations_of_an_answer_are_no_prompt_text():
    part = {"type": "output_text", "text": "Yes.", "annotations": [], "logprobs": []}
    block = request(responses({"role": "assistant", "content": [part]})).blocks[0]
    assert block.data == b"Yes."
    assert block.ignored == (
        "input[0].content[0].annotations",
        "input[0].content[0].logprobs",
    )


def test_breakpoints_and_options_are_read():
    part = {"type": "input_text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "explicit"}}
    options = {"mode": "implicit", "ttl": "12h"}
    read = request(responses({"role": "user", "content": [part]}, prompt_cache_options=options))
    assert [(m.style, m.ttl) for m in read.markers] == [
        (MarkerStyle.PROMPT_CACHE_BREAKPOINT, timedelta(hours=12))
    ]
    assert read.automatic is not None
    assert read.automatic.ttl == timedelta(hours=12)
    assert read.settings["prompt_cache_options.ttl"] == '"12h"'


def test_text_kept_by_the_provider_is_pointed_out():
    read = request(responses(user("Hi"), previous_response_id="resp_1"))
    assert read.problems[0].message.startswith("previous_response_id names text")


def test_settings_are_read():
    read = request(
        responses(user("Hi"), reasoning={"effort": "low"}, text={"verbosity": "low"}, store=False)
    )
    assert dict(read.settings) == {"text.verbosity": '"low"', "reasoning": '{"effort":"low"}'}
