from __future__ import annotations

from datetime import timedelta

import pytest
from templates.worlds import BASE, changed, renders

from promptcost.model.audit_report import Change
from promptcost.model.finding import Confidence
from promptcost.templates._given import Unordered, differing, shift
from promptcost.templates.perturb import world_of

TWO = "contexts: {a: {who: {name: Ann}, n: 1, tags: [x]}, b: {who: {name: Bob}, n: 2, tags: [y]}}"


def test_value_that_differs_between_contexts_varies_with_the_request():
    made = renders("{{ who.name }}{{ n }}", TWO)
    assert (made.base.text, changed(made)) == ("Ann1", {Change.NEXT_REQUEST})
    assert made.in_world(world_of(Change.NEXT_REQUEST, BASE)).text == "Bob2"


def test_difference_between_contexts_confirms():
    values = renders("{{ who.name }}{{ n }}", TWO).values
    assert values.confidence("who.name") is Confidence.CONFIRMED
    assert values.confidence("who") is Confidence.CONFIRMED
    assert values.confidence("elsewhere") is Confidence.SUSPECTED


def test_declared_variable_varies_as_declared():
    made = renders("{{ who.name }}", f"{TWO}\nvaries: {{who: user}}")
    assert changed(made) == {Change.OTHER_USER}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("request", {Change.NEXT_REQUEST}),
        ("turn", {Change.OTHER_SESSION}),
        ("session", {Change.OTHER_SESSION}),
        ("tenant", {Change.OTHER_TENANT}),
        ("static", set()),
        ("deploy", set()),
    ],
)
def test_declared_word_decides_over_the_name(word, expected):
    contexts = f"contexts: {{a: {{question: Why?}}}}\nvaries: {{question: {word}}}"
    assert changed(renders("{{ question }}", contexts)) == expected


def test_declaration_without_differing_values_is_believed():
    made = renders("{{ x }}", "contexts: {a: {x: one two}}\nvaries: {x: request}")
    assert changed(made) == {Change.NEXT_REQUEST}
    assert made.values.confidence("x") is Confidence.DECLARED


def test_value_equal_in_all_contexts_is_constant_whatever_its_name():
    contexts = "contexts: {a: {question: Why?}, b: {question: Why?}}"
    assert changed(renders("{{ question }}", contexts)) == set()


def test_only_context_is_varied_by_name():
    assert changed(renders("{{ question }}", "question: Why?")) == {Change.NEXT_REQUEST}
    assert changed(renders("{{ step_number }}", "step_number: 3")) == {Change.NEXT_TURN}
    assert changed(renders("{{ question }}", "question: true")) == set()


def test_inner_values_vary_on_their_own():
    contexts = "box: {question: Why?, rules: Be brief.}"
    made = renders("{{ box.rules }} {{ box.question }}", contexts)
    assert made.in_world(world_of(Change.NEXT_REQUEST, BASE)).text.startswith("Be brief. ")


def test_given_history_grows_with_the_next_turn():
    contexts = "history: [{text: a}, {text: b}]"
    made = renders("{% for h in history %}{{ h.text }}{% endfor %}", contexts)
    assert made.in_world(world_of(Change.NEXT_TURN, BASE)).text == "abab"


def test_list_is_exchanged_whole_when_contexts_differ():
    made = renders("{{ tags | join }}", TWO)
    assert made.in_world(world_of(Change.NEXT_REQUEST, BASE)).text == "y"


@pytest.mark.parametrize(
    ("contexts", "change", "expected"),
    [
        ("contexts: {a: {t: 2026-01-05}}\ntypes: {t: date}", Change.NEXT_DAY, "2026-01-06"),
        (
            "contexts: {a: {t: 2026-01-05T09:30:15}}\ntypes: {t: datetime}",
            Change.NEXT_SECOND,
            "2026-01-05 09:30:16",
        ),
        ("contexts: {a: {t: 'at noon'}, b: {t: 'at one'}}", Change.NEXT_DAY, "at one"),
        ("contexts: {a: {t: 'at noon'}}", Change.NEXT_DAY, "at noon"),
    ],
)
def test_given_time_moves_on(contexts, change, expected):
    made = renders("{{ t }}", f"{contexts}\nvaries: {{t: second}}")
    assert made.in_world(world_of(change, BASE)).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05 09:30:15", "2026-01-06 09:30:15"),
        ("2026-01-05T09:30:15Z", "2026-01-06T09:30:15Z"),
        ("2026-01-05T09:30:15.250000+01:00", "2026-01-06T09:30:15.250000+01:00"),
        ("05.01.2026", "06.01.2026"),
        ("January 05, 2026", "January 06, 2026"),
        ("Sunday", "Monday"),
        ("monday", "Tuesday"),
        ("09:30", "09:30"),
        ("soon", None),
        ("9999-12-31T10:00:00+00:00", None),
    ],
)
def test_written_moment_moves_in_its_own_notation(text, expected):
    assert shift(text, timedelta(days=1)) == expected


def test_set_has_one_order_in_a_process_and_another_in_the_next():
    contexts = "contexts: {a: {tags: [x, y, z]}}\ntypes: {tags: set}"
    made = renders("{{ tags | join }}", contexts)
    other = made.in_world(world_of(Change.OTHER_PROCESS, BASE)).text
    assert other == made.base.text[::-1]
    assert changed(renders("{{ tags | sort | join }}", contexts)) == set()
    assert changed(renders("{{ tags }}", contexts)) == {Change.OTHER_PROCESS}


def test_sets_that_differ_between_contexts_are_exchanged():
    contexts = "contexts: {a: {tags: [x]}, b: {tags: [y]}}\ntypes: {tags: set}"
    made = renders("{{ tags | join }}", contexts)
    assert made.in_world(world_of(Change.NEXT_REQUEST, BASE)).text == "y"


def test_unordered_is_a_set_with_a_repeatable_face():
    assert repr(Unordered(["a"], 0)) == "{'a'}"
    assert Unordered(["a", "b"], 0) == {"b", "a"}


def test_smallest_differing_parts_are_named():
    one = {"a": {"x": 1, "y": 2}, "b": [1], "c": 1, "d": 3}
    two = {"a": {"x": 1, "y": 3}, "b": [2], "c": 1}
    assert differing([one, two]) == {"a.y", "b", "d"}
    assert differing([one]) == differing([]) == frozenset()
    assert differing([{"a": {"x": 1}}, {"a": 2}]) == {"a"}
