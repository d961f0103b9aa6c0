"""A workload's prompt in the tokens of one tokenizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from promptcost.model.count import CountMethod, TokenCount
from promptcost.model.simulation_report import TokenBasis
from promptcost.model.stability import Audience
from promptcost.simulate.written import Stretch
from promptcost.workload.stream import Layout, LayoutPart

if TYPE_CHECKING:
    from promptcost.simulate.written import Written
    from promptcost.tokens import TokenCounter
    from promptcost.workload.spec import Part, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLayout:
    """The blocks of a prompt; `counts` are the parts whose text was counted, by name.

    A stretch of a part has a name of its own where a marker may stand behind it; `owners` says of
    which part, by the name of the stretch.
    """

    tokenizer: str
    parts: Layout
    counts: Mapping[str, TokenCount]
    owners: Mapping[str, str]

    @property
    def basis(self) -> TokenBasis:
        """How sure the counts are: declared where no text was counted."""
        counts = list(self.counts.values())
        total = sum(counts[1:], counts[0]) if counts else None
        if total is None:
            method, error = CountMethod.DECLARED, 0.0
        else:
            method = total.method
            error = max(total.high - total.value, total.value - total.low) / max(total.value, 1)
            error = round(error, 3)
        return TokenBasis(tokenizer=self.tokenizer, method=method, relative_error=error)

    def owner(self, name: str) -> str:
        """Return the part of the workload that a block belongs to."""
        return self.owners.get(name, name)

    def band(self, name: str) -> tuple[int, int]:
        """Return how far off a prefix that ends with a block can be: tokens below, tokens above."""
        low = high = 0
        for part in dict.fromkeys(self.owner(part.name) for part in self.parts):
            count = self.counts.get(part)
            if count is not None:
                low, high = low + count.value - count.low, high + count.high - count.value
            if part == self.owner(name):
                break
        return low, high


def count_layout(
    workload: Workload, written: Mapping[str, Written], counter: TokenCounter
) -> CountedLayout:
    """Return the prompt in a counter's tokens; parts declared in tokens stay as they are."""
    parts: list[LayoutPart] = []
    counts: dict[str, TokenCount] = {}
    owners: dict[str, str] = {}
    for part in workload.prompt:
        text = written.get(part.name)
        if text is None:
            parts.append(_declared(part))
        else:
            pieces, counts[part.name] = _counted(part, text, counter)
            parts += pieces
            owners |= {piece.name: part.name for piece in pieces}
    return CountedLayout(
        tokenizer=counter.tokenizer, parts=tuple(parts), counts=counts, owners=owners
    )


def declared_again(layout: CountedLayout, workload: Workload) -> CountedLayout:
    """Return the layout with the declared sizes of another draw of the same workload."""
    parts = {part.name: part for part in workload.prompt}
    return replace(
        layout,
        parts=tuple(
            one if one.name in layout.owners else _declared(parts[one.name]) for one in layout.parts
        ),
    )


def _declared(part: Part) -> LayoutPart:
    fixed = part.tokens is not None and not part.is_sampled
    return LayoutPart(
        name=part.name,
        role=part.role,
        stability=part.stability,
        tokens=round(part.tokens.mean) if part.tokens is not None and fixed else None,
    )


def _counted(
    part: Part, text: Written, counter: TokenCounter
) -> tuple[list[LayoutPart], TokenCount]:
    """Cut the count of the whole text at the ends of its stretches."""
    whole = counter.count(text.text)
    stretches = text.stretches or (Stretch(end=0, stability=part.stability),)
    ends = [stretch.end for stretch in stretches[:-1]]
    before = [count.value for count in counter.prefix_counts(text.text, ends)]
    cuts = pairwise([0, *before, whole.value])
    pieces = [
        LayoutPart(name=name, role=part.role, stability=stretch.stability, tokens=end - start)
        for name, stretch, (start, end) in zip(
            _names(part, stretches), stretches, cuts, strict=True
        )
    ]
    return pieces, whole


def _names(part: Part, stretches: Sequence[Stretch]) -> list[str]:
    """Return a name for each stretch: one of its own where a natural marker may stand behind it.

    The last one has the part's, so a marker after the part stands behind all of it; so have texts
    that the workload draws or keeps by the part's name.
    """
    fresh = part.stability.audience in {Audience.TURN, Audience.REQUEST}
    names: list[str] = []
    for stretch in stretches:
        own = f"{part.name} before {{{{ {stretch.ends_before} }}}}"
        has_own = stretch.ends_before and not fresh and part.pool is None and own not in names
        names.append(own if has_own else part.name)
    return names
