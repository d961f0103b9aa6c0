from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from wire.reading import request, requests

from promptcost.wire import Api, envelope
from promptcost.wire.context import parse_time

HI = [{"role": "user", "content": "Hi"}]
BODY = {"model": "gpt-5", "messages": HI}
CLAUDE = {"model": "claude-opus-5-5", "max_tokens": 1, "system": "S", "messages": HI}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (BODY, ""),
        ({"request": BODY}, "request"),
        ({"request": {"method": "POST", "url": "/x", "body": BODY}}, "request.body"),
        ({"custom_id": "1", "url": "/v1/chat/completions", "body": BODY}, "body"),
        ({"payload": json.dumps(BODY)}, "payload"),
        ({"kwargs": {"model": "gpt-5", "messages": HI, "optional_params": {}}}, "kwargs"),
        ({"kwargs": {"additional_args": {"complete_input_dict": BODY}, **BODY}},
         "kwargs.additional_args.complete_input_dict"),
        ({"proxy_server_request": {"url": "/x", "body": BODY}}, "proxy_server_request.body"),
        ({"requests": [{"custom_id": "1", "params": BODY}]}, "requests[0].params"),
        ({"entries": [{"request": BODY}]}, "entries[0].request"),
        ({"url": "/v1/messages", "body_json": BODY}, "body_json"),
        ({"session": {"calls": [{"n": 1, "sent": BODY}]}}, "session.calls[0].sent"),
        ({"data": [{"input": BODY, "output": {"messages": HI}}]}, "data[0].input"),
        ({"log": {"entries": [{"request": {"postData": {"text": json.dumps(BODY)}}}]}},
         "log.entries[0].request.postData.text"),
        ({"response": BODY, "llm_response": BODY, "sent": BODY}, "sent"),
        ({"body": base64.b64encode(json.dumps(BODY).encode()).decode()}, "body"),
        ({"body": base64.urlsafe_b64encode(json.dumps({**BODY, "user": "ÿ?>"}).encode()).decode()},
         "body"),
        ({"request": None, **BODY}, ""),
        ({"request": "{broken", **BODY}, ""),
        ({"request": "plain words", **BODY}, ""),
    ],
)  # fmt: skip
def test_the_body_is_found_and_its_path_kept(record, path):
    found = request(record)
    assert (found.body_path, found.blocks[-1].json_path) == (path, "messages[0].content")


def test_each_request_of_a_series_is_read():
    batch = {"requests": [{"params": BODY}, {"params": {"other": 1}}, {"params": CLAUDE}]}
    assert [found.model for found in requests(batch)] == ["gpt-5", "claude-opus-5-5"]


@pytest.mark.parametrize(
    "record",
    [
        {"response": BODY},
        {"result": {"output": BODY}},
        {"body": "eyJub3QganNvbiI6IGF0IGFsbA"},
        {"body": "e" * 40},
        {"body": "eA===" * 9},
        {"files": [{"messages": [{"rule": "E501", "line": 3}]}]},
        {"cases": [{"input": [{"a": 1}], "expected": 2}]},
        {"pages": [{"contents": [{"title": "one"}]}]},
        {"deep": [[[BODY]]]},
    ],
)
def test_what_is_no_request_is_not_taken_for_one(record):
    assert requests(record) == []


def test_a_search_among_very_many_objects_ends(monkeypatch):
    monkeypatch.setattr(envelope, "_MAX_OBJECTS", 9)
    assert len(requests({"calls": [{"n": 1}] * 4 + [{"sent": BODY}]})) == 1
    assert requests({"calls": [{"n": 1}] * 9 + [{"sent": BODY}]}) == []


def test_every_call_of_a_session_is_read_in_order():
    calls = [{"request": {**BODY, "model": f"m{number}"}} for number in range(3)]
    assert [one.model for one in requests({"session": {"calls": calls}})] == ["m0", "m1", "m2"]


def test_chat_messages_that_a_tracer_logs_as_input_are_read_as_chat():
    calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    said = [*HI, {"role": "assistant", "content": None, "tool_calls": calls}]
    found = request({"type": "GENERATION", "model": "gpt-5", "input": said, "output": {}})
    assert (found.api, found.blocks[1].json_path) == (Api.OPENAI_CHAT, "input[1].tool_calls[0]")


def test_bodies_wrapped_too_deep_are_not_searched():
    record: dict[str, object] = dict(BODY)
    for _ in range(9):
        record = {"body": record}
    assert requests(record) == []


