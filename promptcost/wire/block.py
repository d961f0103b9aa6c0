"""What a recorded request is made of, whatever API it was written for.

Blocks stand in the order in which providers hash them: tools, system, messages (Anthropic prompt
caching guide; OpenAI's prompt caching guide shows the same order).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from promptcost.errors import Problem
from promptcost.model.prompt import BlockDigest, Role, digest
from promptcost.model.span import Span


class Api(StrEnum):
    """The request formats that can be read."""

    ANTHROPIC_MESSAGES = "anthropic.messages"
    OPENAI_CHAT = "openai.chat"
    OPENAI_RESPONSES = "openai.responses"
    GEMINI = "gemini.generateContent"
    BEDROCK_CONVERSE = "bedrock.converse"


class Kind(StrEnum):
    """What a block is, in words that hold for every API."""

    TEXT = "text"
    TOOL_DEFINITION = "tool_definition"
    TOOL_USE = "tool_use"
    TOOL_RESULT = "tool_result"
    THINKING = "thinking"
    IMAGE = "image"
    FILE = "file"
    OTHER = "other"


class MarkerStyle(StrEnum):
    """How a cache mark is written."""

    CACHE_CONTROL = "cache_control"
    PROMPT_CACHE_BREAKPOINT = "prompt_cache_breakpoint"
    CACHE_POINT = "cachePoint"
    IMPLICIT = "prompt_cache_options"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A cache mark, where it stands, and its lifetime (None = the provider's default)."""

    style: MarkerStyle
    json_path: str
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WireBlock:
    """One unit of a prompt and the bytes of it that take part in the prompt.

    `data` is a head (compact JSON of the fields beside the text; often empty) followed by the text
    in UTF-8; a block without text is all head.  Protocol fields of a head are sorted by name, what
    callers fill in freely (schemas, arguments, tool definitions) keeps its key order, because a
    changed order changes the prompt.  Encoded pictures and files are replaced by their digest.
    `json_path` names the text, `base_path` the object around it, both from the body.
    `opens`: the block is the first of its message, a boundary that is part of the prompt.
    `ignored`: paths of fields that are no prompt text (ids of messages, nulls).
    """

    role: Role
    kind: Kind
    json_path: str
    base_path: str
    data: bytes
    head_size: int
    has_text: bool
    opens: bool = False
    name: str = ""
    marker: Marker | None = None
    ignored: tuple[str, ...] = ()
    digest: BlockDigest = field(init=False)

    def __post_init__(self) -> None:
        head, text = self.data[: self.head_size], self.data[self.head_size :]
        made = digest(self.role.encode(), self.kind.encode(), head, text)
        object.__setattr__(self, "digest", BlockDigest(made))

    @property
    def identity(self) -> BlockDigest:
        """The digest of the block where it stands: content and message boundary."""
        return BlockDigest(digest(self.digest)) if self.opens else self.digest

    @property
    def text(self) -> str | None:
        """The human text of the block, None when it has none."""
        return self.data[self.head_size :].decode() if self.has_text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """A recorded request: blocks in hash order and everything else that decides about a hit.

    `settings` maps dotted body paths to canonical JSON for the parameters that some provider lets
    invalidate a cache.  `automatic` is a request-level mark.  `cache_key` partitions or routes;
    `cache_key_path` is its place in the body, "" when it stands elsewhere.
    `line` is the 1-based line of the record, `span` its byte range in the file, `body_path` the
    path of the body inside the record ("" when bare).  What a record does not tell is None.
    """

    api: Api
    blocks: tuple[WireBlock, ...]
    source: str
    line: int
    span: Span
    body_path: str = ""
    model: str | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    automatic: Marker | None = None
    cache_key: str | None = None
    cache_key_path: str = ""
    time: datetime | None = None
    session: str | None = None
    user: str | None = None
    tenant: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def size(self) -> int:
        """The number of prompt bytes."""
        return sum(len(block.data) for block in self.blocks)

    @property
    def markers(self) -> tuple[Marker, ...]:
        """The explicit marks in hash order."""
        return tuple(block.marker for block in self.blocks if block.marker is not None)

    @property
    def head(self) -> tuple[WireBlock, ...]:
        """The tools and the system text that stands before the first message."""
        return self.blocks[: self.head_depth]

    @property
    def messages(self) -> tuple[WireBlock, ...]:
        """The blocks after the head."""
        return self.blocks[self.head_depth :]

    @property
    def head_depth(self) -> int:
        """The number of blocks in the head."""
        fixed = (Role.TOOLS, Role.SYSTEM)
        depths = (i for i, block in enumerate(self.blocks) if block.role not in fixed)
        return next(depths, len(self.blocks))
