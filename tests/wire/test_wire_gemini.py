from __future__ import annotations

import pytest
from wire.reading import request, rows

from promptcost.wire import Api


def body(*contents: dict[str, object], **fields: object) -> dict[str, object]:
    return {"contents": list(contents), **fields}


def turn(role: str, *parts: dict[str, object]) -> dict[str, object]:
    return {"role": role, "parts": list(parts)}


def test_tools_system_and_contents_stand_in_hash_order():
    call = {"functionCall": {"id": "1", "name": "read", "args": {"b": 1, "a": 2}}}
    answer = {"functionResponse": {"id": "1", "name": "read", "response": {"output": "42"}}}
    assert rows(
        body(
            turn("user", {"text": "Hi"}),
            turn("model", call),
            turn("user", answer),
            systemInstruction={"parts": [{"text": "Be brief."}]},
            tools=[{"functionDeclarations": [{"name": "read"}]}, {"googleSearch": {}}],
        )
    ) == [
        ("tools", "tool_definition", "tools[0].functionDeclarations[0]", b'{"name":"read"}'),
        ("tools", "tool_definition", "tools[1]", b'{"googleSearch":{}}'),
        ("system", "text", "systemInstruction.parts[0].text", b"Be brief."),
        ("user", "text", "contents[0].parts[0].text", b"Hi"),
        (
            "assistant",
            "tool_use",
            "contents[1].parts[0]",
            b'{"functionCall":{"id":"1","name":"read","args":{"b":1,"a":2}}}',
        ),
        (
            "tool",
            "tool_result",
            "contents[2].parts[0]",
            b'{"functionResponse":{"id":"1","name":"read","response":{"output":"42"}}}',
        ),
    ]


@pytest.mark.parametrize(
    ("part", "row"),
    [
        ({"text": "hm", "thought": True}, ("assistant", "thinking")),
        ({"inline_data": {"data": "x"}}, ("assistant", "image")),
        ({"fileData": {"fileUri": "x"}}, ("assistant", "file")),
        ({"executableCode": {"code": "x"}}, ("assistant", "tool_use")),
        ({"codeExecutionResult": {"output": "x"}}, ("tool", "tool_result")),
        ({"videoMetadata": {}}, ("assistant", "other")),
    ],
)
def test_every_kind_of_part_is_named(part, row):
    assert rows(body(turn("model", part)))[0][:2] == row


def test_a_thought_signature_is_sent_back_and_counts():
    signed = request(body(turn("model", {"text": "Yes.", "thoughtSignature": "s"}))).blocks[0]
    assert signed.data == b'{"thoughtSignature":"s"}Yes.'
    assert signed.digest != request(body(turn("model", {"text": "Yes."}))).blocks[0].digest


@pytest.mark.parametrize(
    "variant",
    [
        body(turn("user", {"text": "Hi"}), system_instruction={"parts": [{"text": "S"}]}),
        body(turn("user", {"text": "Hi"}), systemInstruction={"parts": {"text": "S"}}),
        body(turn("user", {"text": "Hi"}), systemInstruction="S"),
        {"contents": turn("user", {"text": "Hi"}), "systemInstruction": "S"},
    ],
)
def test_spellings_of_one_prompt_are_one_prompt(variant):
    usual = request(
        body(turn("user", {"text": "Hi"}), systemInstruction={"parts": [{"text": "S"}]})
    )
    assert [b.digest for b in request(variant).blocks] == [b.digest for b in usual.blocks]


def test_the_model_stands_in_the_url():
    read = request(
        {
            "url": "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
            "body": body(turn("user", {"text": "Hi"})),
        }
    )
    assert (read.api, read.model, read.body_path) == (Api.GEMINI, "gemini-2.5-pro", "body")


def test_settings_are_read():
    read = request(
        body(
            turn("user", {"text": "Hi"}),
            cachedContent="cachedContents/1",
            generationConfig={"temperature": 1, "thinkingConfig": {"thinkingBudget": 0}},
        )
    )
    assert dict(read.settings) == {
        "cachedContent": '"cachedContents/1"',
        "generationConfig.thinkingConfig": '{"thinkingBudget":0}',
    }
