from __future__ import annotations

import pytest

from promptcost.audit.series.explain import explain, topic_of
from promptcost.audit.series.overlap import common_end, common_start
from promptcost.audit.series.values import masked, values_in
from promptcost.model.stability import Clock
from promptcost.rules.requests import Topic, ValueKind

TIME, ID, COUNTER = ValueKind.TIME, ValueKind.ID, ValueKind.COUNTER
SECOND, MINUTE, DAY, NEVER = Clock.SECOND, Clock.MINUTE, Clock.DAY, Clock.NEVER


@pytest.mark.parametrize(
    ("text", "kind", "clock"),
    [
        ("2026-03-02T10:15:00.123Z", TIME, SECOND),
        ("2026-03-02 10:15:00 +01:00", TIME, SECOND),
        ("Fri Nov 20 14:31:44 UTC 2026", TIME, SECOND),
        ("Nov 20, 2026, 3:05:11 PM", TIME, SECOND),
        ("20260302T101500Z", TIME, SECOND),
        ("1795175651109", TIME, SECOND),
        ("10:15:00", TIME, SECOND),
        ("2026-03-02 10:15", TIME, MINUTE),
        ("20.11.2026 14:05", TIME, MINUTE),
        ("3:05 PM", TIME, MINUTE),
        ("2026-03-02", TIME, DAY),
        ("3/2/2026", TIME, DAY),
        ("Friday, November 20, 2026", TIME, DAY),
        ("20 November 2026", TIME, DAY),
        ("2026年11月20日", TIME, DAY),
        ("2026年11月20日 10時15分", TIME, MINUTE),
        ("2026年11月20日下午3点05分", TIME, MINUTE),
        ("2026年3月2日(月) 10時15分09秒", TIME, SECOND),
        ("2026년 11월 20일 오후 3시 05분", TIME, MINUTE),
        ("20.11.2026 um 14:05", TIME, MINUTE),
        ("14h30", TIME, MINUTE),
        ("20261120", TIME, DAY),
        ("Saturday", TIME, DAY),
        ("November 2026", TIME, DAY),
        ("0b6f7f0e-6f0b-4c39-9a44-7d3a2a4f7f11", ID, NEVER),
        ("9f86d08", ID, NEVER),
        ("msg_01H8XGJWBWBAQ4", ID, NEVER),
        ("cch=a1b2c", ID, NEVER),
        ("session_id: x91", ID, NEVER),
        ("tmpx8d9s2k", ID, NEVER),
        ("sJ8kQ2mN4bV6cX1zL3", ID, NEVER),
        ("3,402", COUNTER, NEVER),
        ("45%", COUNTER, NEVER),
        ("1.5", COUNTER, NEVER),
    ],
)
def test_a_value_is_recognised_whole(text, kind, clock):
    found = [(value.kind, value.clock, value.text) for value in values_in(f"a {text} b")]
    assert found == [(kind, clock, text)]


@pytest.mark.parametrize("text", ["no values here", "valid: yes", "deadbeef", "a-b-c", "v-next"])
def test_words_are_no_values(text):
    assert list(values_in(text)) == []


def test_masked_texts_are_equal_when_only_values_differ():
    assert masked("at 10:15:00 by 9f86d08") == masked("at 11:16:01 by 2c62423")
    assert masked("at 10:15:00 by Ann") != masked("at 10:15:00 by Bob")


@pytest.mark.parametrize(
    ("was", "now", "kinds", "topic"),
    [
        ("at 10:15:00. ok", "at 10:15:09. ok", {TIME}, None),
        ("id 9f86d08 at 10:15:00", "id 2c62423 at 10:15:09", {ID, TIME}, None),
        ("3 left", "2 left", {COUNTER}, None),
        ("branch: main, 10:15", "branch: repair, 10:16", {TIME}, Topic.ENVIRONMENT),
        ("user name: Ann", "user name: Bob", set(), Topic.USER),
        ("<memories>tea</memories>", "<memories>cake</memories>", set(), Topic.MEMORY),
        ("know about the user: tea", "know about the user: cake", set(), Topic.MEMORY),
        ("one thing", "another thing", set(), Topic.OTHER),
        ("in /srv/alpha now", "in /srv/beta now", set(), Topic.ENVIRONMENT),
        ("same", "same and more", set(), Topic.OTHER),
        ("[100] tea for two", "[203] cake", {COUNTER}, Topic.OTHER),
        ("(1a3) of tea", "(b9f) of tea", {ID}, None),
        ("sums: 1 1 1 1 1 1 1 1", "sums: 2 2 2 2 2 2 2 2", {COUNTER}, None),
        ("sums: 1 1 1 1 1 1 1 1 1", "sums: 2 2 2 2 2 2 2 2 2", {COUNTER}, Topic.OTHER),
        ('at="/3a" tea', 'at="/5b" tea', {ID}, None),
        ('at="/3a" two', f'at="/5b" {"cake " * 40}', set(), Topic.OTHER),
        ("- a\n- b\n- c", "- c\n- a\n- b", set(), Topic.ORDER),
        ("one of a, b", "one of b, a", set(), Topic.ORDER),
        ("a 10:15:00 b", "b 10:15:00 a", set(), Topic.ORDER),
        ("same, words", "same; words", set(), Topic.OTHER),
    ],
)
def test_a_change_is_explained(was, now, kinds, topic):
    found = explain(f"Rules. {was}", f"Rules. {now}")
    assert ({value.kind for value in found.values}, found.topic) == (kinds, topic)


def test_the_nearest_label_decides_about_the_topic():
    assert topic_of("Customer: Ann. Git branch: ", "main") is Topic.ENVIRONMENT
    assert topic_of("Git branch: main. Customer: ", "Ann") is Topic.USER
    assert topic_of("", "main") is Topic.OTHER


@pytest.mark.parametrize(
    ("a", "b", "start", "end"),
    [
        ("abc", "abd", 2, 0),
        ("xbc", "ybc", 0, 2),
        ("ab", "ab", 2, 2),
        ("", "a", 0, 0),
        ("aXa", "aa", 1, 1),
    ],
)
def test_common_ends(a, b, start, end):
    assert (common_start(a, b), common_end(a, b)) == (start, end)
    assert (common_start(a.encode(), b.encode()), common_end(a.encode(), b.encode())) == (
        start,
        end,
    )
