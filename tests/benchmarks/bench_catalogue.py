"""CPU time of loading price cards in a fresh process: one provider, all, and all without compiling.

Each case runs in turn in fresh processes, imports included, less a bare interpreter; the least of
the runs is compared with its bound, because a busy machine only ever adds.  Exits 1 above a bound.
Usage: ``python bench_catalogue.py [RUNS]``.
"""

from __future__ import annotations

import subprocess
import sys

RUNS = 7
BOUND_MS = {"one provider": 120.0, "whole catalogue": 150.0, "whole, not compiled": 1_500.0}
HEAD = "from promptcost.catalogue import load_catalogue\n"
CASES = {
    "one provider": HEAD + "load_catalogue()[0].targets('anthropic/*')",
    "whole catalogue": HEAD + "load_catalogue()[0].targets()",
    "whole, not compiled": HEAD + "from promptcost.catalogue import _load\n"
    "_load.COMPILED = 'nothing'\nload_catalogue()[0].targets()",
}
TIMED = "import time\nstart = time.process_time()\n{}\nprint(time.process_time() - start)"


def milliseconds(code: str) -> float:
    """Return the CPU time of a piece of code in a fresh interpreter."""
    command = [sys.executable, "-c", TIMED.format(code)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout) * 1_000


def main() -> int:
    """Print every case beside its bound."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    least = {name: min(milliseconds(code) for _ in range(runs)) for name, code in CASES.items()}
    for name, value in least.items():
        print(f"{name:20} {value:7.1f} ms CPU   bound {BOUND_MS[name]:7.1f} ms")  # noqa: T201
    return int(any(value > BOUND_MS[name] for name, value in least.items()))


if __name__ == "__main__":
    sys.exit(main())
