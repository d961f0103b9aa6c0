from __future__ import annotations

import pytest
from policies.cache_cases import Played, blocks_spec, chain, request

from promptcost.policies import Charge, EventKind


def served(blocks, *prompts):
    return Played(blocks_spec(blocks), [request(n, prompt) for n, prompt in enumerate(prompts)])


@pytest.mark.parametrize(
    ("tokens", "read"),
    [(15, 0), (16, 0), (17, 16), (32, 16), (33, 32), (1_600, 1_584)],
)
def test_a_repeated_prompt_hits_full_blocks_but_never_the_last_token(tokens, read):
    assert served(None, *[chain(("same", tokens))] * 2).charges[1] == Charge(read, tokens - read)


def test_blocks_are_counted_across_parts():
    prompts = [chain(("system", 20), ("rules", 20), (f"q{n}", 30)) for n in range(2)]
    assert served(None, *prompts).reads == [0, 32]


def test_a_block_that_straddles_two_parts_belongs_to_the_later_one():
    prompts = [chain(("system", 24), (f"q{n}", 24)) for n in range(2)]
    assert served(None, *prompts).reads == [0, 16]


def test_a_request_larger_than_the_pool_is_refused_and_changes_nothing():
    small, large = chain(("small", 64)), chain(("small", 64), ("large", 100))
    played = served(8, small, large, small)
    assert played.charges == [Charge(0, 64), Charge(0, 164), Charge(48, 16)]
    assert played.kinds(1) == [EventKind.REFUSE]


def test_a_request_as_large_as_the_pool_is_served():
    assert served(4, *[chain(("all", 64))] * 2).reads == [0, 48]


def test_the_longest_unused_goes_first():
    a, b, c = (chain((name, 32)) for name in "abc")
    assert served(4, a, b, c, b, a).reads == [0, 0, 0, 16, 0]


def test_the_tail_of_a_chain_goes_before_its_beginning():
    long, other = chain(("long", 64)), chain(("other", 32))
    assert served(5, long, other, long).reads == [0, 0, 48]
    assert served(4, long, other, long).reads == [0, 0, 32]


def test_use_keeps_a_chain():
    a, b, c = (chain((name, 48)) for name in "abc")
    assert served(6, a, b, a, c, a).reads == [0, 0, 32, 0, 32]


def test_the_partial_block_is_taken_first():
    # 3 blocks: the partial block of every request uses the same one again
    prompts = [chain(("kept", 17)), chain(("other", 10)), chain(("third", 10)), chain(("kept", 17))]
    assert served(3, *prompts).reads == [0, 0, 0, 16]


def test_evictions_are_reported_with_their_tokens():
    played = served(4, chain(("a", 64)), chain(("b", 32)))
    evicted = [event.tokens for event in played.events[1] if event.kind is EventKind.EVICT]
    assert evicted == [32]


def test_an_unbounded_pool_evicts_nothing():
    prompts = [chain((f"{n}", 1_000)) for n in range(100)]
    assert served(None, *prompts).count(EventKind.EVICT) == 0


def test_closing_owes_nothing():
    played = Played(blocks_spec(4), [], end_us=1)
    assert not played.closing.usage
    assert played.policy.shortfalls == {}
