"""Public traces give the numbers published with them, through the policies the simulator uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from policies.cache_cases import (
    FIVE_MINUTES,
    HOUR,
    NEVER,
    Played,
    blocks_spec,
    breakpoint_spec,
    increment_spec,
)
from trace_data import coding_sessions, conversations

from promptcost.model.prompt import Breakpoint

SIZE = 512
TOTAL = 61_194_628


@pytest.fixture(scope="module")
def trace():
    return list(conversations())


def ttl_spec(idle, age=None, step=SIZE):
    return increment_spec(min_tokens=step, step=step, idle_ttl=idle, max_age=age)


def test_the_trace_is_whole(trace):
    assert len(trace) == 3_993
    assert sum(one.prefix.tokens for one in trace) == TOTAL


@pytest.mark.parametrize(
    ("blocks", "hits", "ratio"),
    [(1_000, 10_366, 0.086730), (10_000, 52_950, 0.443019), (None, 77_740, 0.650431)],
)
def test_block_pools_hit_as_vllm_does(trace, blocks, hits, ratio):
    read = sum(Played(blocks_spec(blocks, SIZE), trace).reads)
    assert read == hits * SIZE
    assert round(read / TOTAL, 6) == ratio


@pytest.mark.parametrize(("seconds", "hits"), [(60, 39_124), (300, 71_046), (3_600, 77_740)])
def test_lifetimes_refreshed_by_use(trace, seconds, hits):
    played = Played(ttl_spec(timedelta(seconds=seconds)), trace)
    assert sum(played.reads) == hits * SIZE


def test_a_lifetime_not_refreshed_by_use(trace):
    played = Played(ttl_spec(NEVER, timedelta(seconds=300)), trace)
    assert sum(played.reads) == 62_348 * SIZE


def test_marks_behind_every_block_read_the_same_full_blocks(trace):
    spec = breakpoint_spec(max_breakpoints=10_000, lookback=1)
    played = Played(spec, map(marked_everywhere, trace))
    assert sum(read // SIZE for read in played.reads) == 71_046


def marked_everywhere(one):
    marks = [Breakpoint(prefix=link) for link in one.prefix.chain() if link.depth]
    return replace(one, breakpoints=tuple(reversed(marks)))


@pytest.fixture(scope="module")
def sessions():
    return list(coding_sessions())


@pytest.mark.parametrize(
    ("idle", "hits", "write_price", "cost"),
    [
        (FIVE_MINUTES, 408_486_016, 1.25, 0.217308),
        (HOUR, 432_033_792, 2.0, 0.195457),
        (NEVER, 435_706_112, 0.0, 0.095783),
    ],
)
def test_coding_sessions(sessions, idle, hits, write_price, cost):
    played = [Played(ttl_spec(idle, step=64), session) for session in sessions]
    read = sum(sum(one.reads) for one in played)
    written = sum(sum(one.uncached) for one in played)
    assert read == hits
    assert read + written == 454_887_656
    assert round((0.1 * read + write_price * written) / (read + written), 6) == cost
