from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from catalogue.small_provider import ACME, NOON, acme, offer, refused

from promptcost.catalogue import (
    BreakpointSpec,
    Evidence,
    IncrementSpec,
    Isolation,
    Knob,
    NoCacheSpec,
    NoteKind,
    Offer,
    Target,
    Trust,
)
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE, INPUT, OUTPUT, Meter, MeterKind


@pytest.fixture
def catalogue(tmp_path):
    return acme(tmp_path)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("acme/big-2.5@1h", "acme/big-2.5@1h"),
        ("acme/big-2.5", "acme/big-2.5@5m"),
        ("acme/plain", "acme/plain@none"),
        ("acme/big", "acme/big-2.5@5m"),
        ("acme/BIG-2-5@1h", "acme/big-2.5@1h"),
        ("acme/huge_2_5", "acme/big-2.5@5m"),
        ("acme-ai/big@steps+batch", "acme/big-2.5@steps+batch"),
        ("acme/big-2.5-20260110@5m", "acme/big-2.5@5m"),
        ("acme/big-2.5-2026-01-10@5m", "acme/big-2.5@5m"),
        ("acme/big-2.5@20260110@5m", "acme/big-2.5@5m"),
        ("acme/big-latest", "acme/big-2.5@5m"),
        ("acme/eu.big", "acme/big-2.5@5m+regional"),
        ("acme/eu.big@5m+regional", "acme/big-2.5@5m+regional"),
        ("acme/global.big", "acme/big-2.5@5m"),
    ],
)
def test_a_target_is_found_as_people_write_it(catalogue, asked, canonical):
    assert str(offer(catalogue, asked).target) == canonical
    assert str(catalogue.resolve(Target.parse(asked))) == canonical


@pytest.mark.parametrize(
    ("asked", "message", "repair"),
    [
        ("acne/big", "unknown provider 'acne'", "did you mean acme?"),
        ("zzz/big", "unknown provider 'zzz'", "known: acme"),
        ("acme/bigg-2.5", "acme has no model 'bigg-2.5'", "did you mean big-2.5?"),
        ("acme/eu.plain", "acme has no model 'eu.plain'", "did you mean plain?"),
        ("acme/qqqqqqqq", "acme has no model 'qqqqqqqq'", "list them with: prices list 'acme/*'"),
        (
            "acme/big@2h",
            "acme/big-2.5@2h has no cache option '2h'",
            "write one of: 5m, 1h, steps, none",
        ),
        (
            "acme/big@5m+flex",
            "big-2.5 is not sold as 'flex'",
            "its modifiers: batch, fast, regional",
        ),
        ("acme/big@5m+batch+fast", "'batch' and fast do not go together", "keep one"),
    ],
)
def test_an_unknown_target_is_a_problem_that_names_what_is_near(catalogue, asked, message, repair):
    found = refused(catalogue, asked)
    assert (found.message, found.repair) == (message, repair)


def test_resolving_refuses_what_selecting_refuses(catalogue):
    for asked in ("acme/nothing", "acme/big@2h"):
        found = catalogue.resolve(Target.parse(asked))
        assert found == catalogue.select(Target.parse(asked), NOON)


def test_an_instant_without_time_zone_is_misuse(catalogue):
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 - the case
    for span in ((naive, None), (NOON, naive)):
        with pytest.raises(ValueError, match="timezone-aware"):
            catalogue.select(Target.parse("acme/big"), *span)


@pytest.mark.parametrize(
    ("at", "rate"),
    [
        (datetime(2026, 1, 10, tzinfo=UTC), "3"),
        (datetime(2026, 6, 1, 11, 59, 59, 999_999, tzinfo=UTC), "3"),
        (datetime(2026, 6, 1, 12, tzinfo=UTC), "2.5"),
        (datetime(2026, 6, 1, 20, tzinfo=timezone(timedelta(hours=8))), "2.5"),
        (datetime(2026, 6, 1, 19, 59, 59, tzinfo=timezone(timedelta(hours=8))), "3"),
        (datetime(2026, 12, 23, 23, 59, 59, tzinfo=UTC), "2.5"),
        (datetime(2026, 12, 24, tzinfo=UTC), "2"),
    ],
)
def test_a_price_holds_from_its_instant_until_the_next_one(catalogue, at, rate):
    found = offer(catalogue, "acme/big", at)
    assert found.table(0).rate(INPUT).amount == Decimal(rate)


