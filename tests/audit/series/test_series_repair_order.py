"""Tools and keys are put in the order in which they were first sent; nothing else is touched."""

from __future__ import annotations

import json

import pytest
from audit.series.mending import SHORT, audited, codes_of, lines, mended
from audit.series.recordings import RULES, answer, body, claude, system, text, user

from promptcost.report import as_json, as_sarif
from promptcost.report.paths import Paths

ASK = (user("First?"),)
HEAD = [text(RULES, marked=True)]
GO_ON = (user("First?"), answer("Yes."), user("Second?"))


def tool(name: str, **more: object) -> dict:
    return {"name": name, "input_schema": {"type": "object"}, **more}


def function(name: str, **schema: object) -> dict:
    return {"type": "function", "function": {"name": name, "parameters": schema}}


A, B, C = function("a"), function("b"), function("c")
FIRST = {"type": "object", "anyOf": [{"a": 1, "b": 2}], "properties": {"x": {}, "y": {}}}
TURNED = {"properties": {"y": {}, "x": {}}, "anyOf": [{"b": 2, "a": 1}], "type": "object"}


def test_tools_are_listed_as_in_the_first_request(tmp_path):
    data = lines(
        body(system(RULES), *ASK, tools=[B, A, C]),
        body(system(RULES), *GO_ON, tools=[A, C, B]),
        body(system(RULES), *GO_ON, answer("Yes."), user("Third?"), tools=[B, A, C]),
    )
    before = data.decode().split("\n")
    after = mended(tmp_path, data).decode().split("\n")
    assert json.loads(after[1])["tools"] == [B, A, C]
    assert (after[0], after[2]) == (before[0], before[2])
    assert sorted(after[1]) == sorted(before[1])
    assert codes_of(tmp_path, "\n".join(after).encode()) == []


def test_a_mark_stays_on_the_last_tool(tmp_path):
    one, other = tool("one", cache_control=SHORT), tool("other")
    bare = tool("one")
    data = lines(
        claude(HEAD, *ASK, tools=[other, one]),
        claude(HEAD, *GO_ON, tools=[bare, {**other, "cache_control": SHORT}]),
    )
    after = json.loads(mended(tmp_path, data).split(b"\n")[1])
    assert after["tools"] == [other, one]


def test_a_deferred_tool_keeps_its_place(tmp_path):
    one, other, late = (
        tool("one", cache_control=SHORT),
        tool("other"),
        tool("l", defer_loading=True),
    )
    data = lines(
        claude(HEAD, *ASK, tools=[other, late, one]),
        claude(HEAD, *GO_ON, tools=[tool("one"), late, {**other, "cache_control": SHORT}]),
    )
    assert json.loads(mended(tmp_path, data).split(b"\n")[1])["tools"] == [other, late, one]


def test_cache_points_of_bedrock_keep_their_places(tmp_path):
    def spec(name: str) -> dict:
        return {"toolSpec": {"name": name, "inputSchema": {"json": {"type": "object"}}}}

    point = {"cachePoint": {"type": "default"}}

    def converse(tools: list[dict], *words: str) -> dict:
        roles = ("user", "assistant", "user")
        pairs = zip(roles, words, strict=False)
        return {
            "modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "toolConfig": {"tools": [*tools, point]},
            "system": [{"text": RULES}, point],
            "messages": [{"role": role, "content": [{"text": word}]} for role, word in pairs],
        }

    data = lines(
        converse([spec("a"), spec("b")], "First?"),
        converse([spec("b"), spec("a")], "First?", "Yes.", "Second?"),
    )
    after = json.loads(mended(tmp_path, data).split(b"\n")[1])
    assert after["toolConfig"]["tools"] == [spec("a"), spec("b"), point]


