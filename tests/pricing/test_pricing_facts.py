"""Every row of the two price tables of the fact base, priced to the last digit as a target."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from promptcost.catalogue import Offer, Target, load_catalogue, price
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
    Usage,
)

FACTS = Path(__file__).parents[3] / "shared" / "facts"
CATALOGUE, _ = load_catalogue()
NOW = "2026-11-20T00:00:00+00:00"

PLATFORMS = {
    "anthropic": "anthropic/{}@5m",
    "anthropic_fast": "anthropic/{}@5m+fast",
    "bedrock": "bedrock/{}@5m",
    "bedrock_global": "bedrock/{}@5m",
    "bedrock_regional": "bedrock/{}@5m",
    "foundry_global": "foundry/{}@5m",
    "vertex": "vertex/{}@5m",
    "vertex_global": "vertex/{}@5m",
    "vertex_multiregion": "vertex/{}@5m+regional",
}
DATED = {
    "openai/gpt-5.6-sol@launch": ("openai/gpt-5.6-sol", "2026-08-20T23:59:59+00:00"),
    "google/gemini-4-argon@2026-12-01": ("gemini/gemini-4-argon", "2026-12-01T00:00:00+00:00"),
    "google/gemini-3.8-flash@2027-01-01": ("gemini/gemini-3.8-flash", "2027-01-01T00:00:00+00:00"),
    "google/gemini-3.7-flash@2027-01-01": ("gemini/gemini-3.7-flash", "2027-01-01T00:00:00+00:00"),
    "google/gemini-3.6-flash@2027-01-01": ("gemini/gemini-3.6-flash", "2027-01-01T00:00:00+00:00"),
    "deepseek/deepseek-flash@peak": ("deepseek/deepseek-flash", "2026-11-20T06:00:00+00:00"),
    "deepseek/deepseek-v4-pro@peak": ("deepseek/deepseek-v4-pro", "2026-11-20T06:00:00+00:00"),
}


def rows(name: str) -> list[dict[str, str]]:
    path = FACTS / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ANTHROPIC, PROVIDERS = rows("anthropic_prices.csv"), rows("provider_prices.csv")
needs_facts = pytest.mark.skipif(not ANTHROPIC, reason="the fact base is not beside the checkout")


def select(target: str, at: str = NOW) -> Offer:
    found = CATALOGUE.select(Target.parse(target), datetime.fromisoformat(at))
    assert isinstance(found, Offer), found
    return found


def check(offer: Offer, expected: list[tuple[Meter, int, str]], size: int = 0) -> None:
    """Price usage of the meters that have a figure and compare with the product of the figures."""
    given = [(meter, count, Decimal(rate)) for meter, count, rate in expected if rate]
    usage = Usage({meter: count for meter, count, _ in given})
    cost = price(usage, offer.table(size))
    per_hour = {CACHE_STORAGE: 3_600}
    wanted = sum(
        (count * rate / 1_000_000 / per_hour.get(meter, 1) for meter, count, rate in given),
        Decimal(0),
    )
    assert cost.is_known
    assert cost.total == wanted, offer.target


def write(ttl: timedelta) -> Meter:
    return Meter(MeterKind.CACHE_WRITE, ttl)


@needs_facts
@pytest.mark.parametrize("row", ANTHROPIC, ids=lambda row: f"{row['platform']}/{row['model_id']}")
def test_a_claude_row_is_a_target_with_its_rates(row):
    offer = select(PLATFORMS[row["platform"]].format(row["model_id"]))
    check(
        offer,
        [
            (INPUT, 1_234_567, row["input"]),
            (OUTPUT, 7_891, row["output"]),
            (CACHE_READ, 20_001, row["cache_read"]),
            (write(timedelta(minutes=5)), 3_003, row["cache_write_5m"]),
            (write(timedelta(hours=1)), 4_007, row["cache_write_1h"]),
        ],
    )
    policy = offer.policy
    assert policy.min_tokens.value == int(row["min_cacheable_tokens"])
    assert offer.card.context_window == int(row["context_window"])


@needs_facts
@pytest.mark.parametrize(
    "row",
    [row for row in ANTHROPIC if row["platform"] in {"anthropic", "foundry_global", "vertex"}],
    ids=lambda row: f"{row['platform']}/{row['model_id']}",
)
def test_a_claude_row_keeps_its_confidence(row):
    offer = select(PLATFORMS[row["platform"]].format(row["model_id"]))
    assert offer.card.trust == row["confidence"]


@needs_facts
@pytest.mark.parametrize(
    "row",
    [row for row in ANTHROPIC if row["long_context_threshold"]],
    ids=lambda row: f"{row['platform']}/{row['model_id']}",
)
def test_a_claude_row_with_a_long_context_price_has_its_tier(row):
    offer = select(PLATFORMS[row["platform"]].format(row["model_id"]))
    figures = [(INPUT, 1_000, row["long_context_input"]), (OUTPUT, 9, row["long_context_output"])]
    threshold = int(row["long_context_threshold"])
    check(offer, figures, threshold + 1)
    check(offer, [(INPUT, 1_000, row["input"])], threshold)


@needs_facts
@pytest.mark.parametrize(
    "row", [row for row in ANTHROPIC if row["batch_multiplier"]], ids=lambda row: row["model_id"]
)
def test_a_claude_row_with_a_batch_price_has_its_modifier(row):
    standard = select(PLATFORMS[row["platform"]].format(row["model_id"]))
    batch = select(f"{PLATFORMS[row['platform']].format(row['model_id'])}+batch")
    factor = Decimal(row["batch_multiplier"])
    for meter in (INPUT, OUTPUT):
        assert batch.table(0).rate(meter) == standard.table(0).rate(meter).scaled(factor)


def named(row: dict[str, str]) -> tuple[str, str]:
    name = f"{row['provider']}/{row['model_id']}"
    return DATED.get(name, (name, NOW))


@needs_facts
@pytest.mark.parametrize("row", PROVIDERS, ids=lambda row: f"{row['provider']}/{row['model_id']}")
def test_a_provider_row_is_a_target_with_its_rates(row):
    offer = select(*named(row))
    writes = [meter for meter, _ in offer.card.rates if meter.kind is MeterKind.CACHE_WRITE]
    check(
        offer,
        [
            (INPUT, 1_234_567, row["input"]),
            (OUTPUT, 7_891, row["output"]),
            (CACHE_READ, 20_001, row["cached_input"]),
            (next(iter(writes), INPUT), 3_003, row["cache_write"] if writes else ""),
            (CACHE_STORAGE, 36_000_000, row["storage_per_mtok_hour"]),
        ],
    )
    assert bool(row["cache_write"].strip("0")) <= bool(writes)
    assert str(offer.card.context_window or "") == row["context_window"]
    assert offer.card.trust == row["confidence"]


@needs_facts
@pytest.mark.parametrize(
    "row",
    [row for row in PROVIDERS if row["long_context_threshold"]],
    ids=lambda row: f"{row['provider']}/{row['model_id']}",
)
def test_a_provider_row_with_a_long_context_price_has_its_tier(row):
    offer = select(*named(row))
    threshold = int(row["long_context_threshold"])
    figures = [
        (INPUT, 1_000, row["long_context_input"]),
        (OUTPUT, 9, row["long_context_output"]),
        (CACHE_READ, 77, row["long_context_cached"]),
    ]
    check(offer, figures, threshold + 1)
    check(offer, [(INPUT, 1_000, row["input"])], threshold - 1)


@needs_facts
@pytest.mark.parametrize(
    "row", [row for row in PROVIDERS if row["batch_multiplier"]], ids=lambda row: row["model_id"]
)
def test_a_provider_row_with_a_batch_price_has_its_modifier(row):
    name, at = named(row)
    standard, batch = select(name, at), select(f"{name}+batch", at)
    factor = Decimal(row["batch_multiplier"])
    for meter in (INPUT, OUTPUT):
        assert batch.table(0).rate(meter) == standard.table(0).rate(meter).scaled(factor)


@needs_facts
@pytest.mark.parametrize(
    "row",
    [row for row in PROVIDERS if row["min_cacheable_tokens"] and row["cached_input"]],
    ids=lambda row: f"{row['provider']}/{row['model_id']}",
)
def test_a_provider_row_with_a_minimum_has_it(row):
    name, at = named(row)
    explicit = CATALOGUE.targets(f"{name}@explicit") if "gemini" in name else ()
    offer = select(str(explicit[0]) if explicit else name, at)
    minimum = getattr(offer.policy, "min_tokens", None)
    assert minimum is None or minimum.value == int(row["min_cacheable_tokens"])


@needs_facts
def test_there_are_315_rows():
    assert (len(ANTHROPIC), len(PROVIDERS)) == (122, 193)
    assert datetime.fromisoformat(NOW) == datetime(2026, 11, 20, tzinfo=UTC)
