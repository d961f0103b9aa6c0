"""Known bills and the dates, hours and modifiers on which vendors differ (facts of 2026-11-20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from promptcost.catalogue import Offer, Target, hit_rates, load_catalogue, price
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
    Usage,
)

CATALOGUE, _ = load_catalogue()
WRITE_5M = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))
MILLION = 1_000_000


def bill(target: str, usage: dict[Meter, int], at: str = "2026-11-20T00:00:00+00:00") -> Decimal:
    offer = CATALOGUE.select(Target.parse(target), datetime.fromisoformat(at))
    assert isinstance(offer, Offer), offer
    made = Usage(usage)
    cost = price(made, offer.table(made.prompt_tokens))
    assert cost.is_known
    return cost.total


@pytest.mark.parametrize(
    "target",
    [
        "anthropic/claude-sonnet-4.6",
        "anthropic/claude-sonnet-4-6@5m",
        "openrouter/anthropic/claude-sonnet-4.6@5m",
        "bedrock/global.anthropic.claude-sonnet-4-6@5m",
    ],
)
def test_a_bill_that_a_gateway_really_charged_is_reproduced(target):
    usage = {INPUT: 1, CACHE_READ: 2569, WRITE_5M: 79, OUTPUT: 100}
    assert bill(target, usage) == Decimal("0.00256995")


def test_ten_requests_of_a_4000_token_prefix_within_one_lifetime():
    cached = {WRITE_5M: 4_000, CACHE_READ: 9 * 4_000}
    assert bill("anthropic/claude-sonnet-4-6@5m", cached) == Decimal("0.0258")
    assert bill("anthropic/claude-sonnet-4-6@none", {INPUT: 40_000}) == Decimal("0.1200")


def test_the_rent_of_100_000_tokens_for_a_day():
    usage = {CACHE_STORAGE: 100_000 * 24 * 3_600}
    assert bill("gemini/gemini-2.5-pro@explicit", usage) == Decimal("10.80")


@pytest.mark.parametrize(
    ("target", "shares"),
    [
        ("anthropic/claude-sonnet-4-6", ["21.74", "52.63"]),
        ("anthropic/claude-opus-5-5", ["20.83", "51.28"]),
        ("anthropic/claude-fable-5-2", ["20.41", "50.63"]),
        ("openai/gpt-4o", ["0.00"]),
        ("cohere/command-a-03-2025", []),
    ],
)
def test_the_hit_rate_at_which_writes_pay(target, shares):
    at = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
    offer = CATALOGUE.select(Target.parse(target), at)
    assert isinstance(offer, Offer)
    assert [f"{rate.share * 100:.2f}" for rate in hit_rates(offer.table(0))] == shares


@pytest.mark.parametrize(
    ("target", "before", "at", "after"),
    [
        ("anthropic/claude-sonnet-5-5", "0.20", "2026-10-07T00:00:00+00:00", "0.10"),
        ("openai/gpt-5.6-sol", "0.5", "2026-08-21T00:00:00+00:00", "0.4"),
        ("openai/gpt-5.6-luna", "0.1", "2026-07-30T00:00:00+00:00", "0.02"),
        ("gemini/gemini-4-argon", "0.1", "2026-12-01T00:00:00+00:00", "0.2"),
        ("gemini/gemini-3.8-flash", "0.075", "2027-01-01T00:00:00+00:00", "0.15"),
        ("mistral/mistral-large-4", "0.14", "2026-10-29T00:00:00+00:00", "0.07"),
        ("deepseek/deepseek-v4-pro", "0.003625", "2026-08-17T00:00:00+00:00", "0.022"),
    ],
)
def test_a_price_changes_at_its_instant_and_not_a_moment_earlier(target, before, at, after):
    instant = datetime.fromisoformat(at)
    earlier = (instant - timedelta(microseconds=1)).isoformat()
    usage = {CACHE_READ: 50_000}
    assert bill(target, usage, earlier) == Decimal(before) / 20
    assert bill(target, usage, at) == Decimal(after) / 20


@pytest.mark.parametrize(
    ("at", "dollars"),
    [
        ("2026-11-16T00:59:59+00:00", "0.15"),
        ("2026-11-16T01:00:00+00:00", "0.30"),
        ("2026-11-17T03:59:59+00:00", "0.30"),
        ("2026-11-17T04:00:00+00:00", "0.15"),
        ("2026-11-18T06:00:00+00:00", "0.30"),
        ("2026-11-19T09:59:59+00:00", "0.30"),
        ("2026-11-20T10:00:00+00:00", "0.15"),
        ("2026-11-21T02:00:00+00:00", "0.15"),
        ("2026-11-22T07:00:00+00:00", "0.15"),
        ("2026-11-20T09:00:00+08:00", "0.30"),
        ("2026-11-20T12:30:00+08:00", "0.15"),
        ("2026-11-22T18:30:00-08:00", "0.30"),
        ("2026-11-20T18:30:00-08:00", "0.15"),
        ("2026-08-14T02:00:00+00:00", "0.14"),
        ("2026-08-17T02:00:00+00:00", "0.30"),
    ],
)
def test_deepseek_doubles_in_peak_hours_of_weekdays_in_utc_since_august(at, dollars):
    assert bill("deepseek/deepseek-flash", {INPUT: MILLION}, at) == Decimal(dollars)


BATCH = {INPUT: 10_000, CACHE_READ: 10_000}


@pytest.mark.parametrize(
    ("target", "standard", "batch"),
    [
        ("anthropic/claude-sonnet-4-6@5m", "0.033", "0.0165"),
        ("vertex/claude-sonnet-4-6@5m", "0.033", "0.0165"),
        ("openai/gpt-5.1@24h", "0.01375", "0.006875"),
        ("openai/gpt-6-sol@30m", "0.022", "0.011"),
        ("openai/gpt-5.4@24h", "0.0275", "0.0138"),
        ("openai/gpt-4.1@24h", "0.025", "0.015"),
        ("openai/gpt-4o@in_memory", "0.0375", "0.025"),
        ("openai/o3@in_memory", "0.025", "0.015"),
        ("gemini/gemini-3.8-flash@implicit", "0.00825", "0.004125"),
        ("gemini/gemini-4-argon@implicit", "0.021", "0.0105"),
        ("gemini/gemini-3.5-flash-lite@implicit", "0.0033", "0.0017"),
        ("gemini/gemini-2.5-pro@implicit", "0.01375", "0.0075"),
        ("gemini/gemini-3.1-pro-preview@implicit", "0.022", "0.012"),
        ("gemini/gemini-3-flash-preview@implicit", "0.0055", "0.003"),
        ("xai/grok-4.3@automatic", "0.0145", "0.0116"),
        ("mistral/mistral-small-2603@keyed", "0.00165", "0.000825"),
        ("groq/openai/gpt-oss-120b@automatic", "0.00225", "0.0015"),
        ("alibaba/qwen3.7-max@implicit", "0.03", "0.025"),
        ("alibaba/qwen3.7-max@explicit", "0.0275", "0.025"),
    ],
)
def test_batch_and_cached_tokens_stack_differently_at_every_vendor(target, standard, batch):
    assert bill(target, BATCH) == Decimal(standard)
    assert bill(f"{target}+batch", BATCH) == Decimal(batch)


@pytest.mark.parametrize(
    "target", ["bedrock/nova-pro@5m+batch", "bedrock/claude-haiku-4-5@5m+batch"]
)
def test_on_bedrock_there_is_no_caching_in_batch(target):
    at = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
    offer = CATALOGUE.select(Target.parse(target), at)
    assert isinstance(offer, Offer)
    assert offer.cache == ""
    assert any("caching is not available with batch" in note.message for note in offer.notes)


@pytest.mark.parametrize("provider", ["deepseek", "moonshot", "zai", "minimax", "foundry"])
def test_where_no_batch_price_is_known_there_is_none(provider):
    assert CATALOGUE.targets(f"{provider}/*@*+batch") == ()


@pytest.mark.parametrize(
    ("target", "last", "cheap", "dear"),
    [
        ("openai/gpt-5.4@24h", 272_000, "2.5", "5"),
        ("gemini/gemini-2.5-pro@implicit", 200_000, "1.25", "2.5"),
        ("xai/grok-4.3@automatic", 199_999, "1.25", "2.5"),
        ("anthropic/claude-haiku-5-5@5m", 100_000, "0.1", "0.5"),
        ("minimax/MiniMax-M3@passive", 512_000, "0.3", "0.6"),
        ("alibaba/qwen3-coder-plus@explicit", 32_000, "1", "1.8"),
        ("alibaba/qwen3-coder-plus@explicit", 128_000, "1.8", "3"),
        ("alibaba/qwen3-coder-plus@explicit", 256_000, "3", "6"),
    ],
)
def test_one_token_more_reprices_the_whole_request(target, last, cheap, dear):
    assert bill(target, {INPUT: last}) == Decimal(cheap) * last / MILLION
    assert bill(target, {INPUT: last + 1}) == Decimal(dear) * (last + 1) / MILLION


def test_cached_tokens_count_toward_the_size_of_a_prompt():
    usage = {INPUT: 1, CACHE_READ: 100_000}
    assert bill("anthropic/claude-haiku-5-5@5m", usage) == Decimal("0.0050005")


def test_the_announced_rise_that_was_cancelled_is_not_listed():
    assert bill("anthropic/claude-sonnet-5", {INPUT: MILLION}) == 2


@pytest.mark.parametrize(
    ("target", "dollars"),
    [
        ("anthropic/claude-opus-5-5@1h+us", "4.4"),
        ("anthropic/claude-opus-5-5@1h+fast+us", "8.8"),
        ("vertex/claude-opus-4-5@20251101@5m+regional", "5.5"),
        ("bedrock/eu.anthropic.claude-opus-5-5", "4.4"),
        ("bedrock/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.6"),
        ("bedrock/us.anthropic.claude-opus-4-1-20250805-v1:0", "15"),
        ("bedrock/us.amazon.nova-2-lite-v1:0", "0.33"),
        ("bedrock/us.amazon.nova-lite-v1:0", "0.06"),
        ("bedrock/openai.gpt-5.5", "5.5"),
        ("azure/gpt-6-sol+regional", "2.2"),
        ("openai/gpt-5.5@24h+priority", "12.5"),
        ("openai/gpt-4o-mini+priority", "0.25"),
        ("openai/gpt-6.1-sol+ultrafast", "12"),
        ("foundry/claude-opus-5-5-fast", "8"),
    ],
)
def test_regions_and_speeds_have_their_price(target, dollars):
    assert bill(target, {INPUT: 100_000}) == Decimal(dollars) / 10
