from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promptcost.audit import DEFAULT_TARGETS
from promptcost.audit.lens import open_lens
from promptcost.audit.series.entries import distance, grouped_distance, is_automatic, marks_of
from promptcost.audit.series.terms import Market
from promptcost.model.prompt import Role
from promptcost.model.span import Span
from promptcost.wire import Api, Kind, Marker, MarkerStyle, WireBlock, WireRequest

AT = datetime(2026, 11, 20, tzinfo=UTC)
SPAN = Span(source="log.jsonl", start=0, end=0)


def block(kind: Kind = Kind.TEXT, *, marked: bool = False, words: str = "x") -> WireBlock:
    path = "messages[0].content"
    mark = Marker(style=MarkerStyle.CACHE_CONTROL, json_path=f"{path}.cache_control")
    return WireBlock(
        role=Role.USER,
        kind=kind,
        json_path=path,
        base_path=path,
        data=words.encode(),
        head_size=0,
        has_text=True,
        marker=mark if marked else None,
    )


def request(api: Api, model: str | None, *blocks: WireBlock, **more: object) -> WireRequest:
    return WireRequest(
        api=api, blocks=blocks, source="log.jsonl", line=1, span=SPAN, model=model, **more
    )


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(AT, (), open_lens(DEFAULT_TARGETS, AT))


@pytest.mark.parametrize(
    ("api", "model", "target", "needs_marks"),
    [
        (
            Api.ANTHROPIC_MESSAGES,
            "claude-sonnet-4-5-20250929",
            "anthropic/claude-sonnet-4-5@5m",
            True,
        ),
        (Api.OPENAI_CHAT, "anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5@5m", True),
        (Api.OPENAI_CHAT, "gpt-5", "openai/gpt-5@24h", False),
        (Api.OPENAI_CHAT, "vertex_ai/gemini-2.5-pro", "gemini/gemini-2.5-pro@implicit", False),
        (Api.OPENAI_CHAT, "qwen3.7-max", "alibaba/qwen3.7-max@implicit", False),
        (Api.OPENAI_CHAT, "deepseek-chat", "deepseek/deepseek-chat@disk", False),
        (Api.OPENAI_RESPONSES, "gpt-6.1-sol", "openai/gpt-6.1-sol@30m", False),
        (Api.GEMINI, "models/gemini-2.5-pro", "gemini/gemini-2.5-pro@implicit", False),
        (Api.BEDROCK_CONVERSE, "amazon.nova-pro-v1:0", "bedrock/amazon.nova-pro-v1:0@5m", True),
    ],
)
def test_a_model_is_found_at_its_provider(api, model, target, needs_marks, market):
    terms = market.of(request(api, model)).terms
    assert (terms.target, terms.needs_marks) == (target, needs_marks)
    assert terms.minimum is not None


def test_marks_choose_the_cache_of_a_model_that_has_two(market):
    marked = request(Api.OPENAI_CHAT, "qwen3.7-max", block(marked=True))
    terms = market.of(marked).terms
    assert (terms.target, terms.needs_marks) == ("alibaba/qwen3.7-max@explicit", True)


def test_marks_at_a_model_that_knows_none_change_nothing(market):
    marked = request(Api.OPENAI_CHAT, "gpt-5", block(marked=True))
    assert market.of(marked).terms.target == "openai/gpt-5@24h"


@pytest.mark.parametrize(
    ("api", "model", "provider", "needs_marks"),
    [
        (Api.ANTHROPIC_MESSAGES, "claude-next-9", "anthropic", True),
        (Api.BEDROCK_CONVERSE, None, "bedrock", True),
        (Api.OPENAI_CHAT, "own/model", "", False),
        (Api.GEMINI, None, "", False),
    ],
)
def test_the_api_tells_the_rules_of_an_unknown_model_but_no_minimum(
    api, model, provider, needs_marks, market
):
    known = market.of(request(api, model))
    terms = known.terms
    assert (terms.provider, terms.needs_marks, terms.minimum) == (provider, needs_marks, None)
    assert [target.target for target in known.lens.targets] == list(DEFAULT_TARGETS)


def test_after_very_many_names_no_more_are_looked_up(monkeypatch):
    monkeypatch.setattr("promptcost.audit.series.terms._MODELS", 1)
    market = Market(AT, (), open_lens(DEFAULT_TARGETS, AT))
    targets = [
        market.of(request(Api.OPENAI_CHAT, model)).terms.target
        for model in ("gpt-5", "gpt-4o", "gpt-5")
    ]
    assert targets == ["openai/gpt-5@24h", "", "openai/gpt-5@24h"]


def test_marks_stand_behind_their_blocks(market):
    made = request(Api.ANTHROPIC_MESSAGES, "claude-sonnet-4-5", block(marked=True), block())
    marks = marks_of(made, market.of(made).terms)
    assert (marks.depths, marks.last) == ((1,), 1)
    assert [marks.before(number) for number in (0, 1, 2)] == [0, 1, 1]


def test_the_provider_marks_the_end_unless_told_not_to(market):
    made = request(Api.OPENAI_RESPONSES, "gpt-6.1-sol", block(), block())
    terms = market.of(made).terms
    assert marks_of(made, terms).depths == (2,)
    explicit = {"prompt_cache_options.mode": '"explicit"'}
    other = request(Api.OPENAI_RESPONSES, "gpt-6.1-sol", block(), settings=explicit)
    assert not is_automatic(other, terms)
    assert marks_of(other, terms).last == 0


def test_runs_of_tool_calls_count_once():
    calls = [block(Kind.TOOL_USE)] * 3 + [block(Kind.TOOL_RESULT)] * 3 + [block(), block()]
    assert distance(calls, 1, 8) == 8
    assert grouped_distance(calls, 1, 8) == 4
    assert grouped_distance(calls, 7, 8) == 2
