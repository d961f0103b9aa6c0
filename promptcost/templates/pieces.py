"""What a render is made of: runs of output bytes, each with the one place it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from promptcost.errors import Problem

if TYPE_CHECKING:
    from promptcost.model.span import Span


class PieceKind(StrEnum):
    """Whether the bytes stand in the template or were computed by it."""

    LITERAL = "literal"
    EXPRESSION = "expression"


class Piece(NamedTuple):
    """One run of output with one origin; a tuple, because an audit makes very many.

    `start` and `end` are a half-open range of bytes of the UTF-8 output; `span` is the place in the
    source: exactly the literal, or the whole tag of an expression.  `expression` is the template
    source inside the tag, empty for a literal.  `loops` are the enclosing for-tags and `stack` the
    tags through which the text travelled (include, macro call, printed set block), outermost first.
    """

    start: int
    end: int
    kind: PieceKind
    span: Span
    expression: str = ""
    loops: tuple[Span, ...] = ()
    stack: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A render: its text and its pieces in order.

    `exact` means that every byte is mapped to a place; otherwise `reason` says why the one piece
    stands for the whole file.  `undefined` are names the context did not hold, `arms` the
    (condition number, outcome) pairs that were taken, `problems` what made the render partial.
    """

    text: str
    pieces: tuple[Piece, ...]
    exact: bool = True
    reason: str = ""
    undefined: tuple[str, ...] = ()
    arms: frozenset[tuple[int, bool]] = frozenset()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def data(self) -> bytes:
        """The bytes of the text; lone surrogates keep their three bytes."""
        return self.text.encode("utf-8", "surrogatepass")

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def piece_at(self, byte_offset: int) -> Piece | None:
        """Return the piece that holds a byte of the output; None outside of every piece."""
        at = bisect_right(self._starts, byte_offset) - 1
        if at < 0 or byte_offset >= self.pieces[at].end:
            return None
        return self.pieces[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderFailure:
    """A template that did not render: the fault, with its place."""

    problem: Problem
