"""The chain of prefixes of a recorded request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.prompt import Block, Breakpoint, Prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promptcost.wire.block import WireBlock, WireRequest


def no_tokens(_block: WireBlock) -> int:
    """Count nothing, for comparisons that need identity and bytes only."""
    return 0


def prefix_of(
    request: WireRequest,
    tokens: Callable[[WireBlock], int] = no_tokens,
    keys: Sequence[str] = (),
) -> Prefix:
    """Return the chain of a request; equal ids mean equal prompt bytes up to that block.

    The root carries the API and the model; `keys` adds what else splits the cache (tenant, cache
    key, settings).  Marks never count.
    """
    root = Prefix.root(request.api, request.model or "", *keys)
    return root.extend_all(_block(block, tokens) for block in request.blocks)


def breakpoints_of(request: WireRequest, prefix: Prefix) -> tuple[Breakpoint, ...]:
    """Return the explicit marks of a request as breakpoints of its chain, in hash order."""
    links = reversed([link for link in prefix.chain() if link.block is not None])
    return tuple(
        Breakpoint(prefix=link, ttl=block.marker.ttl, name=block.marker.json_path)
        for link, block in zip(links, request.blocks, strict=True)
        if block.marker is not None
    )


def _block(block: WireBlock, tokens: Callable[[WireBlock], int]) -> Block:
    return Block(
        role=block.role,
        digest=block.identity,
        tokens=tokens(block),
        size=len(block.data),
        name=block.json_path,
    )
