from __future__ import annotations

import pytest
from wire.reading import request

from promptcost.wire import Change, first_difference, setting_differences, shared_blocks

LONG = "Answer in one sentence and name the file you mean. " * 4


def body(*turns: object, **fields: object) -> dict[str, object]:
    roles = ("user", "assistant") * len(turns)
    messages = [{"role": role, "content": turn} for role, turn in zip(roles, turns, strict=False)]
    return {"model": "claude-sonnet-5-5", "system": "S", "messages": messages, **fields}


def tools(*names: str) -> dict[str, object]:
    return {"tools": [{"name": name, "input_schema": {"type": "object"}} for name in names]}


def compare(was: object, now: object) -> tuple[str, str, int]:
    found = first_difference(request(was), request(now))
    assert found is not None
    return found.change.value, found.json_path, found.byte_offset


def test_equal_prompts_have_no_difference():
    assert first_difference(request(body("a")), request(body("a", max_tokens=5))) is None


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (body("a"), body("a", "b"), ("appended", "messages[1].content", 0)),
        (body("a", "b"), body("a"), ("shortened", "messages[1].content", 0)),
        (body("a b"), body("a b c"), ("extended", "messages[0].content", 3)),
        (body("a b c"), body("a b"), ("rewritten", "messages[0].content", 3)),
        (body("abc"), body("abd"), ("rewritten", "messages[0].content", 2)),
        (body("äbc"), body("äbd"), ("rewritten", "messages[0].content", 3)),
        (body(""), body("a"), ("rewritten", "messages[0].content", 0)),
        (body("a", "b", "c"), body("a", "x", "c"), ("rewritten", "messages[1].content", 0)),
        (body("a", system="S1"), body("a", system="S2"), ("rewritten", "system", 1)),
        (body("a"), body("a", model="claude-opus-5-5"), ("model", "model", 0)),
        (body("a"), body("a", speed="fast"), ("setting", "speed", 0)),
        (body("a"), body("a", "b", speed="fast"), ("setting", "speed", 0)),
        (body("a"), body("b", speed="fast"), ("rewritten", "messages[0].content", 0)),
    ],
)
def test_texts_are_compared_byte_by_byte(was, now, difference):
    assert compare(was, now) == difference


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (("a", "b", "c"), ("b", "a", "c"), ("tools_reordered", "tools[0]", 0)),
        (("a", "b", "c"), ("a", "c", "b"), ("tools_reordered", "tools[1]", 0)),
        (("a", "b"), ("a", "x", "b"), ("inserted", "tools[1]", 0)),
        (("a", "b"), ("a", "b", "x"), ("inserted", "tools[2]", 0)),
        (("a", "b", "c"), ("a", "c"), ("removed", "tools[1]", 0)),
        (("a", "b"), (), ("removed", "tools[0]", 0)),
        (("a", "b", "c"), ("a", "x", "c"), ("rewritten", "tools[1].name", 0)),
    ],
)
def test_tools_that_move_come_or_go_are_told_apart(was, now, difference):
    assert compare(body("q", **tools(*was)), body("q", **tools(*now))) == difference


def test_messages_that_change_places_are_reordered():
    assert compare(body("a", "b", "c", "b"), body("c", "b", "a", "b"))[0] == "reordered"


def test_the_oldest_turn_dropped_is_a_removal():
    assert compare(body("a", "b", "c", "d"), body("c", "d", "e")) == (
        "removed",
        "messages[0].content",
        0,
    )


def schema(properties: dict[str, object], **fields: object) -> dict[str, object]:
    tool = {"name": "f", "input_schema": {"properties": properties}, **fields}
    return body("q", tools=[tool])


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (
            schema({"a": {"description": "one"}}),
            schema({"a": {"description": "ones"}}),
            ("rewritten", "tools[0].input_schema.properties.a.description", 3),
        ),
        (
            schema({"a": 1, "b": 2}),
            schema({"b": 2, "a": 1}),
            ("keys_reordered", "tools[0].input_schema.properties", 2),
        ),
        (
            schema({"a": 1, "b": 2}),
            schema({"b": 2, "a": 3}),
            ("rewritten", "tools[0].input_schema.properties", 2),
        ),
        (
            schema({"a": 1}),
            schema({"a": 1, "b": 2}),
            ("rewritten", "tools[0].input_schema.properties.b", 0),
        ),
        (
            schema({"a": 1, "b": 2}),
            schema({"a": 1}),
            ("rewritten", "tools[0].input_schema.properties.b", 0),
        ),
        (
            schema({"a": {"enum": ["x", "y"]}}),
            schema({"a": {"enum": ["x", "z"]}}),
            ("rewritten", "tools[0].input_schema.properties.a.enum[1]", 0),
        ),
        (
            schema({"a": {"enum": ["x"]}}),
            schema({"a": {"enum": ["x", "y"]}}),
            ("rewritten", "tools[0].input_schema.properties.a.enum[1]", 0),
        ),
        (
            schema({"a": {"enum": ["x", "y"]}}),
            schema({"a": {"enum": "x"}}),
            ("rewritten", "tools[0].input_schema.properties.a.enum", 0),
        ),
        (
            schema({"a": 10}),
            schema({"a": 11}),
            ("rewritten", "tools[0].input_schema.properties.a", 1),
        ),
        (
            schema({"x y": None}),
            schema({"x y": 1}),
            ("rewritten", 'tools[0].input_schema.properties["x y"]', 0),
        ),
        (schema({}, strict=True), schema({}), ("rewritten", "tools[0].strict", 0)),
    ],
)
def test_structured_blocks_part_at_a_json_path(was, now, difference):
    assert compare(was, now) == difference


