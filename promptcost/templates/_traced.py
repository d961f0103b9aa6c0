"""Text that knows where it came from.

`Traced` is a `str` in every respect but one: joining and adding keep the origin of each run, so
macro results, set blocks and concatenations arrive in the output with the places of their parts.
Whatever drops the origin (most filters) is mapped to the expression that printed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

Ref = int | tuple[int, int]  # of a place; with the characters of a literal cut off before the run
Run = tuple[int, int, Ref | None]  # half-open characters and where they are from, if known

MAX_STACK = 16  # places kept per run; the innermost ones, as deep recursion repeats the rest


class Traced(str):
    """A string with the origins of its runs, in order and without overlap."""

    __slots__ = ("runs",)
    runs: tuple[Run, ...]

    def __new__(cls, text: str = "", runs: tuple[Run, ...] = ()) -> Self:
        made = str.__new__(cls, text)
        made.runs = runs
        return made

    def __str__(self) -> str:
        return self  # generated code calls str(); the origin must survive it

    def __add__(self, other: str) -> str:
        return _add(other, self, other)

    def __radd__(self, other: str) -> str:
        return _add(other, other, self)

    def strip(self, chars: str | None = None, /) -> str:
        return self._cut(str.lstrip(self, chars), str.strip(self, chars))

    def lstrip(self, chars: str | None = None, /) -> str:
        left = str.lstrip(self, chars)
        return self._cut(left, left)

    def rstrip(self, chars: str | None = None, /) -> str:
        return self._cut(self, str.rstrip(self, chars))

    def _cut(self, left: str, text: str) -> Traced:
        """Return what stays of the text after cutting its ends; `left` lacks the first end only."""
        start = len(self) - len(left)
        end = start + len(text)
        return Traced(
            text,
            tuple(
                (
                    max(a, start) - start,
                    min(b, end) - start,
                    None if ref is None else _later(ref, start - a),
                )
                for a, b, ref in self.runs
                if max(a, start) < min(b, end)
            ),
        )


def _later(ref: Ref, cut: int) -> Ref:
    """Return the reference of a run that lost its first characters."""
    if cut <= 0:
        return ref
    return (ref, cut) if isinstance(ref, int) else (ref[0], ref[1] + cut)


def _add(other: object, left: str, right: str) -> str:
    kind = type(other)
    if kind is Traced or kind is str:
        return join((left, right))
    if isinstance(other, str) and not hasattr(kind, "__radd__"):
        return str.__add__(left, right)
    refused: str = NotImplemented  # markup escapes the other side itself
    return refused


def join(parts: Iterable[str]) -> Traced:
    """Return the concatenation of strings with the origins of their runs."""
    parts = list(parts)
    text = "".join(parts)
    runs: list[Run] = []
    at = 0
    for part in parts:
        length = len(part)
        if type(part) is Traced and part.runs:
            runs += part.runs if not at else [(a + at, b + at, ref) for a, b, ref in part.runs]
        elif length:
            if runs and runs[-1][2] is None:
                runs[-1] = (runs[-1][0], at + length, None)
            else:
                runs.append((at, at + length, None))
        at += length
    return Traced(text, tuple(runs))


class Site(NamedTuple):
    """A place in a template that writes output: characters of its tag or literal.

    `expression` is the source inside the tag, None for a literal.
    """

    template: str
    start: int
    end: int
    expression: str | None
    loops: tuple[tuple[int, int], ...] = ()


class Origins:
    """The sites of one environment and the ways text travelled between them.

    A reference is an index: of a site, or of a site reached through outer sites.
    """

    def __init__(self) -> None:
        self._ways: list[tuple[int, tuple[int, ...]]] = []
        self._sites: dict[int, Site] = {}
        self._through: dict[tuple[int, Ref], Ref] = {}
        self._known: dict[Site, int] = {}

    def add(self, site: Site) -> int:
        """Return the reference of a site."""
        if site not in self._known:
            number = len(self._ways)
            self._ways.append((number, ()))
            self._sites[number] = site
            self._known[site] = number
        return self._known[site]

    def resolve(self, reference: Ref) -> tuple[Site, int, tuple[Site, ...]]:
        """Return the site of a reference, its cut, and the sites around it, outermost first."""
        way, cut = (reference, 0) if isinstance(reference, int) else reference
        leaf, stack = self._ways[way]
        return self._sites[leaf], cut, tuple(self._sites[outer] for outer in stack)

    def mark(self, text: str, site: int) -> str:
        """Return text printed at a site: inner origins stay, gaps get the site."""
        runs: tuple[Run, ...] | None = text.runs if type(text) is Traced else None
        if not runs:
            return Traced(text, ((0, len(text), site),)) if text else text
        through = self._through
        found: list[Run] = []
        for start, end, ref in runs:
            if ref is None:
                found.append((start, end, site))
                continue
            way = through.get((site, ref))
            found.append((start, end, self._via(site, ref) if way is None else way))
        return Traced(text, tuple(found))

    def _via(self, outer: int, inner: Ref) -> Ref:
        way: Ref
        if isinstance(inner, tuple):
            way = self._through[outer, inner] = _later(self._via(outer, inner[0]), inner[1])
            return way
        leaf, stack = self._ways[inner]
        if outer == leaf or len(stack) >= MAX_STACK:
            way = inner
        else:
            way = len(self._ways)
            self._ways.append((leaf, (outer, *stack)))
        self._through[outer, inner] = way
        return way
