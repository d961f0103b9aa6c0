from __future__ import annotations

from datetime import timedelta

import pytest
from wire.reading import request, rows

from promptcost.wire import Api, Kind, Marker, MarkerStyle

EPHEMERAL = {"type": "ephemeral"}


def body(**fields: object) -> dict[str, object]:
    return {"model": "claude-sonnet-5-5", "max_tokens": 9, "system": "Be brief.", **fields}


def said(*messages: tuple[str, object]) -> dict[str, object]:
    return body(messages=[{"role": role, "content": content} for role, content in messages])


def test_blocks_stand_in_hash_order_whatever_the_order_of_keys():
    assert rows(
        {
            "messages": [{"role": "user", "content": "Hi"}],
            "system": "Be brief.",
            "tools": [{"name": "read", "input_schema": {"type": "object"}}],
        }
    ) == [
        (
            "tools",
            "tool_definition",
            "tools[0]",
            b'{"name":"read","input_schema":{"type":"object"}}',
        ),
        ("system", "text", "system", b"Be brief."),
        ("user", "text", "messages[0].content", b"Hi"),
    ]


def test_every_kind_of_block_is_named():
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": "I look."},
        {"type": "tool_use", "id": "t1", "name": "read", "input": {"b": 1, "a": 2}},
        {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []},
        {"type": "image", "source": {"type": "url", "url": "u"}},
        {"type": "document", "source": {"type": "text", "data": "d"}},
        {"type": "search_result", "title": "t"},
        {"no": "type"},
    ]
    assert [row[:2] for row in rows(said(("assistant", blocks)))[1:]] == [
        ("assistant", "thinking"),
        ("assistant", "thinking"),
        ("assistant", "text"),
        ("assistant", "tool_use"),
        ("assistant", "tool_use"),
        ("tool", "tool_result"),
        ("assistant", "image"),
        ("assistant", "file"),
        ("assistant", "other"),
        ("assistant", "other"),
    ]


def test_free_arguments_keep_their_order_and_protocol_fields_do_not_count():
    call = {"name": "read", "type": "tool_use", "input": {"b": 1, "a": 2}, "id": "t1"}
    data = rows(said(("assistant", [call])))[1][3]
    assert data == b'{"id":"t1","input":{"b":1,"a":2},"name":"read","type":"tool_use"}'


@pytest.mark.parametrize(
    "content",
    [
        "42",
        [{"type": "text", "text": "42"}],
        [{"text": "42", "type": "text", "cache_control": EPHEMERAL}],
        [{"type": "text", "text": "42", "citations": None}],
    ],
)
def test_a_string_equals_one_text_block(content):
    plain = request(said(("user", "42")))
    assert request(said(("user", content))).blocks[1].digest == plain.blocks[1].digest


@pytest.mark.parametrize(
    "content",
    [
        "42 ",
        [{"type": "text", "text": "4"}, {"type": "text", "text": "2"}],
        [{"type": "text", "text": "42", "citations": [{"type": "char_location"}]}],
        [{"type": "thinking", "thinking": "42"}],
        [],
    ],
)
def test_near_misses_of_one_text_block_are_other_blocks(content):
    plain = request(said(("user", "42")))
    other = request(said(("user", content)))
    assert [b.digest for b in other.blocks] != [b.digest for b in plain.blocks]


def result(content: object, **fields: object) -> dict[str, object]:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": content, **fields}
    return said(("user", [block]))


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("42", "messages[0].content[0].content"),
        ([{"type": "text", "text": "42"}], "messages[0].content[0].content[0].text"),
        (["42"], "messages[0].content[0].content[0].text"),
    ],
)
def test_a_tool_result_of_one_text_block_equals_the_string(content, path):
    block = request(result(content)).blocks[1]
    assert (block.text, block.json_path, block.base_path) == ("42", path, "messages[0].content[0]")
    assert block.data == b'{"tool_use_id":"t1"}42'
    assert block.digest == request(result("42")).blocks[1].digest


@pytest.mark.parametrize("content", ["", [], None])
def test_an_empty_tool_result_is_an_empty_text(content):
    assert request(result(content)).blocks[1].text == ""


def test_a_tool_result_of_several_parts_is_one_block_without_text():
    parts = [{"type": "text", "text": "4", "cache_control": EPHEMERAL}, {"type": "image"}]
    block = request(result(parts)).blocks[1]
    assert block.text is None
    assert block.marker == Marker(
        style=MarkerStyle.CACHE_CONTROL,
        json_path="messages[0].content[0].content[0].cache_control",
    )
    assert b'"content":[{"text":"4","type":"text"},{"type":"image"}]' in block.data