def result(content: object, call: str = "t1") -> dict[str, object]:
    return body([{"type": "tool_result", "tool_use_id": call, "content": content}])


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (result("one"), result("two"), ("rewritten", "messages[0].content[0].content", 0)),
        (result("one"), result("one two"), ("extended", "messages[0].content[0].content", 3)),
        (result("1"), result("1", "t2"), ("rewritten", "messages[0].content[0].tool_use_id", 1)),
        (result("1"), body("1"), ("rewritten", "messages[0].content", 0)),
        (result("1"), result(["1", "2"]), ("rewritten", "messages[0].content[0]", 2)),
    ],
)
def test_heads_and_texts_part_where_they_differ(was, now, difference):
    assert compare(was, now) == difference


def test_a_moved_message_boundary_is_a_change():
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    joined = {"messages": [{"role": "user", "content": parts}], "n": 1}
    split = {"messages": [{"role": "user", "content": text} for text in "ab"], "n": 1}
    assert compare(joined, split) == ("rewritten", "messages[1].content", 1)


def test_the_shared_bytes_count_to_the_first_different_byte():
    found = first_difference(request(body("xyz a")), request(body("xyz b")))
    assert found is not None
    assert (found.shared_bytes, found.block) == (len("S") + len("xyz "), 1)


def test_excerpts_are_bounded_and_whole():
    was, now = f"{LONG}{'é' * 300}", f"{LONG}{'é' * 200}x{'é' * 99}"
    found = first_difference(request(body(was)), request(body(now)))
    assert found is not None
    assert found.was == "é" * 40
    assert found.now.startswith("é" * 12 + "x")
    assert len(found.now.encode()) <= 80


def test_excerpts_of_what_came_or_went_stand_on_their_side():
    came = first_difference(request(body("a")), request(body("a", "b")))
    went = first_difference(request(body("a", "b")), request(body("a")))
    assert came is not None
    assert went is not None
    assert (came.was, came.now, went.was, went.now) == ("", "b", "b", "")


def test_excerpts_of_what_changed_places_stand_on_both_sides():
    found = first_difference(request(body("a", "b", "c", "b")), request(body("c", "b", "a", "b")))
    assert found is not None
    assert (found.was, found.now) == ("a", "c")


def test_each_setting_that_differs_is_named():
    was = request(body("a", speed="fast", thinking={"type": "disabled"}))
    now = request(body("a", speed="standard", tool_choice={"type": "any"}))
    assert [(d.json_path, d.was, d.now) for d in setting_differences(was, now)] == [
        ("speed", '"fast"', ""),
        ("thinking", '{"type":"disabled"}', ""),
        ("tool_choice", "", '{"type":"any"}'),
    ]
    assert {d.change for d in setting_differences(was, now)} == {Change.SETTING}


@pytest.mark.parametrize(
    ("was", "now", "count"),
    [
        (body("a", "b"), body("a", "b", "c"), 3),
        (body("a", "b"), body("a", "x"), 2),
        (body("a"), body("a", system="T"), 0),
    ],
)
def test_shared_blocks_are_counted_from_the_front(was, now, count):
    assert shared_blocks(request(was), request(now)) == count


def chat_call(arguments: str) -> dict[str, object]:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "tool_calls": [call]}]
    return {"model": "gpt-5", "messages": turns}


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', "keys_reordered"),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 3}', "rewritten"),
        ('{"a": 1}', '{"a":1}', "rewritten"),
        ('{"a": 1', '{"a": 2', "rewritten"),
        ("a", "b", "rewritten"),
        ('{"a": ' + "[" * 10**5, '{"b": ' + "[" * 10**5, "rewritten"),
    ],
)
def test_call_arguments_written_in_another_order(was, now, change):
    found = compare(chat_call(was), chat_call(now))
    assert found[:2] == (change, "messages[1].tool_calls[0].function.arguments")
