"""The pieces of a prompt as blocks, and the trunk: the chains that many requests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promptcost.model.prompt import Block, BlockDigest, Breakpoint, Prefix, digest
from promptcost.workload._columns import last_uses, refine

if TYPE_CHECKING:
    from datetime import timedelta

    from promptcost.model.prompt import Role
    from promptcost.workload.distributions import Numbers

_WORD = 8  # bytes of a column's entry

Mark = tuple[str, "timedelta | None"]
Marked = tuple[Prefix, tuple[Breakpoint, ...]]


class Piece:
    """Makes the blocks of one piece of the prompt, for a chunk of requests at a time.

    A block's digest is the piece's own digest followed by its columns' entries: equal digests mean
    equal text, and nothing needs hashing.
    """

    __slots__ = ("_raw", "_seed", "_sizes", "_width", "columns", "name", "role", "tokens")

    def __init__(
        self, role: Role, name: str, index: int, columns: list[Numbers], tokens: Numbers
    ) -> None:
        self.role = role
        self.name = name
        self.columns = columns
        self.tokens = tokens
        self._seed = digest(role.encode(), name.encode(), index.to_bytes(4, "little"))
        self._width = len(columns) * _WORD
        self._raw = b""
        self._sizes: list[int] = []

    def load(self, low: int, high: int) -> None:
        """Prepare the requests from `low` to before `high`."""
        self._sizes = self.tokens[low:high].tolist()
        if self.columns:
            self._raw = np.stack([column[low:high] for column in self.columns], axis=1).tobytes()

    def block(self, row: int) -> Block:
        """Return the block of a request, counted from `low`."""
        made = BlockDigest(self._seed + self._raw[row * self._width : (row + 1) * self._width])
        return Block(role=self.role, digest=made, tokens=self._sizes[row], name=self.name)


class SharedPiece(Piece):
    """A piece whose text many requests share: those of a chunk get the same block object."""

    __slots__ = ("_made", "_which")

    def load(self, low: int, high: int) -> None:
        """Prepare the requests from `low` to before `high`."""
        super().load(low, high)
        columns = [column[low:high] for column in self.columns]
        which = refine(np.zeros(high - low, dtype=np.int64), columns)
        self._which: list[int] = which.tolist()
        self._made: list[Block | None] = [None] * (int(which.max()) + 1)

    def block(self, row: int) -> Block:
        """Return the block of a request, counted from `low`."""
        which = self._which[row]
        made = self._made[which]
        if made is None:
            made = self._made[which] = super().block(row)
        return made


class _Level:
    """The chains up to one piece: which request has which, and those that will be used again."""

    __slots__ = ("group", "last", "now", "seen", "until")

    def __init__(self, group: Numbers, last: Numbers) -> None:
        self.group = group
        self.last = last  # the last request of each group
        self.now: list[int] = []
        self.until: list[int] = []
        self.seen: dict[int, Marked] = {}

    def deeper(self, piece: Piece) -> _Level:
        """Return the level behind one more piece."""
        if not piece.columns:
            return _Level(self.group, self.last)
        group = refine(self.group, piece.columns)
        return _Level(group, last_uses(group))

    def load(self, low: int, high: int) -> None:
        """Prepare the requests from `low` to before `high`; forget what none of them needs."""
        now = self.group[low:high]
        self.now, self.until = now.tolist(), self.last[now].tolist()
        self.seen = {group: kept for group, kept in self.seen.items() if self.last[group] >= low}


class Trunk:
    """The chains of the pieces before the first that is new in every request.

    Chains are made once and shared; one that no later request has is dropped.
    """

    def __init__(
        self, keys: list[str], partition: Numbers, pieces: list[Piece], marks: list[Mark | None]
    ) -> None:
        self._keys = keys
        self._partition = partition
        self._pieces = pieces
        self._marks = marks
        roots = refine(np.zeros_like(partition), [partition])
        self._levels = [_Level(roots, last_uses(roots))]
        for piece in pieces:
            self._levels.append(self._levels[-1].deeper(piece))
        self._roots: list[int] = []
        self._low = 0

    @property
    def groups(self) -> Numbers:
        """The number of each request's trunk: equal numbers mean equal chains."""
        return self._levels[-1].group

    def load(self, low: int, high: int) -> None:
        """Prepare the requests from `low` to before `high`."""
        self._low = low
        self._roots = self._partition[low:high].tolist()
        for level in self._levels:
            level.load(low, high)
        for piece in self._pieces:
            piece.load(low, high)

    def group(self, row: int) -> int:
        """Return the number of a request's trunk."""
        return self._levels[-1].now[row]

    def at(self, row: int) -> Marked:
        """Return the chain of a request's trunk and the marks on it."""
        level = self._levels[-1]
        found = level.seen.get(level.now[row])
        return found if found is not None else self._grow(row)

    def _grow(self, row: int) -> Marked:
        depth = len(self._levels) - 1
        found = None
        while depth and found is None:
            depth -= 1
            found = self._levels[depth].seen.get(self._levels[depth].now[row])
        found = found or self._keep(0, row, (self._root(row), ()))
        for index in range(depth, len(self._pieces)):
            chain = found[0].extend(self._pieces[index].block(row))
            mark = self._marks[index]
            marks = found[1] if mark is None else marked(found[1], chain, mark)
            found = self._keep(index + 1, row, (chain, marks))
        return found

    def _keep(self, depth: int, row: int, made: Marked) -> Marked:
        """Keep a chain that a later request has, too."""
        level = self._levels[depth]
        if level.until[row] > self._low + row:
            level.seen[level.now[row]] = made
        return made

    def _root(self, row: int) -> Prefix:
        return Prefix.root(*(f"{key}:{self._roots[row]}" for key in self._keys))


def marked(marks: tuple[Breakpoint, ...], chain: Prefix, mark: Mark) -> tuple[Breakpoint, ...]:
    """Return the marks with one more on the chain, unless it is empty or carries the last one."""
    if chain.depth == 0 or (marks and marks[-1].prefix is chain):
        return marks
    name, ttl = mark
    return (*marks, Breakpoint(prefix=chain, ttl=ttl, name=name))
