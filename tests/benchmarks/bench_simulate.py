"""Time the reference engine against a bare dictionary loop on the same requests.

    python tests/benchmarks/bench_simulate.py [REQUESTS]

The bare loop knows one prefix per request and one lifetime; it is what a throw-away script does.
Figures are CPU seconds of this process.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue import load_catalogue
from promptcost.model.prompt import Role
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.simulate import run_simulation
from promptcost.workload.distributions import Constant, Lognormal, Zipf
from promptcost.workload.spec import ArrivalProcess, Part, Traffic, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS = (
    "anthropic/claude-sonnet-5-5@5m",
    "anthropic/claude-sonnet-5-5@1h",
    "anthropic/claude-haiku-4-5@5m",
    "openai/gpt-6.1-sol@30m",
    "openai/gpt-4o",
)
DEPLOY = Stability(clock=Clock.DEPLOY)
REQUEST = Stability(audience=Audience.REQUEST)
AT = datetime(2026, 11, 20, tzinfo=UTC)


def workload(requests: int, *, sure: bool) -> Workload:
    """Return a month of a retrieval agent with a 20,000-token prefix."""
    return Workload(
        name="benchmark",
        traffic=Traffic(
            process=ArrivalProcess.POISSON,
            requests_per_day=Decimal(requests) / 30,
            start=date(2026, 11, 2),
        ),
        prompt=(
            Part(name="tools", role=Role.TOOLS, stability=DEPLOY, tokens=Constant(value=3_500)),
            Part(name="rules", role=Role.SYSTEM, stability=DEPLOY, tokens=Constant(value=16_500)),
            Part(
                name="passages",
                role=Role.USER,
                stability=REQUEST,
                tokens=Constant(value=2_400),
                pool=Zipf(size=4_000, exponent=1.0),
            ),
            Part(name="question", role=Role.USER, stability=REQUEST, tokens=Constant(value=90)),
        ),
        output_tokens=Lognormal(median=220, sigma=0.5),
        deploys_per_month=Decimal(6),
        targets=TARGETS,
        uncertainty=() if sure else (("requests_per_day", Decimal("0.2")),),
    )


def bare_loop(requests: int) -> int:
    """Count the hits of one prefix per request under one lifetime."""
    import numpy as np  # noqa: PLC0415 - as late as the command itself loads it

    rng = np.random.default_rng(0)
    times = np.cumsum(rng.exponential(30 * 86_400 / requests, requests)).tolist()
    items = rng.zipf(1.5, requests).tolist()
    ttl = timedelta(minutes=5).total_seconds()
    seen: dict[int, float] = {}
    hits = 0
    for now, item in zip(times, items, strict=True):
        last = seen.get(item)
        hits += last is not None and now - last <= ttl
        seen[item] = now
    return hits


def timed(action: Callable[[], object]) -> float:
    """Return the CPU seconds an action takes."""
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    """Print one line per case."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    catalogue, _ = load_catalogue()
    bare = timed(lambda: bare_loop(requests))
    for label, sure in (("one play of every request", True), ("with 100 replicates", False)):
        made = workload(requests, sure=sure)
        took = timed(lambda made=made: run_simulation(made, catalogue, at=AT))
        plays = requests * len(TARGETS)
        print(  # noqa: T201 - a script
            f"{label}: {requests:,} requests x {len(TARGETS)} targets in {took:.2f} s, "
            f"{took / plays * 1e6:.1f} us per request and target; "
            f"bare dictionary loop {bare / requests * 1e6:.2f} us per request"
        )


if __name__ == "__main__":
    main()