@pytest.mark.parametrize(
    ("asked", "at", "repair"),
    [
        (
            "acme/big",
            datetime(2026, 1, 9, 23, 59, 59, tzinfo=UTC),
            (
                "prices are known from 2026-01-10 until 2026-06-01 12:00 UTC, "
                "from 2026-06-01 12:00 UTC until 2026-12-24, from 2026-12-24"
            ),
        ),
        ("acme/plain", datetime(2026, 12, 31, tzinfo=UTC), "prices are known until 2026-12-31"),
    ],
)
def test_a_day_outside_all_prices_has_none(catalogue, asked, at, repair):
    found = refused(catalogue, asked, at)
    assert "has no known price on" in found.message
    assert found.repair == repair


@pytest.mark.parametrize(
    ("option", "kind", "read"),
    [
        ("5m", BreakpointSpec, "0.25"),
        ("1h", BreakpointSpec, "0.25"),
        ("steps", IncrementSpec, "0.5"),
        ("none", NoCacheSpec, None),
    ],
)
def test_the_option_chooses_the_family_and_the_read_rate(catalogue, option, kind, read):
    found = offer(catalogue, f"acme/big@{option}")
    rate = found.table(0).rate(CACHE_READ)
    assert isinstance(found.policy, kind)
    assert (rate and rate.amount) == (read and Decimal(read))


def test_the_spec_has_the_lifetime_of_the_option_and_the_minimum_of_the_model(catalogue):
    found = offer(catalogue, "acme/big@1h")
    policy = found.policy
    assert isinstance(policy, BreakpointSpec)
    assert policy.ttl.value == timedelta(hours=1)
    assert policy.min_tokens == Knob(512, Evidence.DOCUMENTED, "the price page")
    assert policy.lookback.note == "the price page; as of 2026-10-01"
    assert policy.readable_after == Knob(
        timedelta(seconds=2), Evidence.ASSUMED, "time to the first token"
    )
    assert policy.isolation.value is Isolation.WORKSPACE
    assert policy.refreshed_by_use.value is True
    assert found.cache == "marked"


def test_knobs_keep_their_types_in_every_family(catalogue):
    policy = offer(catalogue, "acme/big@steps").policy
    assert isinstance(policy, IncrementSpec)
    assert policy.max_age.value is None
    assert policy.requests_per_minute_per_key.value == 15
    assert policy.placement_probability.value == 0.5


@pytest.mark.parametrize(
    ("tokens", "rate", "name"),
    [
        (0, "2.5", "standard"),
        (100_000, "2.5", "standard"),
        (100_001, "5", "above 100,000 tokens"),
        (299_999, "5", "above 100,000 tokens"),
        (300_000, "10", "at least 300,000 tokens"),
        (10**9, "10", "at least 300,000 tokens"),
    ],
)
def test_a_long_prompt_is_repriced_as_a_whole(catalogue, tokens, rate, name):
    table = offer(catalogue, "acme/big").table(tokens)
    assert (table.rate(INPUT).amount, table.name) == (Decimal(rate), name)


@pytest.mark.parametrize(
    ("at", "rate", "name"),
    [
        (datetime(2026, 11, 20, 1, tzinfo=UTC), "2", "peak"),
        (datetime(2026, 11, 20, 4, tzinfo=UTC), "1", "standard"),
        (datetime(2026, 11, 19, 1, tzinfo=UTC), "1", "standard"),
    ],
)
def test_the_hour_chooses_the_table_and_scales_every_rate(catalogue, at, rate, name):
    found = offer(catalogue, "acme/tidal")
    table = found.table(0, at)
    assert (table.name, table.rate(INPUT).amount) == (name, Decimal(rate))
    assert table.rate(CACHE_STORAGE).amount == Decimal("4.5") * Decimal(rate)
    assert offer(catalogue, "acme/tidal", at).table(0) == table


