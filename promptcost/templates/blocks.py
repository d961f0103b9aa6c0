"""Which arm of which condition and which loop a place of a template stands in.

Read from the tags of the text alone, because pieces of output know their place and nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.span import Span
from promptcost.templates.marks import Ends
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

_MOST_TAGS = 50_000
_WORDS = "if|elif|else|endif|for|endfor|raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of a condition, or the body of a loop: its block, its tag and the tag's source.

    `opening` is the number of the block, equal for the arms of one condition.
    """

    opening: int
    tag: Span
    text: str
    is_loop: bool = False


class Blocks:
    """The nested conditions and loops of one template source."""

    def __init__(self, source: TemplateSource) -> None:
        self._path = source.path
        self._starts: list[int] = []
        self._chains: list[tuple[Arm, ...]] = []
        self._read(source)

    def around(self, span: Span) -> tuple[Arm, ...]:
        """Return the arms around a place of this file, outermost first."""
        if span.source != self._path:
            return ()
        at = bisect_right(self._starts, span.start) - 1
        return self._chains[at] if at >= 0 else ()

    def parting(self, one: Span, other: Span) -> Arm | None:
        """Return the condition that decides between two places: where their arms first differ."""
        mine, yours = self.around(one), self.around(other)
        for ours, theirs in zip(mine, yours, strict=False):
            if ours != theirs:
                return ours if ours.opening <= theirs.opening else theirs
        longer = mine if len(mine) > len(yours) else yours
        rest = longer[min(len(mine), len(yours)) :]
        return rest[0] if rest else None

    def _read(self, source: TemplateSource) -> None:
        text = normalise(source.text)
        begin, end = source.settings.block
        opened, closed = source.settings.comment
        opener = re.compile(rf"{re.escape(opened)}|{re.escape(begin)}[-+]?\s*(?P<word>{_WORDS})\b")
        raw_end = re.compile(rf"{re.escape(begin)}[-+]?\s*endraw\b")
        chain: tuple[Arm, ...] = ()
        ends, at = Ends(text), 0
        while len(self._starts) < _MOST_TAGS:
            found = opener.search(text, at)
            if found is None:
                return
            word = found["word"]
            mark = end if word else closed
            stop = ends.after(mark, found.end())
            at = found.start() + 1 if stop is None else stop + len(mark)
            if stop is None or not word:
                continue
            if word == "raw":
                closing = raw_end.search(text, at)
                at = len(text) if closing is None else closing.end()
                continue
            rest = text[found.end() : stop]
            words = f"{word}{rest[:-1] if rest.endswith(('-', '+')) else rest}".strip()
            span = source.map.span(found.start(), at)
            place = Span(source=self._path, start=span[0], end=max(span))
            chain = _step(chain, word, len(self._starts), place, words)
            self._starts.append(place.end)
            self._chains.append(chain)


def _step(chain: tuple[Arm, ...], word: str, number: int, tag: Span, text: str) -> tuple[Arm, ...]:
    match word:
        case "if" | "for":
            return (*chain, Arm(opening=number, tag=tag, text=text, is_loop=word == "for"))
        case "elif" | "else" if chain:
            first = chain[-1]
            shown = first if word == "else" else Arm(opening=first.opening, tag=tag, text=text)
            arm = Arm(
                opening=first.opening,
                tag=shown.tag,
                text=f"not {shown.text}",
                is_loop=first.is_loop,
            )
            return (*chain[:-1], arm if word == "else" else shown)
        case _:
            return chain[:-1]