def test_declarations_of_gemini_are_listed_as_first(tmp_path):
    def ask(*names: str, turns: int) -> dict:
        texts = ("First?", "Yes.", "Second?")[:turns]
        return {
            "model": "gemini-2.5-pro",
            "tools": [{"functionDeclarations": [{"name": name} for name in names]}],
            "systemInstruction": {"parts": [{"text": RULES}]},
            "contents": [
                {"role": ("user", "model")[n % 2], "parts": [{"text": word}]}
                for n, word in enumerate(texts)
            ],
        }

    data = lines(ask("a", "b", turns=1), ask("b", "a", turns=3))
    after = json.loads(mended(tmp_path, data).split(b"\n")[1])
    assert after["tools"] == ask("a", "b", turns=1)["tools"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([A, B], [B, C]),
        ([A, B, A], [B, A, A]),
        ([A, B], [A, B]),
    ],
    ids=["others", "a name twice", "the same order"],
)
def test_tools_that_are_not_the_same_ones_stay(tmp_path, first, second):
    data = lines(body(system(RULES), *ASK, tools=first), body(system(RULES), *GO_ON, tools=second))
    assert mended(tmp_path, data) == data


def test_tools_do_not_move_from_one_list_to_another(tmp_path):
    data = lines(
        body(system(RULES), *ASK, tools=[A], functions=[{"name": "b"}]),
        body(system(RULES), *GO_ON, tools=[B], functions=[{"name": "a"}]),
    )
    assert codes_of(tmp_path, data) == ["PC205"]
    assert mended(tmp_path, data) == data


def test_what_is_not_json_does_not_keep_others_from_being_repaired(tmp_path):
    inner = {"name": "a", "arguments": "{not JSON"}
    call = {"role": "assistant", "tool_calls": [{"id": "c", "function": inner}]}
    result = {"role": "tool", "tool_call_id": "c", "content": "ok"}
    data = lines(
        body(system(RULES), *ASK, call, result, tools=[function("a", x=1, y=2)]),
        body(system(RULES), *ASK, call, result, answer("So."), tools=[function("a", y=2, x=1)]),
    )
    after = json.loads(mended(tmp_path, data).split(b"\n")[1])
    assert list(after["tools"][0]["function"]["parameters"]) == ["x", "y"]


@pytest.mark.parametrize(("limit", "most"), [("_MOST_TURNED", 0), ("MOST_MARKS", -1)])
def test_a_request_with_too_much_to_do_is_left_alone(tmp_path, monkeypatch, limit, most):
    monkeypatch.setattr(f"promptcost.audit.series.repair.write.{limit}", most)
    data = lines(
        body(system(RULES), *ASK, tools=[function("a", x=1, y=2)]),
        body(system(RULES), *GO_ON, tools=[function("a", y=2, x=1)]),
    )
    assert mended(tmp_path, data) == data


def test_keys_of_a_schema_are_written_as_first_at_every_depth(tmp_path):
    data = lines(
        body(system(RULES), *ASK, tools=[function("a", **FIRST)]),
        body(system(RULES), *GO_ON, tools=[function("a", **TURNED)]),
    )
    after = mended(tmp_path, data).split(b"\n")[1]
    assert after == lines(body(system(RULES), *GO_ON, tools=[function("a", **FIRST)])).strip()


def test_tools_and_their_keys_are_put_in_order_together(tmp_path):
    data = lines(
        body(system(RULES), *ASK, tools=[function("a", **FIRST), B]),
        body(system(RULES), *GO_ON, tools=[B, function("a", **TURNED)]),
    )
    after = mended(tmp_path, data)
    assert json.loads(after.split(b"\n")[1])["tools"] == [function("a", **FIRST), B]
    assert codes_of(tmp_path, after) == []


