"""Equal id if and only if equal prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.model.prompt import (
    Block,
    Breakpoint,
    Isolation,
    Prefix,
    Request,
    Role,
    Scope,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

texts = st.tuples(st.sampled_from(Role), st.sampled_from([b"", b"a", b"b", b"ab", b"ba"]))
prompts = st.lists(texts, max_size=4)
keys = st.lists(st.sampled_from(["", "t1", "t", "1"]), max_size=2)


def chain(prompt: Sequence[tuple[Role, bytes]], extra: Sequence[str] = ()) -> Prefix:
    blocks = (Block.of(role, data, tokens=len(data)) for role, data in prompt)
    return Prefix.root(*extra).extend_all(blocks)


@given(keys, prompts, keys, prompts)
def test_equal_id_means_equal_prefix(
    extra: list[str],
    one: list[tuple[Role, bytes]],
    other_extra: list[str],
    other: list[tuple[Role, bytes]],
) -> None:
    same = (extra, one) == (other_extra, other)
    assert (chain(one, extra).id == chain(other, other_extra).id) is same
    assert (chain(one, extra) == chain(other, other_extra)) is same
    assert (hash(chain(one, extra)) == hash(chain(other, other_extra))) is same


@given(prompts, prompts, prompts)
def test_the_shared_prefix_is_the_longest(
    head: list[tuple[Role, bytes]], one: list[tuple[Role, bytes]], other: list[tuple[Role, bytes]]
) -> None:
    shared = chain(head + one).shared_with(chain(head + other))
    count = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    assert shared == chain(head + one[:count])


def test_other_extra_keys_share_nothing() -> None:
    prompt = [(Role.USER, b"a")]
    assert chain(prompt, ["t1"]).shared_with(chain(prompt, ["t2"])) is None


@given(prompts)
def test_a_chain_counts_its_blocks(prompt: list[tuple[Role, bytes]]) -> None:
    made = chain(prompt)
    assert made.depth == len(prompt)
    assert made.tokens == made.size == sum(len(data) for _, data in prompt)
    assert [link.depth for link in made.chain()] == list(range(len(prompt), -1, -1))


@given(prompts, st.integers(0, 4))
def test_a_chain_knows_its_prefixes(prompt: list[tuple[Role, bytes]], depth: int) -> None:
    made = chain(prompt)
    if depth <= len(prompt):
        assert made.at(depth) == chain(prompt[:depth])
    else:
        with pytest.raises(IndexError, match=f"has no prefix of {depth}"):
            made.at(depth)


def test_a_prefix_equals_nothing_but_a_prefix() -> None:
    made = chain([(Role.USER, b"a")])
    assert made != made.id


def test_links_are_shared_not_copied() -> None:
    made = chain([(Role.USER, b"a")])
    assert made.extend(Block.of(Role.USER, b"b", 1)).parent is made


def test_moving_a_boundary_changes_a_digest() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert digest(b"ab") != digest(b"a", b"b")
    assert digest() != digest(b"")


def test_a_role_is_part_of_a_block() -> None:
    assert Block.of(Role.USER, b"a", 1).digest != Block.of(Role.SYSTEM, b"a", 1).digest


def test_a_lone_surrogate_can_be_an_extra_key() -> None:
    assert Prefix.root("\ud800") != Prefix.root("?")


def test_a_request_has_harmless_defaults() -> None:
    prefix = Prefix.root()
    request = Request(time_us=0, prefix=prefix, output_tokens=1)
    assert request.scope == Scope(tenant=0, user=0, workspace=0)
    assert request.breakpoints == ()
    assert Breakpoint(prefix=prefix).ttl is None
    assert [str(group) for group in Isolation] == ["organization", "workspace", "tenant", "user"]
