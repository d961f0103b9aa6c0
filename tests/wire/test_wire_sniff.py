from __future__ import annotations

import pytest

from promptcost.wire import Api, sniff_api

HI = [{"role": "user", "content": "Hi"}]
TOOL = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    ("body", "api"),
    [
        ({"contents": [{"parts": []}]}, Api.GEMINI),
        ({"input": [{"role": "user", "content": "Hi"}]}, Api.OPENAI_RESPONSES),
        ({"input": [], "model": "gpt-5", "store": False}, Api.OPENAI_RESPONSES),
        ({"input": "Hi", "instructions": "Be brief."}, Api.OPENAI_RESPONSES),
        ({"messages": HI, "system": "Be brief."}, Api.ANTHROPIC_MESSAGES),
        ({"messages": HI, "model": "claude-opus-5-5"}, Api.ANTHROPIC_MESSAGES),
        ({"messages": HI, "tools": [{"name": "f", "input_schema": {}}]}, Api.ANTHROPIC_MESSAGES),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]},
            Api.ANTHROPIC_MESSAGES,
        ),
        ({"messages": HI, "model": "anthropic/claude-opus-5-5"}, Api.OPENAI_CHAT),
        ({"messages": HI, "model": "claude-opus-5-5", "tools": [TOOL]}, Api.OPENAI_CHAT),
        ({"messages": HI, "model": "gpt-5"}, Api.OPENAI_CHAT),
        ({"messages": HI, "model": "claude", "response_format": {}}, Api.OPENAI_CHAT),
        ({"messages": [{"role": "developer", "content": ""}]}, Api.OPENAI_CHAT),
        ({"messages": [{"role": "system", "content": ""}], "model": "claude"}, Api.OPENAI_CHAT),
        ({"messages": [{"role": "assistant", "tool_calls": []}]}, Api.OPENAI_CHAT),
        ({"messages": []}, Api.OPENAI_CHAT),
        ({"input": [{"role": "tool", "content": "1"}]}, Api.OPENAI_CHAT),
        ({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}, Api.BEDROCK_CONVERSE),
        ({"messages": [], "system": [{"cachePoint": {}}]}, Api.BEDROCK_CONVERSE),
        ({"messages": [], "inferenceConfig": {}}, Api.BEDROCK_CONVERSE),
    ],
)
def test_the_shape_tells_the_api(body, api):
    assert sniff_api(body) is api


@pytest.mark.parametrize(
    "body",
    [
        None,
        "Hi",
        [],
        {},
        {"messages": "Hi"},
        {"contents": "Hi"},
        {"prompt": "Hi"},
        {"input": "Hi", "model": "text-embedding-3-large"},
        {"input": ["Hi", "Ho"], "model": "text-embedding-3-large"},
        {"input": [1, 2], "model": "text-embedding-3-large"},
        {"input": 5},
        {"input": [{"text": "Hi"}]},
        {"messages": [{"ruleId": "no-var"}]},
        {"contents": [{"title": "Hi"}]},
    ],
)
def test_what_is_no_request_for_a_model_has_no_api(body):
    assert sniff_api(body) is None


@pytest.mark.parametrize(
    ("hint", "api"),
    [
        ("https://api.example.com/v1/messages?beta=true", Api.ANTHROPIC_MESSAGES),
        ("anthropic.messages", Api.ANTHROPIC_MESSAGES),
        ("anthropic_messages", Api.ANTHROPIC_MESSAGES),
        ("/v1/chat/completions", Api.OPENAI_CHAT),
        ("openai.chat", Api.OPENAI_CHAT),
        ("/model/nova/converse-stream", Api.BEDROCK_CONVERSE),
        ("ConverseStream", Api.BEDROCK_CONVERSE),
    ],
)
def test_a_hint_decides_where_the_shape_is_open(hint, api):
    assert sniff_api({"messages": HI}, [hint]) is api


def test_the_first_known_hint_wins():
    assert sniff_api({"messages": HI}, ["x", "/v1/messages", "openai.chat"]) is (
        Api.ANTHROPIC_MESSAGES
    )


def test_a_hint_that_contradicts_the_shape_is_not_believed():
    assert sniff_api({"contents": []}, ["/v1/messages"]) is Api.GEMINI


def test_the_address_tells_a_text_for_a_model_from_one_to_embed():
    body = {"input": "Hi", "model": "gpt-5"}
    assert sniff_api(body, ["https://api.example.com/v1/responses"]) is Api.OPENAI_RESPONSES
    assert sniff_api(body, ["https://api.example.com/v1/embeddings"]) is None
