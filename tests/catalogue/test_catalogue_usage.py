from __future__ import annotations

from datetime import timedelta

import pytest
from catalogue.small_provider import acme, offer

from promptcost.catalogue import Total, UsageField, UsageMapping, load_catalogue, read_usage
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT, Meter, MeterKind, Usage

WRITE_5M = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))
WRITE_1H = Meter(MeterKind.CACHE_WRITE, timedelta(hours=1))


@pytest.fixture
def acme_chat(tmp_path):
    catalogue = acme(tmp_path)
    (mapping,) = catalogue.provider("acme").usage
    return mapping, offer(catalogue, "acme/big-2.5@5m").table(0)


def test_a_mapping_is_read_from_the_file(acme_chat):
    mapping, _ = acme_chat
    assert mapping == UsageMapping(
        api="chat",
        total=Total.INCLUSIVE,
        fields=(
            UsageField(meter=INPUT, paths=(("usage.prompt",),)),
            UsageField(meter=CACHE_READ, paths=(("usage.cached", "usage.old.cached"),)),
            UsageField(meter=WRITE_5M, paths=(("usage.written",),)),
            UsageField(meter=OUTPUT, paths=(("usage.answer",), ("usage.thoughts",))),
        ),
    )


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {"prompt": 100, "cached": 60, "written": 30, "answer": 7, "thoughts": 5},
            Usage({INPUT: 10, CACHE_READ: 60, WRITE_5M: 30, OUTPUT: 12}),
        ),
        (
            {"prompt": 100, "old": {"cached": 60}, "written": 0, "answer": 7},
            Usage({INPUT: 40, CACHE_READ: 60, OUTPUT: 7}),
        ),
        (
            {"prompt": 100, "cached": 0, "old": {"cached": 60}, "written": 0, "answer": 7},
            Usage({INPUT: 100, OUTPUT: 7}),
        ),
        (
            {"prompt": 100, "written": 0, "answer": 7},
            Usage({INPUT: 100, OUTPUT: 7}, frozenset({MeterKind.CACHE_READ})),
        ),
        (
            {"cached": 5, "answer": None},
            Usage(
                {CACHE_READ: 5},
                frozenset({MeterKind.INPUT, MeterKind.CACHE_WRITE, MeterKind.OUTPUT}),
            ),
        ),
    ],
)
def test_an_inclusive_total_is_split_and_an_absent_field_is_unknown(acme_chat, usage, expected):
    mapping, table = acme_chat
    assert read_usage(mapping, {"usage": usage}, table) == expected


def test_what_nobody_bills_is_not_missed(tmp_path):
    catalogue = acme(tmp_path)
    (mapping,) = catalogue.provider("acme").usage
    table = offer(catalogue, "acme/plain").table(0)
    payload = {"usage": {"prompt": 100, "answer": 7, "thoughts": 0}}
    assert read_usage(mapping, payload, table) == Usage({INPUT: 100, OUTPUT: 7})


@pytest.mark.parametrize(
    ("usage", "message"),
    [
        ({"prompt": -1}, "usage.prompt is not a count"),
        ({"prompt": 1.5}, "usage.prompt is not a count"),
        ({"prompt": True}, "usage.prompt is not a count"),
        ({"prompt": "7"}, "usage.prompt is not a count"),
        ({"prompt": 7, "cached": 8}, "more tokens are cached than the prompt has"),
    ],
)
def test_a_count_that_cannot_be_is_refused(acme_chat, usage, message):
    mapping, table = acme_chat
    with pytest.raises(ValueError, match=message):
        read_usage(mapping, {"usage": usage}, table)


def test_an_exclusive_total_stands_beside_the_cached_tokens():
    catalogue, _ = load_catalogue()
    (mapping,) = catalogue.provider("anthropic").usage
    table = offer(catalogue, "anthropic/claude-sonnet-5-5@1h").table(0)
    payload = {
        "usage": {
            "input_tokens": 3,
            "cache_read_input_tokens": 100,
            "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
            "output_tokens": 5,
        }
    }
    expected = Usage({INPUT: 3, CACHE_READ: 100, WRITE_5M: 20, WRITE_1H: 10, OUTPUT: 5})
    assert read_usage(mapping, payload, table) == expected
