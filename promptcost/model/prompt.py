"""A request as a chain of prefixes.

The identity of a prefix is ``digest(parent, block, extra keys)``, the construction of vLLM's block
hash: equal ids if and only if the whole prefixes are equal, up to collisions of a 128-bit digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PrefixId = NewType("PrefixId", bytes)
BlockDigest = NewType("BlockDigest", bytes)

DIGEST_BYTES = 16


class Role(StrEnum):
    """Who speaks in a block, in the order in which providers hash them."""

    TOOLS = "tools"
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


def digest(*parts: bytes) -> bytes:
    """Return a digest of the parts; their lengths count, so moving a boundary changes it."""
    state = blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One unit a provider can cache up to: role, digest of its bytes, size in bytes, tokens."""

    role: Role
    digest: BlockDigest
    tokens: int
    size: int = 0
    name: str = ""

    @classmethod
    def of(cls, role: Role, data: bytes, tokens: int, name: str = "") -> Block:
        """Make the block of some bytes."""
        made = BlockDigest(digest(role.encode(), data))
        return cls(role=role, digest=made, tokens=tokens, size=len(data), name=name)


@dataclass(frozen=True, slots=True, eq=False)
class Prefix:
    """A chain of blocks: identity, cumulative tokens and bytes, depth, and the chain before it.

    Chains share their parents, so a conversation of n turns takes n links.  Two prefixes are equal
    iff their ids are; the root (depth 0) carries the extra keys: model, tools, tenant, salt.
    """

    id: PrefixId
    tokens: int
    size: int
    depth: int
    parent: Prefix | None = field(repr=False)
    block: Block | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prefix) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @staticmethod
    def root(*extra_keys: str) -> Prefix:
        """Return the empty chain of a partition of the cache."""
        made = PrefixId(
            digest(b"root", *(key.encode("utf-8", "surrogatepass") for key in extra_keys))
        )
        return Prefix(made, 0, 0, 0, None, None)

    def extend(self, block: Block) -> Prefix:
        """Return the chain with one more block."""
        # An id has a fixed length, so the boundary between the two is not in doubt.
        made = PrefixId(blake2b(self.id + block.digest, digest_size=DIGEST_BYTES).digest())
        tokens, size = self.tokens + block.tokens, self.size + block.size
        return Prefix(made, tokens, size, self.depth + 1, self, block)

    def extend_all(self, blocks: Iterable[Block]) -> Prefix:
        """Return the chain with the blocks appended in order."""
        chain = self
        for block in blocks:
            chain = chain.extend(block)
        return chain

    def chain(self) -> Iterator[Prefix]:
        """Yield this prefix and every shorter one down to the root, longest first."""
        link: Prefix | None = self
        while link is not None:
            yield link
            link = link.parent

    def at(self, depth: int) -> Prefix:
        """Return the prefix of this chain with `depth` blocks.  Raises IndexError when longer."""
        for link in self.chain():
            if link.depth == depth:
                return link
        message = f"a chain of {self.depth} blocks has no prefix of {depth}"
        raise IndexError(message)

    def shared_with(self, other: Prefix) -> Prefix | None:
        """Return the longest common prefix; None when even the extra keys differ."""
        depth = min(self.depth, other.depth)
        ours, theirs = self.at(depth), other.at(depth)
        for mine, yours in zip(ours.chain(), theirs.chain(), strict=True):
            if mine.id == yours.id:
                return mine
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """An explicit cache mark: the prefix it closes, the lifetime it asks for (None = default)."""

    prefix: Prefix
    ttl: timedelta | None = None
    name: str = ""


class Isolation(StrEnum):
    """The widest group of callers that share entries of a cache."""

    ORGANIZATION = "organization"
    WORKSPACE = "workspace"
    TENANT = "tenant"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom a request belongs to; equal numbers mean the same tenant, user, workspace."""

    tenant: int = 0
    user: int = 0
    workspace: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call: arrival in microseconds since the period began, chain, marks, output tokens."""

    time_us: int
    prefix: Prefix
    output_tokens: int
    scope: Scope = Scope()
    conversation: int = 0
    breakpoints: tuple[Breakpoint, ...] = ()
