"""What must hold for every target of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from promptcost.catalogue import (
    BlocksSpec,
    Evidence,
    Family,
    HandleSpec,
    Knob,
    NoCacheSpec,
    Offer,
    Target,
    family_of,
    load_catalogue,
)
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, OUTPUT, MeterKind

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CATALOGUE, PROBLEMS = load_catalogue()
TARGETS = CATALOGUE.targets("*@*")
SELF_HOSTED = frozenset({"vllm", "sglang", "lmcache"})
FREE = Target(provider="vllm", model="self-hosted", option="prefix")


def offers(targets=TARGETS) -> list[Offer]:
    found = [CATALOGUE.select(target, NOW) for target in targets]
    assert all(isinstance(offer, Offer) for offer in found)
    return found


def tables(found: list[Offer]):
    return [
        (str(offer.target), {meter: rate.amount for meter, rate in table.rates})
        for offer in found
        for row in offer.tables
        for table in row
        if offer.target.model != FREE.model
    ]


def test_the_catalogue_is_read_without_a_problem():
    assert PROBLEMS == []
    assert len(CATALOGUE.providers) >= 22
    assert len(TARGETS) > 700


def test_every_rate_is_positive():
    free = {INPUT, OUTPUT, CACHE_READ}
    zero = [
        (name, meter)
        for name, rates in tables(offers())
        for meter, amount in rates.items()
        if amount <= 0 and not (meter in free and name.partition("/")[0] in SELF_HOSTED)
    ]
    assert zero == []


def test_reading_costs_less_than_input_and_writing_at_least_as_much():
    wrong = [
        (name, meter)
        for name, rates in tables(offers())
        for meter, amount in rates.items()
        if (meter == CACHE_READ and amount >= rates[INPUT])
        or (meter.kind is MeterKind.CACHE_WRITE and amount < rates[INPUT])
    ]
    assert wrong == []


def test_a_longer_lifetime_never_costs_less_to_write():
    for name, rates in tables(offers()):
        writes = sorted(
            (meter.ttl, amount)
            for meter, amount in rates.items()
            if meter.kind is MeterKind.CACHE_WRITE and meter.ttl
        )
        assert [amount for _, amount in writes] == sorted(amount for _, amount in writes), name


def test_a_target_without_caching_has_the_same_rates_and_no_cache():
    for target in CATALOGUE.targets("*@none"):
        found = CATALOGUE.select(target, NOW)
        assert isinstance(found, Offer)
        default = Target(provider=target.provider, model=target.model)
        same = CATALOGUE.select(default, NOW)
        assert isinstance(same, Offer)
        assert isinstance(found.policy, NoCacheSpec)
        assert found.table(0).rate(INPUT) == same.table(0).rate(INPUT)
        assert found.table(0).rate(OUTPUT) == same.table(0).rate(OUTPUT)


def test_every_caching_target_has_a_read_rate():
    missing = [
        str(offer.target)
        for offer in offers(CATALOGUE.targets())
        if not isinstance(offer.policy, NoCacheSpec) and offer.table(0).rate(CACHE_READ) is None
    ]
    assert missing == []


def test_every_stored_object_has_a_rent():
    handles = [offer for offer in offers() if isinstance(offer.policy, HandleSpec)]
    assert len(handles) > 15
    assert all(offer.table(0).rate(CACHE_STORAGE) for offer in handles)


def test_a_lifetime_in_the_name_is_the_lifetime_of_the_spec_and_of_a_write():
    wrong = [
        str(offer.target)
        for offer in offers(CATALOGUE.targets("*@*m") + CATALOGUE.targets("*@*h"))
        if family_of(offer.policy) is Family.BREAKPOINT
        and offer.target.option != f"{_short(offer.policy.ttl.value)}"
    ]
    assert wrong == []


def _short(ttl: timedelta) -> str:
    hours, rest = divmod(int(ttl.total_seconds()), 3600)
    return f"{hours}h" if not rest else f"{rest // 60}m"


def test_what_is_documented_names_its_source():
    unsourced = [
        (str(offer.target), name)
        for offer in offers()
        for name in getattr(offer.policy, "__slots__", ())
        for knob in [getattr(offer.policy, name)]
        if isinstance(knob, Knob) and knob.evidence is Evidence.DOCUMENTED and not knob.note
    ]
    assert unsourced == []


def test_every_card_names_its_sources():
    assert [str(offer.target) for offer in offers() if not offer.card.sources] == []


def test_a_finite_engine_cache_says_how_many_tokens_it_holds():
    found = offers(CATALOGUE.targets("vllm/*@prefix"))
    capacity = {
        offer.target.model: offer.policy.capacity_tokens.value
        for offer in found
        if isinstance(offer.policy, BlocksSpec)
    }
    assert capacity["llama-3.1-8b"] == 415_000
    assert capacity["self-hosted"] is None


def test_every_modifier_of_every_model_can_be_selected_or_has_ended():
    ended = {"anthropic/claude-opus-4-7"}
    refused = {
        f"{target.provider}/{target.model}"
        for target in CATALOGUE.targets("*@*+*")
        if not isinstance(CATALOGUE.select(target, NOW), Offer) and target.provider != "openrouter"
    }
    assert refused == ended


@pytest.mark.parametrize("provider", CATALOGUE.providers)
def test_every_provider_says_how_it_reports_usage(provider):
    info = CATALOGUE.provider(provider)
    assert info.about
    kinds = {field.meter.kind for mapping in info.usage for field in mapping.fields}
    assert {MeterKind.INPUT, MeterKind.CACHE_READ, MeterKind.OUTPUT} <= kinds


def test_every_history_is_without_overlap():
    for target in CATALOGUE.targets():
        history = CATALOGUE.card_history(target)
        assert history, target
        for card, later in pairwise(history):
            assert card.valid_until is not None
            assert later.valid_from is not None
            assert card.valid_until <= later.valid_from


def test_read_shares_are_per_model_and_never_a_provider_s_constant():
    shares = {
        rates[CACHE_READ] / rates[INPUT]
        for name, rates in tables(offers(CATALOGUE.targets("openai/*")))
        if CACHE_READ in rates and "+" not in name
    }
    assert {Decimal("0.5"), Decimal("0.25"), Decimal("0.1"), Decimal("0.05")} <= shares
