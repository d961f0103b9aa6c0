"""Peak memory and time of reading, grouping and comparing request logs of growing size.

Run ``python tests/benchmarks/bench_wire.py``.  Each size is measured in a process of its own; the
log is generated: eight interleaved agent sessions whose histories grow and start again.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from promptcost.errors import Problem
from promptcost.wire import first_difference, group, read_requests

MEGABYTE = 1 << 20
SESSIONS = 8
TURNS = 40


def body(session: int, run: int, turn: int) -> dict[str, object]:
    """Return the request of one turn: a fixed head and a history that grows by two messages."""
    tools = [
        {
            "name": f"tool_{i}",
            "description": f"Reads part {i} of the project and reports what it found. " * 8,
            "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}},
        }
        for i in range(12)
    ]
    system = [{"type": "text", "text": "Keep answers short, name the file you mean. " * 200}]
    messages = [{"role": "user", "content": f"Session {session}, run {run}: fix the test."}]
    for i in range(turn):
        call = {"type": "tool_use", "id": f"c{i}", "name": "tool_1", "input": {"path": f"m{i}.py"}}
        result = f"line {i} of run {run}, session {session}\n" * 20
        messages += [
            {"role": "assistant", "content": [{"type": "text", "text": f"Step {i}."}, call]},
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": f"c{i}", "content": result}],
            },
        ]
    return {"model": "claude-sonnet-5-5", "tools": tools, "system": system, "messages": messages}


def write_log(path: Path, size: int) -> None:
    """Write at least `size` bytes of interleaved sessions."""
    with path.open("w") as stream:
        run = 0
        while stream.tell() < size:
            for turn in range(TURNS):
                for session in range(SESSIONS):
                    if stream.tell() < size:
                        stream.write(json.dumps({"request": body(session, run, turn)}) + "\n")
            run += 1


def measure(path: Path) -> None:
    """Read, group and compare one log and print a line of figures."""
    start, conversations, requests, changed = perf_counter(), set(), 0, 0
    read = (item for item in read_requests(path) if not isinstance(item, Problem))
    for step in group(read):
        requests += 1
        conversations.add(step.conversation)
        found = step.previous and first_difference(step.previous, step.request)
        changed += bool(found) and found.change != "appended"
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201 - what a benchmark is for
        f"{path.stat().st_size / MEGABYTE:6.1f} MB  {requests:5d} requests  "
        f"{len(conversations):4d} conversations  {changed} changed  "
        f"{seconds:6.2f} s  peak {peak:6.1f} MB"
    )


def main() -> None:
    """Measure the sizes asked for, or one existing log in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 10, 40])
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    if arguments.log:
        measure(arguments.log)
        return
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in arguments.megabytes:
            path = Path(folder) / f"{megabytes}.jsonl"
            write_log(path, megabytes * MEGABYTE)
            command = [sys.executable, __file__, "--log", str(path)]
            subprocess.run(command, check=True)  # noqa: S603 - this script with its own file


if __name__ == "__main__":
    main()
