"""Whether two requests say the same to a model but for the order of tools and of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.series.repair.order import said_by
from promptcost.model.prompt import Role

if TYPE_CHECKING:
    from promptcost.wire import WireRequest


def say_the_same(one: WireRequest, other: WireRequest) -> bool:
    """Say whether two requests hold the same tools and then the same blocks, in the same place.

    Marks do not count; everything beside the prompt must be equal.
    """
    return _around(one) == _around(other) and _said(one) == _said(other)


def _around(request: WireRequest) -> tuple[object, ...]:
    return (
        request.api,
        request.model,
        dict(request.settings),
        request.cache_key,
        request.time,
        request.session,
        request.user,
        request.tenant,
        request.body_path,
    )


def _said(request: WireRequest) -> tuple[list[str], list[object]]:
    tools = sorted(said_by(block) for block in request.blocks if block.role is Role.TOOLS)
    rest: list[object] = [
        (block.role, block.kind, block.opens, said_by(block), block.text)
        for block in request.blocks
        if block.role is not Role.TOOLS
    ]
    return tools, rest