@pytest.mark.parametrize(
    ("target", "rates"),
    [
        ("acme/big@5m+batch", ("1.25", "0.13", "1.5625", "5")),
        ("acme/big@5m+fast", ("5", "0.50", "6.250", "20")),
        ("acme/big@5m+regional", ("2.75", "0.275", "3.4375", "11")),
        ("acme/big@5m+batch+regional", ("1.375", "0.143", "1.71875", "5.5")),
        ("acme/big@5m+regional+batch", ("1.375", "0.143", "1.71875", "5.5")),
    ],
)
def test_modifiers_multiply_and_published_roundings_come_first(catalogue, target, rates):
    table = offer(catalogue, target).table(0)
    write = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))
    found = [table.rate(meter).amount for meter in (INPUT, CACHE_READ, write, OUTPUT)]
    assert found == [Decimal(rate) for rate in rates]


def test_a_published_rounding_holds_for_the_base_rates_only(catalogue):
    found = offer(catalogue, "acme/big@5m+batch")
    assert found.table(100_001).rate(CACHE_READ).amount == Decimal("0.25")
    assert found.table(0).name == "standard+batch"
    assert found.table(100_001).name == "above 100,000 tokens+batch"


def test_hits_can_be_billed_at_the_modified_input_rate(catalogue):
    table = offer(catalogue, "acme/tidal@steps+batch").table(0)
    assert table.rate(CACHE_READ).amount == Decimal("0.5")
    assert table.rate(CACHE_STORAGE).amount == Decimal("4.5")


def test_a_modifier_can_switch_caching_off(catalogue):
    found = offer(catalogue, "acme/tidal@steps+bulk")
    assert isinstance(found.policy, NoCacheSpec)
    assert found.cache == ""
    assert [note.kind for note in found.notes] == [NoteKind.NO_CACHING]


def test_a_modifier_is_sold_until_its_day(catalogue):
    last = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    offer(catalogue, "acme/big@5m+fast", last)
    found = refused(catalogue, "acme/big@5m+fast", last + timedelta(seconds=1))
    assert found.message == "big-2.5 is not sold as 'fast' since 2026-12-01"


def kinds(catalogue, target, at):
    return {note.kind: note for note in offer(catalogue, target, at).notes}


@pytest.mark.parametrize(
    ("at", "stale"),
    [
        (datetime(2026, 9, 30, tzinfo=UTC), False),
        (datetime(2026, 9, 30, 0, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 7, 1, tzinfo=UTC), False),
    ],
)
def test_a_card_checked_more_than_sixty_days_before_the_priced_day_is_stale(catalogue, at, stale):
    assert (NoteKind.STALE in kinds(catalogue, "acme/plain", at)) is stale


def test_what_to_beware_of_is_noted_with_the_instant_it_matters(catalogue):
    big = kinds(catalogue, "acme/big-2.5-20260110", NOON)
    plain = kinds(catalogue, "acme/plain", NOON)
    assert big[NoteKind.PRICE_CHANGE].at == datetime(2026, 12, 24, tzinfo=UTC)
    assert big[NoteKind.RETIRES].at == datetime(2027, 1, 1, tzinfo=UTC)
    assert "retires on 2027-01-01" in str(big[NoteKind.RETIRES])
    assert big[NoteKind.SNAPSHOT].message == "big-2.5-20260110 is priced as big-2.5"
    assert "not represented: audio" in big[NoteKind.NOT_REPRESENTED].message
    assert plain[NoteKind.NOT_ASSURED].at == datetime(2026, 12, 1, tzinfo=UTC)
    assert NoteKind.LOW_TRUST in plain


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (datetime(2026, 12, 24, tzinfo=UTC), {NoteKind.NOT_REPRESENTED}),
        (
            datetime(2026, 12, 24, 0, 0, 1, tzinfo=UTC),
            {NoteKind.PRICE_CHANGE, NoteKind.NOT_REPRESENTED},
        ),
        (
            datetime(2027, 1, 2, tzinfo=UTC),
            {NoteKind.PRICE_CHANGE, NoteKind.RETIRES, NoteKind.STALE, NoteKind.NOT_REPRESENTED},
        ),
    ],
)
def test_only_what_happens_within_the_priced_period_is_noted(catalogue, until, expected):
    found = catalogue.select(Target.parse("acme/big-2.5"), NOON, until)
    assert isinstance(found, Offer)
    assert {note.kind for note in found.notes} == expected


def test_a_model_past_retirement_is_noted_as_such(catalogue):
    found = kinds(catalogue, "acme/big", datetime(2027, 1, 1, tzinfo=UTC))
    assert "was retired on 2027-01-01" in found[NoteKind.RETIRED].message


