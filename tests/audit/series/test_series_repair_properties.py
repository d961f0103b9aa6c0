"""Whatever is repaired, the requests still say the same, and a second look finds nothing to do."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from audit.series.mending import LONG, SHORT, mended
from audit.series.recordings import RULES, answer, claude, user
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.sampled_from(
    ["", " ", "a", "é\u2028\U0001f600", RULES, "At 10:15:00.", '{"b": 1, "a": 2}']
)
MARKS = st.sampled_from([None, None, SHORT, LONG, {"ttl": "5m", "type": "ephemeral"}])
NUMBERS = st.sampled_from([0, -1, 1.0, 1e300, 0.1, 12345678901234567890])
SCHEMAS = st.dictionaries(
    st.sampled_from(["type", "b", "a", "é", 'q"\\']),
    NUMBERS | st.dictionaries(st.sampled_from("zyx"), NUMBERS, max_size=3),
    max_size=4,
)
STYLES = st.sampled_from(
    [{}, {"separators": (",", ":")}, {"ensure_ascii": False}, {"separators": (" ,", " : ")}]
)


@st.composite
def parts(draw: st.DrawFn) -> dict:
    kind = draw(st.sampled_from(["text", "text", "thinking", "image"]))
    made = {
        "text": {"type": "text", "text": draw(TEXTS)},
        "thinking": {"type": "thinking", "thinking": "Hm.", "signature": "s"},
        "image": {"type": "image", "source": {"type": "url", "url": "x"}},
    }[kind]
    mark = draw(MARKS)
    return made if mark is None else {**made, "cache_control": mark}


def turned(draw: st.DrawFn, value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: turned(draw, value[key]) for key in draw(st.permutations(list(value)))}


@st.composite
def logs(draw: st.DrawFn) -> list[dict]:
    schemas = draw(st.lists(SCHEMAS, max_size=3))
    tools = [{"name": f"t{n}", "input_schema": one} for n, one in enumerate(schemas)]
    system = draw(TEXTS | st.lists(parts(), max_size=3))
    messages: list[dict] = []
    requests = []
    for number in range(draw(st.integers(1, 4))):
        messages.append(user(draw(TEXTS | st.lists(parts(), min_size=1, max_size=3))))
        order = draw(st.permutations(tools))
        marks = [draw(MARKS) for _ in order]
        listed = [
            {**turned(draw, one), **({} if mark is None else {"cache_control": mark})}
            for one, mark in zip(order, marks, strict=True)
        ]
        more = {"cache_control": SHORT} if draw(st.booleans()) else {}
        requests.append(claude(system, *messages, tools=listed, **more))
        messages.append(answer(f"Reply {number}."))
    return requests


def said(value: object) -> object:
    """Return a body without marks, its tools by name, plain texts as lists of one."""
    body = {key: item for key, item in value.items() if key != "cache_control"}
    body["tools"] = sorted(map(unmarked, value["tools"]), key=lambda tool: tool["name"])
    body["system"] = listed(value["system"])
    body["messages"] = [
        {**message, "content": listed(message["content"])} for message in value["messages"]
    ]
    return json.dumps(body, sort_keys=True)


def unmarked(part: dict) -> dict:
    return {key: item for key, item in part.items() if key != "cache_control"}


def listed(content: object) -> list[dict]:
    plain = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return [unmarked(one) for one in plain]


@settings(max_examples=120, deadline=None)
@given(logs(), STYLES, st.sampled_from(["\n", "\r\n"]))
def test_repaired_requests_say_the_same(requests, style, end):
    data = "".join(f"{json.dumps(one, **style)}{end}" for one in requests).encode()
    with tempfile.TemporaryDirectory() as folder:
        after = mended(Path(folder), data)
    read = [json.loads(line) for line in after.decode().split(end)[:-1]]
    assert [said(one) for one in read] == [said(one) for one in requests]
