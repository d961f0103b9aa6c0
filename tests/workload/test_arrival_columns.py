"""Who calls, how conversations run, what is drawn: counts are conserved, aspects independent.

Bounds of statistical tests lie 5 standard errors from the closed form (see the processes' tests).
"""

from __future__ import annotations

import math
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workload_examples import history, part, people, talks, traffic, workload

from promptcost.workload.arrivals import Arrivals, arrivals
from promptcost.workload.distributions import (
    Constant,
    Empirical,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
    Zipf,
)
from promptcost.workload.spec import Conversation, Population, Workload

SECOND = 1_000_000
SIGMAS = 5
BIG = Lognormal(median=5_000, sigma=1)


def drawn(made: Workload, seed: int = 1) -> Arrivals:
    return arrivals(made, np.random.default_rng(seed))


def columns(found: Arrivals) -> dict[str, list[int]]:
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    return {name: value.tolist() for name, value in values.items() if hasattr(value, "tolist")}


def per(owner: np.ndarray, values: np.ndarray) -> int:
    """The largest number of different values that one owner has."""
    pairs = np.unique(np.stack([owner, values]), axis=1)
    return int(np.bincount(pairs[0]).max())


@given(
    turns=st.sampled_from(
        [Constant(value=3), Geometric(mean=5), Lognormal(median=2, sigma=1), Uniform(low=0, high=4)]
    ),
    wait=st.sampled_from([Constant(value=0), Exponential(mean=100), Lognormal(median=9, sigma=2)]),
    seed=st.integers(0, 1_000),
)
def test_every_conversation_is_played_to_its_end_in_order(
    turns: Constant, wait: Constant, seed: int
) -> None:
    made = workload(days=1, conversation=Conversation(turns=turns, think_time=wait))
    found = drawn(made, seed)
    assert np.all(np.diff(found.time_us) >= 0)
    for conversation in np.unique(found.conversation):
        rows = found.conversation == conversation
        count = rows.sum()
        assert found.turn[rows].tolist() == list(range(count))
        assert found.is_last[rows].tolist() == [0] * (count - 1) + [1]


@pytest.mark.parametrize(
    "turns",
    [
        Constant(value=6),
        Constant(value=2.5),
        Geometric(mean=6),
        Lognormal(median=2, sigma=1),
        Exponential(mean=3),
        Uniform(low=0, high=9),
        Empirical(values=(1, 40), weights=(0.9, 0.1)),
    ],
    ids=repr,
)
def test_the_rate_is_of_requests_whatever_the_turns(turns: Constant) -> None:
    made = workload(per_day=24_000, conversation=Conversation(turns=turns))
    found = drawn(made)
    counts = np.bincount(found.conversation)
    talked = len(counts)
    expected = 720_000 / made.conversation.mean_turns
    assert talked == pytest.approx(expected, abs=SIGMAS * math.sqrt(expected))
    error = math.sqrt((counts**2).mean() * talked)  # of a compound Poisson sum
    assert len(found) == pytest.approx(720_000, abs=SIGMAS * error)


def test_gaps_within_conversations_follow_the_think_time() -> None:
    law = Lognormal(median=45, sigma=1)
    talk = Conversation(turns=Geometric(mean=6), think_time=law)
    found = drawn(workload(per_day=10_000, conversation=talk))
    order = np.lexsort((found.turn, found.conversation))
    gaps = np.diff(found.time_us[order])[found.turn[order][1:] > 0] / SECOND
    assert gaps.mean() == pytest.approx(law.mean, abs=SIGMAS * math.sqrt(law.variance / len(gaps)))
    tail = math.erfc(3 / math.sqrt(2)) / 2
    beyond = (gaps > 45 * math.exp(3)).mean()
    assert beyond == pytest.approx(tail, abs=SIGMAS * math.sqrt(tail / len(gaps)))


