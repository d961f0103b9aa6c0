"""Chains kept as stretches: links that were last used together are one object.

A request uses its whole chain.  Touching every link would cost as many steps as the chain is deep,
hundreds in a long conversation; a stretch is touched in one step, and a chain has as many stretches
as other chains have branched off it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from promptcost.model.prompt import Prefix, PrefixId

L = TypeVar("L", bound="Link")


class Link:
    """A prefix that is kept."""

    __slots__ = ("prefix", "tokens")

    def __init__(self, prefix: Prefix) -> None:
        self.prefix: PrefixId = prefix.id
        self.tokens = prefix.tokens


class Stretch(Generic[L]):
    """Consecutive links of a chain that were last used by the same request, the shortest first.

    `top` is the link above the first one, None at the root; `depth` the depth of the first link.
    `forked`: other chains have branched off behind the last link, so it must not grow.
    """

    __slots__ = ("depth", "forked", "links", "top")

    def __init__(self, top: PrefixId | None, depth: int, links: list[L]) -> None:
        self.top = top
        self.depth = depth
        self.links = links
        self.forked = False


S = TypeVar("S", bound=Stretch[Any])


class Forest(Generic[S]):
    """All stretches, found by any of their links."""

    def __init__(self) -> None:
        self.homes: dict[PrefixId, S] = {}

    def deepest(self, chain: Prefix) -> Prefix | None:
        """Return the longest prefix of a chain that is kept."""
        homes, link = self.homes, chain
        while link.parent is not None:
            if link.id in homes:
                return link
            link = link.parent
        return None

    def first(self, chain: Prefix) -> PrefixId:
        """Return the shortest prefix of a chain, by way of what is kept of it."""
        homes, link = self.homes, chain
        while link.depth > 1 and link.parent is not None:
            if link.id in homes:
                root: Stretch[Any] = list(self.upwards(homes[link.id]))[-1]
                shortest: PrefixId = root.links[0].prefix
                return shortest
            link = link.parent
        return link.id

    def ending_at(self, link: Prefix, upper: Callable[[S, int], S]) -> S:
        """Return the stretch that ends at a kept link.

        Where the link lies inside a stretch, `upper` makes a stretch of so many of its first links,
        forked; the old object keeps the others, and with them its place in any order.
        """
        home = self.homes[link.id]
        count = link.depth - home.depth + 1
        return home if count == len(home.links) else self.cut(home, count, upper)

    def cut(self, home: S, count: int, upper: Callable[[S, int], S]) -> S:
        """Cut a stretch behind its first `count` links and return the new, upper one."""
        made = upper(home, count)
        last = made.links[-1].prefix
        home.links = home.links[count:]
        home.depth += count
        home.top = last
        for link in made.links:
            self.homes[link.prefix] = made
        return made

    def upwards(self, stretch: S) -> Iterator[S]:
        """Yield a stretch and those above it up to the root."""
        above: S | None = stretch
        while above is not None:
            yield above
            above = None if above.top is None else self.homes[above.top]

    def add(self, stretch: S, links: list[L]) -> None:
        """Append links to a stretch."""
        stretch.links += links
        for link in links:
            self.homes[link.prefix] = stretch

    def forget_last(self, stretch: S) -> None:
        """Remove the last link of a stretch."""
        del self.homes[stretch.links.pop().prefix]


def links_behind(chain: Prefix, known: Prefix | None) -> list[Prefix]:
    """Return the prefixes of a chain that are longer than `known`, the shortest first."""
    depth = 0 if known is None else known.depth
    found = []
    link = chain
    while link.depth > depth and link.parent is not None:
        found.append(link)
        link = link.parent
    found.reverse()
    return found