def test_the_mark_of_a_result_itself_wins_over_one_inside():
    parts = [{"type": "text", "text": "4", "cache_control": EPHEMERAL}]
    block = request(result(parts, cache_control={"type": "ephemeral", "ttl": "1h"})).blocks[1]
    assert block.marker is not None
    assert block.marker.ttl == timedelta(hours=1)


def test_other_ids_and_errors_of_results_count():
    digests = {
        request(record).blocks[1].digest
        for record in (
            result("42"),
            result("42", tool_use_id="t2"),
            result("42", is_error=True),
        )
    }
    assert len(digests) == 3


def test_marks_are_read_where_they_stand():
    marked = request(
        body(
            tools=[{"name": "read", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
            system=[{"type": "text", "text": "Be brief.", "cache_control": EPHEMERAL}],
            messages=[{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
            cache_control={"type": "ephemeral", "ttl": "5m"},
        )
    )
    style = MarkerStyle.CACHE_CONTROL
    assert marked.markers == (
        Marker(style=style, json_path="tools[0].cache_control", ttl=timedelta(hours=1)),
        Marker(style=style, json_path="system[0].cache_control"),
    )
    assert marked.automatic == Marker(
        style=style, json_path="cache_control", ttl=timedelta(minutes=5)
    )


def test_what_is_dropped_is_listed():
    block = {"type": "text", "text": "Hi", "citations": None, "cache_control": EPHEMERAL}
    assert request(said(("user", [block]))).blocks[1].ignored == (
        "messages[0].content[0].cache_control",
        "messages[0].content[0].citations",
    )


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("yes", "system[0].cache_control is not an object, so it marks nothing"),
        ({"ttl": "soon"}, "system[0].cache_control.ttl is not a lifetime such as 5m or 1h"),
        ({"ttl": 300}, "system[0].cache_control.ttl is not a lifetime such as 5m or 1h"),
    ],
)
def test_marks_that_cannot_be_read_are_complained_about(mark, message):
    system = [{"type": "text", "text": "x", "cache_control": mark}]
    (problem,) = request(body(system=system, messages=[])).problems
    assert message in problem.message
    assert (problem.path, problem.line) == ("log.jsonl", 1)


def test_consecutive_messages_of_one_role_are_one_turn():
    split = request(said(("user", "a"), ("user", "b")))
    joined = request(said(("user", [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])))
    assert [b.identity for b in split.blocks] == [b.identity for b in joined.blocks]


def test_a_system_message_amid_the_conversation_is_no_head():
    read = request(said(("user", "a"), ("system", "b"), ("user", "c")))
    assert [block.role.value for block in read.messages] == ["user", "system", "user"]
    assert [block.text for block in read.head] == ["Be brief."]


def test_pictures_count_by_identity_not_by_their_encoding():
    def picture(data: str) -> dict[str, object]:
        source = {"type": "base64", "media_type": "image/png", "data": data}
        return said(("user", [{"type": "image", "source": source}]))

    one, same, other = (request(picture(c * 4096)).blocks[1] for c in "AAB")
    assert one.kind is Kind.IMAGE
    assert len(one.data) < 200
    assert one.digest == same.digest != other.digest


@pytest.mark.parametrize(
    "source",
    [
        {"type": "text", "data": "a plain sentence. " * 100},
        {"type": "content", "content": [{"type": "text", "text": "a plain sentence. " * 100}]},
    ],
)
def test_text_documents_keep_their_text(source):
    block = request(said(("user", [{"type": "document", "source": source}]))).blocks[1]
    assert len(block.data) > 1800


def test_settings_that_can_invalidate_are_canonical():
    read = request(
        body(
            messages=[{"role": "user", "content": "Hi"}],
            thinking={"type": "enabled", "budget_tokens": 1024},
            output_config={"effort": "low"},
            tool_choice=None,
            temperature=0.2,
        )
    )
    assert dict(read.settings) == {
        "thinking": '{"budget_tokens":1024,"type":"enabled"}',
        "output_config.effort": '"low"',
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"messages": ["Hi"]}, "messages[0] is not an object; left out"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content is not a list"),
        ({"messages": [], "tools": {"name": "x"}}, "tools is not a list; left out"),
        ({"messages": [{"role": "user", "content": [5]}]}, "messages[0].content[0] is not an"),
    ],
)
def test_shapes_the_api_would_refuse_are_complained_about(fields, message):
    read = request(body(**fields))
    assert read.api is Api.ANTHROPIC_MESSAGES
    assert message in read.problems[0].message


def test_lone_surrogates_become_the_replacement_character():
    read = request(said(("user", "a\ud800b")))
    assert read.blocks[1].text == "a\ufffdb"


def test_nul_is_text():
    assert request(said(("user", "a\x00b"))).blocks[1].data == b"a\x00b"
