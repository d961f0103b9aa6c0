"""Recorded requests as numbers: which blocks each holds, and how many tokens a block has.

Prompt text is read once and not kept.  Besides whole blocks, which marks close, a block is known
by pieces of 256 bytes, because caches without marks share what two texts begin with.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.model.recording import RecordId
from promptcost.wire import Kind, WireRequest, group, read_requests

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.tokens import TokenCounter
    from promptcost.wire import Step, WireBlock

REQUESTS = 10_000  # differences are paired, so few suffice
STEPS = 1_000_000  # pieces of all requests together, so that a tape takes little memory
WORK = 40_000_000  # steps of all plays together, about a minute
FEWEST = 20_000  # steps of a tape that many causes have to share
PER_REQUEST = 10  # what a request costs besides its pieces, in steps
PIECE = 256  # bytes, about 64 tokens

Mark = tuple[int, timedelta | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Take:
    """One request: its blocks by number, and where tools, system text and first question end.

    `marks` are (blocks before the mark, lifetime asked for).  `automatic` is the lifetime of a
    mark that the request asks for at its end, as a list of one; `shuts` says that it wants no mark
    of the provider's own.  `previous` is the number of the turn before, -1 for a first turn.
    """

    id: RecordId
    program: tuple[int, int]
    previous: int
    api: str
    model: str | None
    blocks: array[int]
    tools: int
    head: int
    opening: int
    marks: tuple[Mark, ...]
    automatic: tuple[timedelta | None, ...]
    shuts: bool
    time: datetime | None
    tenant: str
    user: str
    key: str
    settings: Mapping[str, str]
    images: bool

    @property
    def marked(self) -> bool:
        """Whether the request carries any mark."""
        return bool(self.marks or self.automatic)


@dataclass(slots=True)
class Blocks:
    """Every different block: bytes, pieces, and tokens by tokenizer."""

    sizes: list[int] = field(default_factory=list)
    pieces: list[tuple[bytes, ...]] = field(default_factory=list)
    tokens: dict[str, list[int]] = field(default_factory=dict)
    _derived: dict[tuple[int, ...], int] = field(default_factory=dict)

    def start(self, block: int, kept: int) -> int:
        """Return the block of what a text always says: so many of its bytes."""
        size = max(self.sizes[block], 1)
        return self._derive((block, kept), lambda tokens: tokens[block] * min(kept, size) // size)

    def rest(self, block: int, start: int) -> int:
        """Return the block of the tokens that a block has more than what it always says."""
        return self._derive(
            (block, start, -1), lambda tokens: max(tokens[block] - tokens[start], 0)
        )

    def _derive(self, key: tuple[int, ...], count: Callable[[list[int]], int]) -> int:
        known = self._derived.get(key)
        if known is None:
            known = self._derived[key] = len(self.sizes)
            self.sizes.append(0)
            self.pieces.append((known.to_bytes(8, "little"),))
            for tokens in self.tokens.values():
                tokens.append(count(tokens))
        return known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tape:
    """The requests in the order of their files; `number_of` finds them by their id."""

    takes: Sequence[Take]
    blocks: Blocks
    number_of: Mapping[RecordId, int]


def read_tape(paths: Iterable[Path], counters: Mapping[str, TokenCounter], plays: int = 1) -> Tape:
    """Read the requests of files, counted with every tokenizer, as many as are worth playing.

    The first ones are read where there are too many for the number of `plays`, at least one.
    Faults of the files were told when they were audited.
    """
    reader = _Reader(counters, min(STEPS, max(FEWEST, WORK // max(plays, 1))))
    for number, path in enumerate(paths):
        reader.read(number, path)
    numbers = {take.id: number for number, take in enumerate(reader.takes)}
    return Tape(takes=reader.takes, blocks=reader.blocks, number_of=numbers)


class _Reader:
    def __init__(self, counters: Mapping[str, TokenCounter], steps: int) -> None:
        self.takes: list[Take] = []
        self.blocks = Blocks(tokens={name: [] for name in counters})
        self._counters = counters
        self._numbers: dict[bytes, int] = {}
        self._pieces: dict[bytes, bytes] = {}
        self._left = steps

    def read(self, file: int, path: Path) -> None:
        room = REQUESTS - len(self.takes)
        places: dict[int, int] = {}
        for step in islice(group(_requests(path)), room):
            request = step.request
            self._left -= PER_REQUEST + sum(len(one.data) // PIECE + 1 for one in request.blocks)
            if self._left < 0 and self.takes:
                return
            previous = -1 if step.previous is None else places.get(step.previous.span.start, -1)
            places[request.span.start] = len(self.takes)
            self.takes.append(_take(file, step, previous, self._block))

    def _block(self, block: WireBlock) -> int:
        known = self._numbers.get(block.identity)
        if known is None:
            known = self._numbers[block.identity] = len(self.blocks.sizes)
            text = block.data.decode("utf-8", "replace")
            self.blocks.sizes.append(len(block.data))
            self.blocks.pieces.append(tuple(self._cut(block)))
            for name, counter in self._counters.items():
                self.blocks.tokens[name].append(counter.count(text).value)
        return known

    def _cut(self, block: WireBlock) -> Iterator[bytes]:
        """Yield the digests of the pieces; equal ones are one object."""
        kind = f"{block.role} {block.kind} {block.opens}".encode()
        for start in range(0, max(len(block.data), 1), PIECE):
            made = blake2b(kind + block.data[start : start + PIECE], digest_size=16).digest()
            yield self._pieces.setdefault(made, made)


def _requests(path: Path) -> Iterator[WireRequest]:
    return (item for item in read_requests(path) if isinstance(item, WireRequest))


def _take(file: int, step: Step, previous: int, number: Callable[[WireBlock], int]) -> Take:
    request = step.request
    blocks, own = request.blocks, request.automatic
    answers = (depth for depth, block in enumerate(blocks) if block.role is Role.ASSISTANT)
    marks = ((d, block.marker) for d, block in enumerate(blocks, start=1))
    return Take(
        id=(request.source, request.span.start),
        program=(file, step.program),
        previous=previous,
        api=request.api.value,
        model=request.model,
        blocks=array("I", map(number, blocks)),
        tools=sum(block.role is Role.TOOLS for block in request.head),
        head=request.head_depth,
        opening=next(answers, len(blocks)),
        marks=tuple((depth, mark.ttl) for depth, mark in marks if mark is not None),
        automatic=() if own is None else (own.ttl,),
        shuts=request.settings.get("prompt_cache_options.mode") == '"explicit"',
        time=request.time,
        tenant=request.tenant or "",
        user=request.user or "",
        key=request.cache_key or "",
        settings=request.settings,
        images=any(block.kind is Kind.IMAGE for block in blocks),
    )
