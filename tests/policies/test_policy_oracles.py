"""The policies against literal restatements of their rules, on small generated cases."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from policies.cache_cases import (
    Played,
    blocks_spec,
    breakpoint_spec,
    chain,
    increment_spec,
    request,
)
from policies.naive_caches import NaiveBreakpoints, NaiveIncrements, NaivePool

from promptcost.policies import micros

SHORT, LONG = timedelta(microseconds=5), timedelta(microseconds=12)
MANY = settings(max_examples=200, deadline=None)

A, B, C, D = ("a", 3), ("b", 5), ("c", 8), ("d", 2)
parts = st.sampled_from([A, B, C, D])
prompts = st.lists(parts, min_size=1, max_size=6).map(tuple)
gaps = st.integers(0, 8)
marks = st.lists(st.integers(1, 6), max_size=4, unique=True).map(sorted)


@st.composite
def marked_requests(draw):
    prompt = draw(prompts)
    depths = [depth for depth in draw(marks) if depth <= len(prompt)]
    long = draw(st.integers(0, 4))
    lifetimes = [LONG if n < long else None for n in range(len(depths))]
    return draw(gaps), prompt, list(zip(depths, lifetimes, strict=True))


@MANY
@given(
    stream=st.lists(marked_requests(), min_size=1, max_size=12),
    minimum=st.sampled_from([0, 6, 10]),
    most=st.integers(1, 4),
    window=st.integers(1, 4),
    refreshed=st.booleans(),
    delay=st.sampled_from([0, 1, 3]),
)
def test_breakpoints_as_stated(stream, minimum, most, window, refreshed, delay):  # noqa: PLR0913, PLR0917 - knobs
    spec = breakpoint_spec(
        ttl=SHORT,
        min_tokens=minimum,
        max_breakpoints=most,
        lookback=window,
        refreshed_by_use=refreshed,
        readable_after=timedelta(microseconds=delay),
    )
    naive = NaiveBreakpoints(
        ttl=SHORT, minimum=minimum, most=most, window=window, refreshed=refreshed,
        readable_after=delay,
    )  # fmt: skip
    naive.default_ttl = micros(SHORT)
    played, now = Played(spec, []), 0
    for gap, prompt, at in stream:
        now += gap
        played.serve(request(now, chain(*prompt), *at))
        in_micros = [(depth, ttl and micros(ttl)) for depth, ttl in at]
        read, uncached, written = naive.serve(now, prompt, in_micros)
        charge = played.charges[-1]
        assert (charge.read, charge.uncached) == (read, uncached)
        assert {micros(ttl): size for ttl, size in played.writes[-1].items()} == written


@MANY
@given(
    stream=st.lists(st.tuples(gaps, prompts), min_size=1, max_size=20),
    minimum=st.sampled_from([1, 6]),
    step=st.sampled_from([1, 4]),
    idle=st.sampled_from([4, 10, 1_000]),
    age=st.sampled_from([None, 9, 25]),
    delay=st.sampled_from([0, 2]),
)
def test_increments_as_stated(stream, minimum, step, idle, age, delay):  # noqa: PLR0913, PLR0917 - knobs
    spec = increment_spec(
        min_tokens=minimum,
        step=step,
        idle_ttl=timedelta(microseconds=idle),
        max_age=None if age is None else timedelta(microseconds=age),
        readable_after=timedelta(microseconds=delay),
    )
    naive = NaiveIncrements(minimum=minimum, step=step, idle=idle, age=age, readable_after=delay)
    played, now = Played(spec, []), 0
    for gap, prompt in stream:
        now += gap
        played.serve(request(now, chain(*prompt)))
        assert played.reads[-1] == naive.serve(now, prompt)


@MANY
@given(
    stream=st.lists(prompts, min_size=1, max_size=40),
    blocks=st.integers(1, 14),
    size=st.sampled_from([2, 3, 4]),
)
@example(stream=[(C, B), (C,), (C, B)], blocks=4, size=4)  # a spare copy in front of a longer chain
@example(stream=[(C, B), (C,), (D,), (C, B), (A,), (C, B)], blocks=5, size=4)
def test_the_pool_as_stated(stream, blocks, size):
    naive = NaivePool(blocks, size)
    played = Played(blocks_spec(blocks, size), [])
    for now, prompt in enumerate(stream):
        played.serve(request(now, chain(*prompt)))
        assert played.reads[-1] == (naive.serve(prompt) or 0)
        held = sum(run.blocks for run in played.policy._queue)
        assert held + played.policy._blank == blocks
