from __future__ import annotations

from datetime import timedelta

import pytest
from wire.reading import request, rows

from promptcost.wire import Api, Marker, MarkerStyle


def chat(*messages: dict[str, object], **fields: object) -> dict[str, object]:
    return {"model": "gpt-5", "messages": list(messages), "n": 1, **fields}


CALL = {
    "index": 0,
    "id": "c1",
    "type": "function",
    "function": {"name": "read", "arguments": '{"b": 1}'},
}


def test_an_agent_turn_becomes_blocks():
    assert rows(
        chat(
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": "I look.", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": "42"},
            tools=[{"type": "function", "function": {"name": "read"}}],
        )
    ) == [
        (
            "tools",
            "tool_definition",
            "tools[0]",
            b'{"type":"function","function":{"name":"read"}}',
        ),
        ("system", "text", "messages[0].content", b"Be brief."),
        ("user", "text", "messages[1].content[0].text", b"Hi"),
        ("assistant", "text", "messages[2].content", b"I look."),
        (
            "assistant",
            "tool_use",
            "messages[2].tool_calls[0]",
            rb'{"function":{"name":"read","arguments":"{\"b\": 1}"},"id":"c1","type":"function"}',
        ),
        ("tool", "tool_result", "messages[3].content", b'{"tool_call_id":"c1"}42'),
    ]


@pytest.mark.parametrize("content", [None, ""])
def test_empty_content_beside_a_call_is_no_block(content):
    read = request(chat({"role": "assistant", "content": content, "tool_calls": [CALL]}))
    assert [block.name for block in read.blocks] == ["read"]


def test_empty_content_without_a_call_is_a_block():
    assert [row[3] for row in rows(chat({"role": "user", "content": ""}))] == [b""]


@pytest.mark.parametrize(
    "fields",
    [{"provider_specific_fields": {"refusal": None}}, {"refusal": None}, {"id": "msg_1"}],
)
def test_what_clients_echo_is_no_prompt_text(fields):
    plain = request(chat({"role": "assistant", "content": "I look."}))
    echoed = request(chat({"role": "assistant", "content": "I look.", **fields}))
    assert echoed.blocks[0].digest == plain.blocks[0].digest


def test_two_messages_are_not_one_message_of_two_blocks():
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    joined = request(chat({"role": "user", "content": parts}))
    split = request(chat({"role": "user", "content": "a"}, {"role": "user", "content": "b"}))
    assert joined.blocks[0].digest == split.blocks[0].digest
    assert joined.blocks[1].digest == split.blocks[1].digest
    assert joined.blocks[1].identity != split.blocks[1].identity


def test_names_of_speakers_count():
    named = request(chat({"role": "user", "content": "Hi", "name": "ann"})).blocks[0]
    assert (named.text, named.data) == ("Hi", b'{"name":"ann"}Hi')


def test_reasoning_refusal_and_legacy_calls_are_blocks():
    message = {
        "role": "assistant",
        "content": None,
        "reasoning_content": "hm",
        "refusal": "No.",
        "function_call": {"name": "read", "arguments": "{}"},
    }
    legacy = chat(message, {"role": "function", "name": "read", "content": "42"})
    assert rows(legacy) == [
        ("assistant", "thinking", "messages[0]", b'{"reasoning_content":"hm"}'),
        ("assistant", "text", "messages[0].refusal", b"No."),
        (
            "assistant",
            "tool_use",
            "messages[0].function_call",
            b'{"arguments":"{}","name":"read"}',
        ),
        ("tool", "tool_result", "messages[1].content", b'{"name":"read"}42'),
    ]


def test_legacy_functions_are_tools():
    (row,) = rows(chat(functions=[{"name": "read"}]))
    assert row[:3] == ("tools", "tool_definition", "functions[0]")


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (
            {"role": "user", "content": "Hi", "cache_control": {"type": "ephemeral"}},
            "messages[0].cache_control",
        ),
        (
            {
                "role": "user",
                "content": [{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}],
            },
            "messages[0].content[0].cache_control",
        ),
        (
            {"role": "tool", "tool_call_id": "c", "content": "4", "cache_control": {}},
            "messages[0].cache_control",
        ),
    ],
)
def test_gateways_mark_messages_and_blocks(message, path):
    (marker,) = request(chat(message)).markers
    assert (marker.style, marker.json_path) == (MarkerStyle.CACHE_CONTROL, path)


def test_a_mark_inside_a_function_is_the_mark_of_the_tool():
    function = {"name": "read", "cache_control": {"type": "ephemeral"}}
    marked = request(chat(tools=[{"type": "function", "function": function}]))
    plain = request(chat(tools=[{"type": "function", "function": {"name": "read"}}]))
    assert marked.blocks[0].digest == plain.blocks[0].digest
    assert [marker.json_path for marker in marked.markers] == ["tools[0].cache_control"]


def test_breakpoints_take_the_lifetime_of_the_request():
    part = {"type": "text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "explicit"}}
    options = {"mode": "explicit", "ttl": "30m"}
    read = request(chat({"role": "user", "content": [part]}, prompt_cache_options=options))
    assert read.automatic is None
    assert read.markers == (
        Marker(
            style=MarkerStyle.PROMPT_CACHE_BREAKPOINT,
            json_path="messages[0].content[0].prompt_cache_breakpoint",
            ttl=timedelta(minutes=30),
        ),
    )


@pytest.mark.parametrize("options", [{"mode": "implicit"}, {"ttl": "30m"}])
def test_implicit_mode_is_a_request_level_mark(options):
    automatic = request(chat({"role": "user", "content": "Hi"}, prompt_cache_options=options))
    assert automatic.automatic is not None
    assert automatic.automatic.style is MarkerStyle.IMPLICIT


def test_without_options_the_mode_is_not_known():
    read = request(chat({"role": "user", "content": "Hi"}, prompt_cache_key="k"))
    assert (read.api, read.automatic, read.cache_key) == (Api.OPENAI_CHAT, None, "k")
    assert read.cache_key_path == "prompt_cache_key"


def test_settings_are_read():
    read = request(
        chat(
            {"role": "user", "content": "Hi"},
            reasoning_effort="low",
            response_format={"type": "json_object"},
            parallel_tool_calls=False,
            temperature=1,
        )
    )
    assert dict(read.settings) == {
        "parallel_tool_calls": "false",
        "reasoning_effort": '"low"',
        "response_format": '{"type":"json_object"}',
    }
