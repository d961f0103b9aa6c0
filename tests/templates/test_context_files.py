from __future__ import annotations

from datetime import date, datetime

import pytest

from promptcost.errors import Level
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.templates.contexts import load_contexts, parse_contexts


def faults(text):
    contexts, problems = parse_contexts(text, "c.yaml")
    assert contexts is None
    return [(problem.line, problem.message) for problem in problems]


def test_plain_mapping_is_one_context():
    contexts, problems = parse_contexts("user: {name: Ann}\nprice: 1.5", "c.yaml")
    assert problems == []
    assert contexts.named == {"context": {"user": {"name": "Ann"}, "price": 1.5}}


def test_named_contexts_keep_their_order_and_what_varies():
    text = """
contexts: {bob: {a: 1}, ann: {a: 2}}
varies: {now: second, user.name: user, docs: request, "rows[].id": turn, x: static}
constant: [tools, policy.text]
"""
    contexts, problems = parse_contexts(text, "c.yaml")
    assert problems == []
    assert list(contexts.named) == ["bob", "ann"]
    assert contexts.declared("now") == Stability(clock=Clock.SECOND)
    assert contexts.declared("user.name.first") == Stability(audience=Audience.USER)
    assert contexts.declared("user") is None
    assert contexts.declared("docs[].text") == Stability(audience=Audience.REQUEST)
    assert contexts.declared("rows[].id") == Stability(audience=Audience.TURN)
    assert contexts.declared("tools") == contexts.declared("policy.text") == Stability()


def test_types_turn_texts_into_dates_and_sets():
    text = """
contexts: {a: {now: "2026-01-05T09:30", day: 2026-01-05, box: {tags: [x, y]}, version: 12}}
types: {now: datetime, day: date, box.tags: set, version: text, absent.one: date}
"""
    contexts, problems = parse_contexts(text, "c.yaml")
    assert problems == []
    assert contexts.named["a"] == {
        "now": datetime(2026, 1, 5, 9, 30),  # noqa: DTZ001 - as it is written
        "day": date(2026, 1, 5),
        "box": {"tags": {"x", "y"}},
        "version": "12",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 1", [(1, "is not a mapping of variables")]),
        ("", [(1, "is not a mapping of variables")]),
        ("contexts: 3", [(1, "contexts is not a mapping")]),
        ("contexts:\n  a: 1", [(2, "context 'a' is not a mapping of variables")]),
        ("contexts: {a: {}}\nvaris: {}", [(2, "unknown key 'varis'")]),
        ("contexts: {a: {}}\nvaries: [x]", [(2, "varies is not a mapping")]),
        ("contexts: {a: {}}\nvaries:\n  x: secnd", [(3, "unknown stability 'secnd'")]),
        ("contexts: {a: {}}\nconstant: x", [(2, "constant is not a list of names")]),
        ("contexts: {a: {}}\ntypes: 1", [(2, "types is not a mapping")]),
        ("contexts: {a: {}}\ntypes:\n  x: dat", [(3, "unknown type")]),
        (
            "contexts:\n  a:\n    d: soon\ntypes: {d: date}",
            [(3, "d cannot be read as the type declared for it")],
        ),
        (
            "contexts: {a: {d: 3}}\ntypes: {d: set}",
            [(1, "d cannot be read as the type declared for it")],
        ),
    ],
)
def test_faults_are_named_with_their_line(text, expected):
    assert faults(text) == expected


def test_all_faults_are_named_in_one_run():
    text = "contexts: {a: 1}\nvaries: {x: often}\nconstant: {}"
    assert [line for line, _ in faults(text)] == [1, 2, 3]


def test_unknown_word_is_answered_with_the_nearest():
    _, problems = parse_contexts("contexts: {a: {}}\nvaries: {x: secnd}", "c.yaml")
    assert problems[0].repair == "write one of second"


def test_json_is_read_too(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{"contexts": {"a": {"x": 1}}}')
    contexts, problems = load_contexts(path)
    assert (contexts.named, problems) == ({"a": {"x": 1}}, [])


def test_missing_file_and_bad_syntax_are_problems(tmp_path):
    assert load_contexts(tmp_path / "none.yaml")[0] is None
    bad = tmp_path / "bad.yaml"
    bad.write_text("a: [")
    contexts, problems = load_contexts(bad)
    assert (contexts, [problem.level for problem in problems]) == (None, [Level.ERROR])
    assert parse_contexts("a: [", "x")[0] is None
