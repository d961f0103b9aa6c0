"""Uncertain inputs are drawn log-normally, one factor each, and nothing else changes.

Bounds of statistical tests lie 5 standard errors from the closed form.
"""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from workload_examples import history, part, people, talks, workload

from promptcost.workload.distributions import Constant, Lognormal, Zipf
from promptcost.workload.spec import Part, TemplateText, Workload
from promptcost.workload.uncertainty import INPUTS, draw

N = 4_000
SIGMAS = 5

EXAMPLE = workload(
    part("system", tokens=1_000),
    part("docs", "session", 400, pool=Zipf(size=50)),
    replace(part("text"), tokens=None, template=TemplateText(path="x.j2")),
    history("question"),
    part("question", "request", 20),
    conversation=talks(turns=5, wait=60),
    population=people(tenants=10, users=100),
    output_tokens=Lognormal(median=300, sigma=0.6),
)


def with_uncertainty(**shares: str) -> Workload:
    given = tuple((name.replace("__", "."), Decimal(share)) for name, share in shares.items())
    return replace(EXAMPLE, uncertainty=given)


def drawn(made: Workload, seed: int = 1) -> tuple[Workload, dict[str, float]]:
    return draw(made, np.random.default_rng(seed))


def tokens(made: Workload) -> list[float | None]:
    return [None if p.tokens is None else p.tokens.mean for p in made.prompt]


def test_a_factor_is_log_normal_with_the_share_as_its_sigma() -> None:
    rng = np.random.default_rng(1)
    made = with_uncertainty(requests_per_day="0.2")
    logs = np.log([draw(made, rng)[1]["requests_per_day"] for _ in range(N)])
    assert logs.mean() == pytest.approx(0, abs=SIGMAS * 0.2 / math.sqrt(N))
    assert logs.std() == pytest.approx(0.2, abs=SIGMAS * 0.2 / math.sqrt(2 * N))
    assert np.exp(np.quantile(logs, [0.05, 0.95])) == pytest.approx([0.72, 1.39], abs=0.03)


def test_a_certain_workload_stays_as_it_is() -> None:
    assert drawn(EXAMPLE) == (EXAMPLE, {})


def test_a_share_of_nothing_changes_nothing() -> None:
    made = with_uncertainty(output_tokens="0")
    assert drawn(made) == (made, {"output_tokens": 1.0})


def test_the_volume_is_multiplied() -> None:
    found, factors = drawn(with_uncertainty(requests_per_day="0.2"))
    rate = float(found.traffic.requests_per_day)
    assert rate == pytest.approx(240 * factors["requests_per_day"])
    assert replace(found, traffic=EXAMPLE.traffic, uncertainty=()) == EXAMPLE


def test_a_tiny_volume_stays_above_zero() -> None:
    made = with_uncertainty(requests_per_day="1")
    made = replace(made, traffic=replace(made.traffic, requests_per_day=Decimal("0.0000001")))
    assert drawn(made)[0].traffic.requests_per_day == Decimal("0.000001")


def test_the_output_is_multiplied() -> None:
    found, factors = drawn(with_uncertainty(output_tokens="0.2"))
    assert found.output_tokens.mean == pytest.approx(
        EXAMPLE.output_tokens.mean * factors["output_tokens"]
    )


def test_the_think_time_is_multiplied() -> None:
    found, factors = drawn(with_uncertainty(think_time="0.2"))
    assert found.conversation.think_time.mean == pytest.approx(60 * factors["think_time"])


def test_of_geometric_turns_those_after_the_first_are_multiplied() -> None:
    found, factors = drawn(with_uncertainty(turns="0.2"))
    assert found.conversation.mean_turns == pytest.approx(1 + 4 * factors["turns"])


@pytest.mark.parametrize("seed", range(5))
def test_users_are_whole_and_never_fewer_than_tenants(seed: int) -> None:
    found, factors = drawn(with_uncertainty(users="1"), seed)
    assert found.population.users.size == max(round(100 * factors["users"]), 10)
    assert found.population.tenants == EXAMPLE.population.tenants


def test_prompt_tokens_are_multiplied_in_all_parts_alike() -> None:
    found, factors = drawn(with_uncertainty(prompt_tokens="0.2"))
    factor = factors["prompt_tokens"]
    expected = [1_000 * factor, 400 * factor, None, None, 20 * factor]
    assert tokens(found) == pytest.approx(expected)


def test_the_tokens_of_one_part_are_multiplied_alone() -> None:
    found, factors = drawn(with_uncertainty(docs__tokens="0.2"))
    assert tokens(found) == [1_000, pytest.approx(400 * factors["docs.tokens"]), None, None, 20]


@pytest.mark.parametrize("name", ["pool_size", "docs__pool_size"])
def test_pools_are_whole_and_never_empty(name: str) -> None:
    found, factors = drawn(with_uncertainty(**{name: "1"}))
    (factor,) = factors.values()
    assert found.prompt[1].pool == Zipf(size=max(round(50 * factor), 1))
    assert [p.pool for p in found.prompt if p.name != "docs"] == [None] * 4


def test_a_pool_of_one_stays_one() -> None:
    tiny = part("docs", "session", pool=Zipf(size=1))
    made = replace(workload(tiny), uncertainty=(("pool_size", Decimal(1)),))
    sizes = {drawn(made, seed)[0].prompt[0].pool.size for seed in range(30)}
    assert min(sizes) == 1


def test_several_inputs_are_drawn_independently() -> None:
    rng = np.random.default_rng(2)
    made = with_uncertainty(requests_per_day="0.2", output_tokens="0.2")
    logs = np.log([list(draw(made, rng)[1].values()) for _ in range(N)])
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0, abs=SIGMAS / math.sqrt(N))


def test_equal_seeds_draw_equal_inputs() -> None:
    made = with_uncertainty(**dict.fromkeys(INPUTS, "0.1"))
    assert drawn(made, 3) == drawn(made, 3)
    assert drawn(made, 3)[1] != drawn(made, 4)[1]


def test_drawn_inputs_keep_a_constant_constant() -> None:
    found, _ = drawn(with_uncertainty(prompt_tokens="0.2"))
    assert isinstance(found.prompt[0].tokens, Constant)
    assert isinstance(found.prompt[0], Part)


def test_the_vocabulary_of_workloads_loads_nothing_heavy() -> None:
    modules = (
        "arrivals, distributions, load, processes, profiles, schema, spec, stream, uncertainty"
    )
    code = (
        f"from promptcost.workload import {modules}; import sys; "
        "print(sorted({'numpy', 'pydantic', 'yaml', 'jinja2', 'tiktoken'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and code
    assert run.stdout == "[]\n"
