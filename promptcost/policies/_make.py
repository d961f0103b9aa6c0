"""From the semantics of a provider to the policy that carries them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from promptcost.catalogue.spec import (
    BlocksSpec,
    BreakpointSpec,
    CachePolicySpec,
    HandleSpec,
    IncrementSpec,
    NoCacheSpec,
    UnitSpec,
)
from promptcost.policies.blocks import BlocksPolicy
from promptcost.policies.breakpoint import BreakpointPolicy
from promptcost.policies.handle import HandlePolicy
from promptcost.policies.increment import IncrementPolicy
from promptcost.policies.none import NoCachePolicy
from promptcost.policies.unit import UnitPolicy

if TYPE_CHECKING:
    from promptcost.policies._base import Policy, Random


def make_policy(spec: CachePolicySpec, rng: Random) -> Policy[Any]:
    """Return an empty cache with the semantics of `spec`; `rng` serves knobs that are chances."""
    match spec:
        case NoCacheSpec():
            return NoCachePolicy()
        case BreakpointSpec():
            return BreakpointPolicy(spec)
        case IncrementSpec():
            return IncrementPolicy(spec, rng)
        case UnitSpec():
            return UnitPolicy(spec)
        case HandleSpec():
            return HandlePolicy(spec)
        case BlocksSpec():
            return BlocksPolicy(spec)
        case _:
            assert_never(spec)
