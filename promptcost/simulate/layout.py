"""A workload's prompt in the tokens of one tokenizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from promptcost.model.count import CountMethod, TokenCount
from promptcost.model.simulation_report import TokenBasis
from promptcost.workload.stream import Layout, LayoutPart

if TYPE_CHECKING:
    from promptcost.simulate.written import Written
    from promptcost.tokens import TokenCounter
    from promptcost.workload.spec import Part, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLayout:
    """The blocks of a prompt; `counts` are the parts whose text was counted, by name."""

    tokenizer: str
    parts: Layout
    counts: Mapping[str, TokenCount]

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
        return TokenBasis(tokenizer=self.tokenizer, method=method, relative_error=error)

    def band(self, name: str) -> tuple[int, int]:
        """Return how far off a prefix that ends with a part can be: tokens below, tokens above."""
        low = high = 0
        for part in dict.fromkeys(part.name for part in self.parts):
            count = self.counts.get(part)
            if count is not None:
                low, high = low + count.value - count.low, high + count.high - count.value
            if part == name:
                break
        return low, high


def count_layout(
    workload: Workload, written: Mapping[str, Written], counter: TokenCounter
) -> CountedLayout:
    """Return the prompt in a counter's tokens; parts declared in tokens stay as they are."""
    parts: list[LayoutPart] = []
    counts: dict[str, TokenCount] = {}
    for part in workload.prompt:
        text = written.get(part.name)
        if text is None:
            parts.append(_declared(part))
        else:
            pieces, counts[part.name] = _counted(part, text, counter)
            parts += pieces
    return CountedLayout(tokenizer=counter.tokenizer, parts=tuple(parts), counts=counts)


def declared_again(layout: CountedLayout, workload: Workload) -> CountedLayout:
    """Return the layout with the declared sizes of another draw of the same workload."""
    parts = {part.name: part for part in workload.prompt}
    return replace(
        layout,
        parts=tuple(
            one if one.name in layout.counts else _declared(parts[one.name]) for one in layout.parts
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
    ends = [end for end, _ in text.stretches[:-1]]
    before = [count.value for count in counter.prefix_counts(text.text, ends)]
    stabilities = [stability for _, stability in text.stretches] or [part.stability]
    pieces = [
        LayoutPart(name=part.name, role=part.role, stability=stability, tokens=end - start)
        for stability, (start, end) in zip(
            stabilities, pairwise([0, *before, whole.value]), strict=True
        )
    ]
    return pieces, whole
