from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from wire.reading import items, request, requests

from promptcost.wire import Change, first_difference, prefix_of

if TYPE_CHECKING:
    from promptcost.model.prompt import Prefix

texts = st.text(max_size=20)
mark = {"cache_control": {"type": "ephemeral"}}
blocks = st.builds(lambda text: {"type": "text", "text": text}, texts)
turns = st.lists(st.lists(blocks, min_size=1, max_size=3), min_size=1, max_size=4)
names = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=2, max_size=5, unique=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def body(history: list, tools: tuple[str, ...] = ("read",)) -> dict[str, object]:
    roles = ("user", "assistant") * len(history)
    return {
        "model": "claude-sonnet-5-5",
        "system": "Rules.",
        "tools": [{"name": name} for name in tools],
        "messages": [
            {"role": role, "content": turn} for role, turn in zip(roles, history, strict=False)
        ],
    }


def chain(history: list, tools: tuple[str, ...] = ("read",)) -> Prefix:
    return prefix_of(request(body(history, tools)))


@settings(deadline=None)
@given(turns, st.data())
def test_moving_marks_never_changes_the_prefix(history, data):
    marked = [
        [block | data.draw(st.sampled_from([mark, {}])) for block in turn] for turn in history
    ]
    assert chain(marked) == chain(history)


@settings(deadline=None)
@given(turns, st.lists(blocks, min_size=1, max_size=2))
def test_appending_a_message_always_extends_the_prefix(history, message):
    before, after = chain(history), chain([*history, message])
    assert after.shared_with(before) == before
    found = first_difference(request(body(history)), request(body([*history, message])))
    assert found is not None
    assert found.change is Change.APPENDED


@settings(deadline=None)
@given(names, st.data())
def test_reordered_tools_differ_from_the_first_moved_one_on(tools, data):
    order = data.draw(st.permutations(tools))
    assume(order != tools)
    moved = next(i for i, (a, b) in enumerate(zip(tools, order, strict=True)) if a != b)
    was, now = body([], tuple(tools)), body([], tuple(order))
    found = first_difference(request(was), request(now))
    assert found is not None
    assert (found.change, found.json_path) == (Change.TOOLS_REORDERED, f"tools[{moved}]")
    shared = chain([], tuple(order)).shared_with(chain([], tuple(tools)))
    assert shared is not None
    assert shared.depth == moved


@settings(deadline=None)
@given(texts, texts)
def test_the_offset_is_the_first_byte_that_differs(one, other):
    assume(one != other)
    found = first_difference(request(body([one])), request(body([other])))
    assert found is not None
    was, now = one.encode(errors="replace"), other.encode(errors="replace")
    assert was[: found.byte_offset] == now[: found.byte_offset]
    assert (
        was[found.byte_offset : found.byte_offset + 1]
        != (now[found.byte_offset : found.byte_offset + 1])
    )


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["system", "tools", "messages", "metadata"]), json_values))
def test_no_shape_of_a_body_is_a_crash(fields):
    assert len(requests({"messages": [], **fields})) <= 1


@settings(deadline=None)
@given(json_values, st.sampled_from(["contents", "input", "messages", "system", "tools"]))
def test_no_shape_of_a_field_is_a_crash(value, key):
    for record in ({key: value}, {"toolConfig": {"tools": value}, "messages": [value]}):
        for found in requests(record, {"input": [value]}, {"contents": [{"parts": value}]}):
            assert prefix_of(found).depth == len(found.blocks)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["log.jsonl", "body.json"]))
def test_no_bytes_are_a_crash(data, source):
    assert len(items(data, source=source)) >= 1