def test_a_card_tells_where_it_comes_from(catalogue):
    card = offer(catalogue, "acme/big").card
    assert (card.provider, card.model, card.name) == ("acme", "big-2.5", "Big 2.5")
    assert (card.trust, str(card.checked)) == (Trust.HIGH, "2026-11-01")
    assert [source.url for source in card.sources] == ["https://acme.example/prices"]
    assert (card.context_window, card.tokenizer) == (1_000_000, "o200k")
    plain = offer(catalogue, "acme/plain").card
    assert (plain.name, str(plain.checked), plain.note) == ("plain", "2026-08-01", "a promotion")


def test_the_history_of_a_target_is_oldest_first(catalogue):
    history = catalogue.card_history(Target.parse("acme/big@5m"))
    inputs = [dict(card.rates)[INPUT].amount for card in history]
    assert inputs == [Decimal(3), Decimal("2.5"), Decimal(2)]
    assert [history[n].valid_until == history[n + 1].valid_from for n in (0, 1)] == [True, True]
    assert catalogue.card_history(Target.parse("acme/nothing")) == ()


def test_the_ways_of_being_billed_are_listed(catalogue):
    found = catalogue.modifiers(Target.parse("acme/big"))
    assert [modifier.name for modifier in found] == ["batch", "fast", "regional"]
    assert catalogue.modifiers(Target.parse("acme/nothing")) == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("acme/big*", ["acme/big-2.5@5m", "acme/big-2.5@1h", "acme/big-2.5@steps"]),
        ("acme/HUGE-2.5", ["acme/big-2.5@5m", "acme/big-2.5@1h", "acme/big-2.5@steps"]),
        ("acme/plain", ["acme/plain@none"]),
        ("*@1h", ["acme/big-2.5@1h"]),
        ("*/*@none", ["acme/big-2.5@none", "acme/plain@none", "acme/tidal@none"]),
        ("acme/t*@*", ["acme/tidal@steps", "acme/tidal@none"]),
        ("acme/*@steps+ba*", ["acme/big-2.5@steps+batch", "acme/tidal@steps+batch"]),
        ("acme/big@5m+batch", ["acme/big-2.5@5m+batch"]),
        ("acme/tidal+batch", ["acme/tidal@steps+batch", "acme/tidal@none+batch"]),
        ("acme/big@7m", []),
        ("other/*", []),
        ("", []),
    ],
)
def test_a_glob_names_targets(catalogue, pattern, expected):
    assert [str(target) for target in catalogue.targets(pattern)] == expected


def test_a_provider_tells_what_is_not_a_price(catalogue):
    info = catalogue.provider("acme")
    assert (info.title, info.aliases, info.not_represented) == (
        "Acme AI",
        ("acme-ai",),
        ("images",),
    )
    assert [option.option for option in info.options] == ["5m", "1h", "steps"]
    assert info.option("marked", "5m").spec is None  # its minimum is the model's
    assert isinstance(info.option("steps", "steps").spec, IncrementSpec)
    assert [row.change for row in info.option("marked", "1h").invalidation] == ["model", "images"]
    assert info.option("steps", "5m") is None
    with pytest.raises(KeyError):
        catalogue.provider("other")


GATEWAY = """\
provider: gate
name: Gate
about: Passes through.
checked: 2026-11-01
sources: {A: {text: a}}
usage: []
upstreams: {acme-labs: acme}
"""


def test_a_gateway_passes_the_rates_of_its_upstream_through(tmp_path):
    (tmp_path / "gate.yaml").write_text(GATEWAY)
    catalogue = acme(tmp_path, ACME)
    found = offer(catalogue, "gate/acme-labs/big@1h")
    assert str(found.target) == "gate/acme-labs/big-2.5@1h"
    assert found.card == offer(catalogue, "acme/big@1h").card
    assert NoteKind.PASSED_THROUGH in {note.kind for note in found.notes}
    assert str(catalogue.targets("gate/*plain")[0]) == "gate/acme-labs/plain@none"
    wrong = refused(catalogue, "gate/other/big")
    assert (wrong.message, wrong.repair) == (
        "gate has no vendor 'other'",
        "begin the model with one of: acme-labs",
    )