def test_arguments_of_a_call_are_written_as_the_model_wrote_them(tmp_path):
    def call(arguments: str) -> dict:
        inner = {"name": "a", "arguments": arguments}
        return {
            "role": "assistant",
            "tool_calls": [{"id": "c1", "type": "function", "function": inner}],
        }

    result = {"role": "tool", "tool_call_id": "c1", "content": "ok"}
    data = lines(
        body(system(RULES), *ASK, call('{"path": "é", "n": 1.50}'), result),
        body(system(RULES), *ASK, call('{"n":1.50,"path":"é"}'), result, answer("So."), user("?")),
    )
    after = json.loads(mended(tmp_path, data).split(b"\n")[1])
    assert after["messages"][2]["tool_calls"][0]["function"]["arguments"] == (
        '{"path": "é", "n": 1.50}'
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('{"n": 1.0, "path": "x"}', '{"path": "x", "n": 1.00}'),
        ('{"n": 1, "path": "x"}', '{"path": "x", "n": 2}'),
        ('{"n": 1, "path": "x"', '{"path": "x", "n": 1}'),
    ],
    ids=["another spelling of a number", "another value", "not JSON"],
)
def test_arguments_that_are_not_the_same_text_stay(tmp_path, was, now):
    def call(arguments: str) -> dict:
        inner = {"name": "a", "arguments": arguments}
        return {"role": "assistant", "tool_calls": [{"id": "c", "function": inner}]}

    result = {"role": "tool", "tool_call_id": "c", "content": "ok"}
    data = lines(
        body(system(RULES), *ASK, call(was), result),
        body(system(RULES), *ASK, call(now), result, answer("So."), user("?")),
    )
    assert mended(tmp_path, data) == data


def test_json_in_the_text_of_a_tool_result_stays(tmp_path):
    def result(words: str) -> dict:
        parts = [{"type": "text", "text": words}, {"type": "text", "text": "done"}]
        return user([{"type": "tool_result", "tool_use_id": "t", "content": parts}])

    use = answer([{"type": "tool_use", "id": "t", "name": "a", "input": {}}])
    head = [text(RULES, marked=True)]
    data = lines(
        claude(head, *ASK, use, result('{"a": 1, "b": 2}')),
        claude(head, *ASK, use, result('{"b": 2, "a": 1}'), answer("So."), user("?")),
    )
    assert mended(tmp_path, data) == data


def test_an_object_with_a_key_twice_stays(tmp_path):
    first = lines(body(system(RULES), *ASK, tools=[function("a", x=1, y=2)]))
    second = lines(body(system(RULES), *GO_ON, tools=[function("a", y=2, x=1)]))
    twice = second.replace(b'"parameters": {', b'"parameters": {"y": 0, ')
    assert mended(tmp_path, first + twice) == first + twice


def test_numbers_escapes_and_blanks_are_kept_as_they_are_written(tmp_path):
    first = lines(body(system(RULES), *ASK, tools=[function("a", x=1, y=2)]))
    second = lines(body(system(RULES), *GO_ON, tools=[function("a", y=2, x=1)]))
    data = first.replace(b'"x": 1', rb'"x": {"caf\u00e9\/": 1E2}') + second.replace(
        b'"x": 1', b'"x" :\t{"caf\xc3\xa9/":100.0}'
    )
    line = mended(tmp_path, data).split(b"\n")[1]
    assert b'"x" :\t{"caf\xc3\xa9/":100.0}, "y": 2' in line


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n"), (b"\n \n", b"\n\n")],
    ids=["CRLF", "byte-order mark", "blank lines"],
)
def test_line_ends_and_a_byte_order_mark_are_kept(tmp_path, before, after):
    first = lines(body(system(RULES), *ASK, tools=[A, B]))
    good = lines(body(system(RULES), *GO_ON, tools=[A, B]))
    bad = lines(body(system(RULES), *GO_ON, tools=[B, A]))
    wanted = before + (first + good).replace(b"\n", after)
    assert mended(tmp_path, before + (first + bad).replace(b"\n", after)) == wanted


def test_a_pretty_printed_array_keeps_its_layout(tmp_path):
    requests = [
        body(system(RULES), *ASK, tools=[A, B]),
        body(system(RULES), *GO_ON, tools=[B, A]),
    ]
    data = json.dumps(requests, indent=3).encode()
    requests[1]["tools"] = [A, B]
    after = mended(tmp_path, data, "log.json")
    assert after == json.dumps(requests, indent=3).encode()


