from __future__ import annotations

from dataclasses import replace

import pytest
from policies.cache_cases import handle_spec
from simulate.simulation_cases import (
    HISTORY,
    QUESTION,
    REQUEST,
    SESSION,
    TALK,
    TENANT,
    card,
    offer,
    part,
    rates,
    stall,
    template_part,
    workload,
)

from promptcost.model.stability import Audience, Stability
from promptcost.simulate.written import write_parts
from promptcost.workload.distributions import Uniform, Zipf
from promptcost.workload.spec import Population

# creation and an hour of rent of a Gemini 2.5 Pro object are paid by 5.11 reads
PRO = rates(usd_in="1.25", read="0.125", rent="4.50")
RULES = part("rules", 2_500)
PEOPLE = Population(tenants=Zipf(size=10), users=Zipf(size=100))


def documents(size):
    return part("documents", 90_000, REQUEST, pool=Zipf(size=size))


def chosen(*parts, made=PRO, spec=None, **changes):
    case = workload(*parts, QUESTION, **{"per_day": 2_400} | changes)
    one = stall(case, offer(spec or handle_spec(), card(made)))
    return one.placed.shown[0].after


@pytest.mark.parametrize(("size", "name"), [(19, "documents"), (20, "rules")])
def test_documents_are_held_when_each_is_read_often_enough(size, name):
    # 100 requests an hour are 5.26 or 5.00 reads of each document
    assert chosen(RULES, documents(size)) == name


def test_what_is_too_short_is_not_held_although_it_would_pay():
    assert chosen(part("rules", 2_047), documents(20)) == "documents"
    assert chosen(part("rules", 2_048), documents(20)) == "rules"


def test_where_everything_is_too_short_the_longest_is_shown():
    small = part("documents", 10, REQUEST, pool=Zipf(size=4))
    assert chosen(part("rules", 10), small) == "documents"


def test_where_reading_saves_nothing_the_shorter_is_held():
    assert chosen(RULES, documents(2), made=rates(usd_in="1", read="1", rent="1")) == "rules"


@pytest.mark.parametrize(
    ("stability", "per_day", "name"),
    [
        (TENANT, 2_400, "own"),
        (TENANT, 1_200, "rules"),
        (Stability(audience=Audience.USER), 24_000, "own"),
        (Stability(audience=Audience.USER), 2_400, "rules"),
    ],
)
def test_text_of_a_tenant_or_user_is_read_by_its_share_of_the_requests(stability, per_day, name):
    own = part("own", 9_000, stability)
    assert chosen(RULES, own, per_day=per_day, population=PEOPLE) == name


def test_text_of_a_session_is_read_once_a_turn():
    files = part("files", 9_000, SESSION)
    short, long = TALK, replace(TALK, turns=replace(TALK.turns, mean=12))
    assert chosen(RULES, files, HISTORY, conversation=short) == "rules"
    assert chosen(RULES, files, HISTORY, conversation=long) == "files"


def test_sampled_sizes_count_with_their_mean():
    sampled = replace(RULES, tokens=Uniform(low=0, high=4_200))
    assert chosen(sampled, documents(20)) == "rules"
    short = replace(RULES, tokens=Uniform(low=0, high=4_000))
    assert chosen(short, documents(20)) == "documents"


def test_a_template_counts_with_its_tokens(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("train " * 3_000, encoding="utf-8")
    case = workload(template_part("rules", path), documents(20), QUESTION, per_day=2_400)
    written, _ = write_parts(case)
    one = stall(case, offer(handle_spec(), card(PRO)), written)
    assert one.placed.shown[0].after == "rules"
