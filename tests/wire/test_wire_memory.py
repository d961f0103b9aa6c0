"""A log streams: what is held does not grow with the file."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from promptcost.errors import Problem
from promptcost.wire import GroupLimits, ReadLimits, first_difference, group, read_requests

LIMITS = GroupLimits(conversations=4, bytes=200_000)
TURN = "a line of a tool result that says what was found\n" * 40


def record(session: int, turn: int) -> bytes:
    messages = [
        {"role": ("user", "assistant")[i % 2], "content": f"{session} {i} {TURN}"}
        for i in range(2 * turn + 1)
    ]
    return json.dumps({"model": "gpt-5", "messages": messages, "n": 1}).encode()


def peak(path) -> int:
    tracemalloc.start()
    try:
        read = (item for item in read_requests(path) if not isinstance(item, Problem))
        for step in group(read, LIMITS):
            assert step.previous is None or first_difference(step.previous, step.request)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("opening", "between", "closing"),
    [(b"", b"\n", b"\n"), (b"[\n", b",\n", b"]\n")],
)
def test_four_times_the_log_takes_the_same_memory(tmp_path, opening, between, closing):
    sizes = []
    for sessions in (8, 32):
        path = tmp_path / f"{sessions}.json"
        records = [record(session, turn) for session in range(sessions) for turn in range(6)]
        path.write_bytes(opening + between.join(records) + closing)
        sizes.append((path.stat().st_size, peak(path)))
    (small, small_peak), (large, large_peak) = sizes
    assert large > 3.9 * small > 10**6
    assert large_peak < 1.2 * small_peak
    assert large_peak < large / 2


def test_a_line_of_many_megabytes_is_not_held(tmp_path):
    path = tmp_path / "line.jsonl"
    path.write_bytes(b'{"messages":["' + b"x" * 20_000_000 + b'"]}\n')
    tracemalloc.start()
    try:
        (problem,) = read_requests(path, ReadLimits(record_bytes=1_000_000))
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(problem, Problem)
    assert "19.1 MB is above the limit" in problem.message
    assert held < 5_000_000