def test_records_of_a_batch_that_share_a_line_are_all_repaired(tmp_path):
    def batch(*requests: dict) -> dict:
        return {"requests": [{"custom_id": "x", "params": one} for one in requests]}

    one, two = tool("a"), tool("b")
    first = claude([text(RULES, marked=True)], *ASK, tools=[one, two])
    turned = claude([text(RULES, marked=True)], *GO_ON, tools=[two, one])
    data = lines(batch(first, turned, turned))
    after = json.loads(mended(tmp_path, data))
    assert [one["params"]["tools"] for one in after["requests"]] == [[one, two]] * 3


def test_a_body_that_is_written_as_text_cannot_be_edited(tmp_path):
    data = lines(
        {"request": json.dumps(body(system(RULES), *ASK, tools=[A, B]))},
        {"request": json.dumps(body(system(RULES), *GO_ON, tools=[B, A]))},
    )
    assert codes_of(tmp_path, data) == ["PC205"]
    assert mended(tmp_path, data) == data


def test_the_order_of_an_earlier_file_counts(tmp_path):
    early, late = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    early.write_bytes(lines(body(system(RULES), *ASK, tools=[A, B])))
    late.write_bytes(lines(body(system(RULES), user("Else?"), tools=[B, A])))
    report = audited(early, late)
    [finding] = report.findings
    assert (finding.code, finding.place.path) == ("PC205", str(late))
    assert [edit.path for edit in finding.fix.edits] == [str(late), str(late)]


def test_keys_of_an_earlier_file_count(tmp_path):
    early, late = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    early.write_bytes(lines(body(system(RULES), *ASK, tools=[function("a", **FIRST)])))
    late.write_bytes(lines(body(system(RULES), user("Else?"), tools=[function("a", **TURNED)])))
    [finding] = audited(early, late).findings
    assert (finding.code, finding.fix is not None) == ("PC208", True)


def test_programs_of_one_file_do_not_mix(tmp_path):
    other = "Write the title of the talk in five words, without any punctuation marks. " * 90
    data = lines(
        body(system(RULES), *ASK, tools=[A, B]),
        body(system(other), *ASK, tools=[B, A]),
    )
    assert mended(tmp_path, data) == data


def test_what_stood_behind_the_place_comes_to_light(tmp_path):
    data = lines(
        body(system(f"At 10:15:01. {RULES}"), *ASK, tools=[A, B]),
        body(system(f"At 10:15:09. {RULES}"), *GO_ON, tools=[B, A]),
    )
    assert codes_of(tmp_path, data) == ["PC205"]
    assert codes_of(tmp_path, mended(tmp_path, data)) == ["PC202"]


def test_fixes_stand_in_json_and_sarif(tmp_path):
    path = tmp_path / "log.jsonl"
    data = lines(body(system(RULES), *ASK, tools=[A, B]), body(system(RULES), *GO_ON, tools=[B, A]))
    path.write_bytes(data)
    report = audited(path)
    [finding] = json.loads(as_json.render(report))["files"][0]["findings"]
    assert finding["fix"]["safety"] == "safe"
    start = data.index(json.dumps(B).encode(), data.index(b"\n"))
    first, second = finding["fix"]["edits"]
    assert (first["start"], first["replacement"]) == (start, json.dumps(A))
    assert data[second["start"] : second["end"]].decode() == json.dumps(A)
    sarif = json.loads(as_sarif.render(report, Paths(here=tmp_path, root=tmp_path), {}))
    [fix] = sarif["runs"][0]["results"][0]["fixes"]
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "log.jsonl"
    assert change["replacements"][0] == {
        "deletedRegion": {"byteOffset": start, "byteLength": len(json.dumps(B))},
        "insertedContent": {"text": json.dumps(A)},
    }