def test_json_that_a_user_typed_is_not_taken_for_a_body():
    typed = {"model": "gpt-5", "instructions": "S", "input": json.dumps(BODY)}
    assert [block.json_path for block in request(typed).blocks] == ["instructions", "input"]


def test_parameters_kept_beside_the_messages_are_laid_under_them():
    tools = [{"type": "function", "function": {"name": "read"}}]
    found = request({**BODY, "model_parameters": {"tools": tools, "reasoning_effort": "low"}})
    assert [block.json_path for block in found.blocks] == ["tools[0]", "messages[0].content"]
    assert dict(found.settings) == {"reasoning_effort": '"low"'}


@pytest.mark.parametrize(
    ("record", "session", "user", "tenant", "key"),
    [
        (BODY, None, None, None, None),
        ({"session_id": "s", "user_id": 7, "tenant": "t", "request": BODY}, "s", "7", "t", None),
        ({"headers": {"X-Session-Id": "s"}, "request": BODY}, "s", None, None, None),
        ({"headers": ["odd"], "request": BODY}, None, None, None, None),
        ({"headers": {"x-grok-conv-id": "k"}, "request": BODY}, None, None, None, "k"),
        ({**BODY, "user": "u", "prompt_cache_key": "k"}, None, "u", None, "k"),
        ({**BODY, "metadata": {"session_id": "s", "user": "u"}}, "s", "u", None, None),
        ({"kwargs": {**BODY, "litellm_params": {"metadata": {"team_id": "t"}}}},
         None, None, "t", None),
        ({**BODY, "cache_salt": "k", "user": ""}, None, None, None, "k"),
        ({**CLAUDE, "metadata": {"user_id": "user_ab_account__session_1-2"}},
         "1-2", "user_ab_account_", None, None),
        ({**CLAUDE, "metadata": {"user_id": '{"device_id":"d","session_id":"1-2"}'}},
         "1-2", "d", None, None),
        ({**CLAUDE, "metadata": {"user_id": "{odd"}}, None, "{odd", None, None),
        ({**CLAUDE, "metadata": {"user_id": "x" * 600}}, None, None, None, None),
        ({**BODY, "user": True}, None, None, None, None),
    ],
)  # fmt: skip
def test_who_sent_it_is_read_from_around_the_body(record, session, user, tenant, key):
    found = request(record)
    assert (found.session, found.user, found.tenant, found.cache_key) == (
        session,
        user,
        tenant,
        key,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20 12:00:00", NOON),
        ("2026-11-20T13:00:00+01:00", NOON),
        (1795176000, NOON),
        (1795176000.5, NOON + timedelta(seconds=0.5)),
        (1795176000_000, NOON),
        (1795176000_000_000, NOON),
        (1795176000_000_000_000, NOON),
        ("yesterday", None),
        ("2026-11-20" * 10, None),
        (True, None),
        (0, None),
        (-5, None),
        (10**400, None),
        (None, None),
    ],
)
def test_times_are_read_in_the_spellings_of_logs(value, expected):
    assert parse_time(value) == expected


def test_the_time_of_the_record_is_the_time_of_the_request():
    assert request({"startTime": 1795176000, "request": BODY}).time == NOON
    assert request({"time": "odd", "timestamp": 1795176000, "body": BODY}).time == NOON
    assert request(BODY).time is None


def test_words_around_the_body_can_be_encoded():
    odd = request(
        {"url": "/models/x", "session_id": "a\ud800", "body": {**BODY, "model": "\ud800"}}
    )
    assert (odd.model, odd.session) == ("\ufffd", "a\ufffd")


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("/openai/deployments/gpt-4o/chat/completions?api-version=1", "gpt-4o"),
        ("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", "gemini-2.5-pro"),
        ("/model/amazon.nova-pro-v1%3A0/converse", "amazon.nova-pro-v1:0"),
        ("/publishers/anthropic/models/claude-opus-5-5:rawPredict", "claude-opus-5-5"),
        ("/v1/messages", None),
    ],
)
def test_the_model_may_stand_in_the_url(url, model):
    assert request({"url": url, "body": {"messages": HI}}).model == model


def test_a_model_named_only_around_the_body_is_found():
    assert request({"model": "gpt-5", "request": {"messages": HI}}).model == "gpt-5"
    assert request({"request": {"messages": HI}}).model is None