def test_conversations_begin_within_the_period_and_may_end_after_it() -> None:
    found = drawn(workload(days=1, conversation=talks(turns=20, wait=3_600)))
    assert found.time_us[found.turn == 0].max() < found.window_us[1]
    assert found.time_us.max() > found.window_us[1]


def test_users_belong_to_their_tenant_and_workspace() -> None:
    found = drawn(workload(per_day=5_000, population=people(tenants=3, users=10, workspaces=2)))
    assert np.array_equal(found.user % 3, found.tenant)
    assert np.array_equal(found.tenant % 2, found.workspace)
    assert set(found.user.tolist()) == set(range(10))


def test_more_workspaces_than_tenants_split_the_users() -> None:
    found = drawn(workload(per_day=5_000, population=people(tenants=2, users=10, workspaces=5)))
    assert np.array_equal(found.user % 5, found.workspace)


def test_a_conversation_has_one_caller() -> None:
    made = workload(per_day=2_000, population=people(users=50), conversation=talks())
    found = drawn(made)
    assert per(found.conversation, found.user) == 1


def test_tenants_are_drawn_first_then_their_users() -> None:
    tenants, users = Zipf(size=3, exponent=1), Zipf(size=9, exponent=2)
    found = drawn(workload(per_day=10_000, population=Population(tenants=tenants, users=users)))
    shares = np.bincount(found.tenant) / len(found)
    assert shares == pytest.approx(tenants.shares(), abs=SIGMAS * math.sqrt(0.25 / len(found)))
    within = np.bincount(found.user[found.tenant == 0] // 3) / (found.tenant == 0).sum()
    expected = Zipf(size=3, exponent=2).shares()
    assert within == pytest.approx(expected, abs=SIGMAS * math.sqrt(0.25 / len(found) * 3))


@pytest.mark.parametrize(
    ("per_month", "numbers"), [("0", {0}), ("1", {0}), ("8", set(range(8))), ("0.5", {0})]
)
def test_deploys_are_evenly_spaced(per_month: str, numbers: set[int]) -> None:
    found = drawn(workload(deploys_per_month=Decimal(per_month)))
    assert set(found.deploy.tolist()) == numbers


def test_the_period_begins_with_a_deploy() -> None:
    found = drawn(workload(deploys_per_month=Decimal(30)))
    assert np.array_equal(found.deploy, found.time_us // (86_400 * SECOND))


@pytest.mark.parametrize(
    ("word", "owner"), [("session", "conversation"), ("user", "user"), ("tenant", "tenant")]
)
def test_an_item_and_a_size_are_drawn_once_for_each_of_the_audience(word: str, owner: str) -> None:
    pooled = part("docs", word, pool=Zipf(size=1_000))
    sized = part("notes", word, tokens=0)
    made = workload(pooled, replace(sized, tokens=BIG), population=people(users=30))
    found = drawn(replace(made, conversation=talks()))
    owners = getattr(found, owner)
    assert per(owners, found.pool_items["docs"]) == 1
    assert per(owners, found.part_tokens["notes"]) == 1
    assert len(np.unique(found.pool_items["docs"])) > 1
    assert len(np.unique(found.part_tokens["notes"])) > 1


def test_an_item_for_everybody_is_one_item() -> None:
    found = drawn(workload(part("docs", "day", pool=Zipf(size=1_000))))
    assert len(np.unique(found.pool_items["docs"])) == 1


@pytest.mark.parametrize("word", ["turn", "request"])
def test_an_item_of_each_request_follows_the_pools_law(word: str) -> None:
    law = Zipf(size=20, exponent=1.1)
    found = drawn(workload(part("docs", word, pool=law), per_day=5_000))
    items = found.pool_items["docs"]
    shares = np.bincount(items, minlength=20) / len(items)
    assert shares == pytest.approx(law.shares(), abs=SIGMAS * math.sqrt(0.25 / len(items)))


def test_an_item_keeps_its_size() -> None:
    docs = replace(part("docs", "request", pool=Zipf(size=50)), tokens=BIG)
    found = drawn(workload(docs, per_day=1_000))
    assert per(found.pool_items["docs"], found.part_tokens["docs"]) == 1
    assert len(np.unique(found.part_tokens["docs"])) > 40


def test_sizes_of_requests_follow_their_law() -> None:
    law = Lognormal(median=300, sigma=0.6)
    question = replace(part("question", "request"), tokens=law)
    found = drawn(workload(question, output_tokens=law, per_day=5_000))
    error = math.sqrt((law.variance + 0.25) / len(found))
    assert found.part_tokens["question"].mean() == pytest.approx(law.mean, abs=SIGMAS * error)
    assert found.output_tokens.mean() == pytest.approx(law.mean, abs=SIGMAS * error)


def test_a_declared_size_is_not_sampled() -> None:
    assert drawn(workload()).part_tokens == {}


EXAMPLE = workload(
    part("system", "deploy"),
    replace(part("docs", "session", pool=Zipf(size=40)), tokens=BIG),
    history("question"),
    replace(part("question", "request"), tokens=Lognormal(median=100, sigma=1)),
    conversation=talks(),
    population=people(),
    deploys_per_month=Decimal(9),
)


def test_equal_seeds_draw_equal_arrivals() -> None:
    assert columns(drawn(EXAMPLE, 7)) == columns(drawn(EXAMPLE, 7))
    assert columns(drawn(EXAMPLE, 7)) != columns(drawn(EXAMPLE, 8))


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        (replace(EXAMPLE, output_tokens=BIG), {"output_tokens"}),
        (replace(EXAMPLE, prompt=EXAMPLE.prompt[1:]), set()),
        (replace(EXAMPLE, prompt=EXAMPLE.prompt[:1]), set()),
        (replace(EXAMPLE, deploys_per_month=Decimal(90)), {"deploy"}),
        (replace(EXAMPLE, population=people(workspaces=3)), {"workspace"}),
        (replace(EXAMPLE, population=people(users=20)), {"user"}),
    ],
    ids=["output", "fewer parts", "one part", "deploys", "workspaces", "users"],
)
def test_changing_one_aspect_changes_no_other(changed: Workload, differs: set[str]) -> None:
    before, after = columns(drawn(EXAMPLE)), columns(drawn(changed))
    assert {name for name in before if before[name] != after[name]} == differs


