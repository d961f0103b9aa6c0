"""Requests a second and peak memory of the request stream, for layouts of different stability.

Run ``python tests/benchmarks/bench_stream.py``.  CPU seconds of the best of several runs.
"""

from __future__ import annotations

import argparse
import resource
import sys
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from workload_examples import history, part, people, talks, workload

from promptcost.model.prompt import Isolation
from promptcost.workload.arrivals import arrivals
from promptcost.workload.distributions import Lognormal, Zipf
from promptcost.workload.stream import declared, requests

if TYPE_CHECKING:
    from promptcost.workload.spec import Workload

PLACEMENT = (("system", None), ("history", None))


def chat(system: str, turns: float) -> Workload:
    """Return a chat of five parts: tools, system, a document, the history and the question."""
    return workload(
        part("tools", "deploy", 1_800),
        part("system", system, 500),
        part("docs", "session", 6_000, pool=Zipf(size=400, exponent=1.1)),
        history("question"),
        part("question", "request", 120),
        per_day=5_000,
        conversation=talks(turns, 45),
        population=people(tenants=40, users=9_000),
        output_tokens=Lognormal(median=300, sigma=0.6),
    )


def measure(label: str, made: Workload, runs: int) -> None:
    """Print one line for a workload."""
    began = process_time()
    arrived = arrivals(made, np.random.default_rng(1))
    drawn = process_time() - began
    layout = tuple(declared(found) for found in made.prompt)
    best = float("inf")
    for _ in range(runs):
        began = process_time()
        for _request in requests(made, arrived, layout, PLACEMENT, Isolation.TENANT):
            pass
        best = min(best, process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rate = len(arrived) / best
    print(f"{label:32} {len(arrived):9,} drawn in {drawn:.2f} s {rate:9,.0f}/s {memory:5} MB")  # noqa: T201 - a benchmark's output


def main() -> None:
    """Measure every layout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    measure("static system, one request", chat("static", 1), runs)
    measure("static system, six turns", chat("static", 6), runs)
    measure("static system, 200 turns", chat("static", 200), runs)
    measure("clock of seconds, six turns", chat("second", 6), runs)
    measure("clock of seconds, 200 turns", chat("second", 200), runs)
    month = chat("second", 6)
    million = replace(month.traffic, requests_per_day=month.traffic.requests_per_day * 7)
    measure("a million, clock of seconds", replace(month, traffic=million), 1)


if __name__ == "__main__":
    main()
