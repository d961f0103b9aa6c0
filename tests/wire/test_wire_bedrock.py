from __future__ import annotations

from datetime import timedelta

import pytest
from wire.reading import request, rows

from promptcost.wire import Api, Marker, MarkerStyle

POINT = {"cachePoint": {"type": "default"}}


def body(*content: dict[str, object], **fields: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": list(content)}], **fields}


def test_tools_system_and_messages_stand_in_hash_order():
    spec = {"toolSpec": {"name": "read", "inputSchema": {"json": {}}}}
    call = {"toolUse": {"toolUseId": "1", "name": "read", "input": {"b": 1, "a": 2}}}
    answer = {"toolResult": {"toolUseId": "1", "content": [{"text": "42"}], "status": "success"}}
    assert rows(
        {
            "modelId": "anthropic.claude-sonnet-5-5",
            "messages": [
                {"role": "user", "content": [{"text": "Hi"}]},
                {"role": "assistant", "content": [call]},
                {"role": "user", "content": [answer]},
            ],
            "system": [{"text": "Be brief."}],
            "toolConfig": {"tools": [spec]},
        }
    ) == [
        (
            "tools",
            "tool_definition",
            "toolConfig.tools[0]",
            b'{"toolSpec":{"name":"read","inputSchema":{"json":{}}}}',
        ),
        ("system", "text", "system[0].text", b"Be brief."),
        ("user", "text", "messages[0].content[0].text", b"Hi"),
        (
            "assistant",
            "tool_use",
            "messages[1].content[0]",
            b'{"toolUse":{"toolUseId":"1","name":"read","input":{"b":1,"a":2}}}',
        ),
        (
            "tool",
            "tool_result",
            "messages[2].content[0].toolResult.content[0].text",
            b'{"status":"success","toolUseId":"1"}42',
        ),
    ]


def test_cache_points_mark_the_block_before_them():
    read = request(
        body(
            {"text": "Hi"},
            {"cachePoint": {"type": "default", "ttl": "1h"}},
            system=[{"text": "Be brief."}, POINT],
            toolConfig={"tools": [{"toolSpec": {"name": "read"}}, POINT]},
        )
    )
    assert [(block.role.value, block.marker) for block in read.blocks] == [
        (role, Marker(style=MarkerStyle.CACHE_POINT, json_path=path, ttl=ttl))
        for role, path, ttl in (
            ("tools", "toolConfig.tools[1].cachePoint", None),
            ("system", "system[1].cachePoint", None),
            ("user", "messages[0].content[1].cachePoint", timedelta(hours=1)),
        )
    ]


def test_a_moved_cache_point_is_no_change_of_the_prompt():
    first = request(body({"text": "a"}, POINT, {"text": "b"}))
    second = request(body({"text": "a"}, {"text": "b"}, POINT))
    assert [b.digest for b in first.blocks] == [b.digest for b in second.blocks]


def test_a_cache_point_before_everything_marks_nothing():
    (problem,) = request(body(POINT, {"text": "Hi"})).problems
    assert problem.message.startswith("messages[0].content[0].cachePoint marks nothing")


def test_a_second_point_in_a_row_adds_nothing():
    (marker,) = request(body({"text": "Hi"}, POINT, POINT)).markers
    assert marker.json_path == "messages[0].content[1].cachePoint"


@pytest.mark.parametrize(
    ("block", "row"),
    [
        ({"reasoningContent": {"reasoningText": {"text": "hm"}}}, ("user", "thinking")),
        ({"image": {"format": "png"}}, ("user", "image")),
        ({"document": {"name": "d"}}, ("user", "file")),
        ({"guardContent": {}}, ("user", "other")),
        ({"toolResult": "odd"}, ("user", "tool_result")),
        ({}, ("user", "other")),
    ],
)
def test_every_kind_of_block_is_named(block, row):
    assert rows(body({"text": "Hi"}, block))[1][:2] == row


def test_an_invocation_log_is_unwrapped():
    read = request(
        {
            "schemaType": "ModelInvocationLog",
            "timestamp": "2026-11-20T09:00:00Z",
            "operation": "Converse",
            "modelId": "amazon.nova-pro-v1:0",
            "input": {
                "inputContentType": "application/json",
                "inputBodyJson": body({"text": "Hi"}),
            },
        }
    )
    assert (read.api, read.model) == (Api.BEDROCK_CONVERSE, "amazon.nova-pro-v1:0")
    assert read.body_path == "input.inputBodyJson"


@pytest.mark.parametrize(
    "path", ["/model/amazon.nova-pro-v1:0/converse", "/model/amazon.nova-pro-v1:0/converse-stream"]
)
def test_the_model_stands_in_the_path(path):
    assert request({"path": path, "body": body({"text": "Hi"})}).model == "amazon.nova-pro-v1:0"


def test_settings_are_read():
    read = request(
        body({"text": "Hi"}, toolConfig={"toolChoice": {"any": {}}}, inferenceConfig={"topP": 1})
    )
    assert dict(read.settings) == {"toolConfig.toolChoice": '{"any":{}}'}