def test_changing_the_gaps_changes_no_start_and_no_turns() -> None:
    slower = drawn(replace(EXAMPLE, conversation=talks(wait=600)))
    before = drawn(EXAMPLE)
    assert np.array_equal(before.time_us[before.turn == 0], slower.time_us[slower.turn == 0])
    assert np.array_equal(np.bincount(before.conversation), np.bincount(slower.conversation))


def test_a_part_draws_the_same_wherever_it_stands() -> None:
    turned = replace(EXAMPLE, prompt=EXAMPLE.prompt[::-1])
    before, after = drawn(EXAMPLE), drawn(turned)
    assert np.array_equal(before.pool_items["docs"], after.pool_items["docs"])
    assert np.array_equal(before.part_tokens["docs"], after.part_tokens["docs"])
    assert np.array_equal(before.part_tokens["question"], after.part_tokens["question"])


def test_parts_draw_independently_of_each_other() -> None:
    made = workload(
        part("a", "request", pool=Zipf(size=9)), part("b", "request", pool=Zipf(size=9))
    )
    found = drawn(made)
    assert not np.array_equal(found.pool_items["a"], found.pool_items["b"])


def test_no_traffic_at_all_is_an_empty_window_not_a_fault() -> None:
    docs = replace(part("docs", "session", pool=Zipf(size=40)), tokens=BIG)
    found = drawn(workload(docs, traffic=traffic(0.001), days=1))
    assert len(found) == 0
    assert found.pool_items["docs"].tolist() == []
