"""How far a prompt is shared: by all callers, by some, within a conversation.

Text that is new in every request or changes within minutes ends what is shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.stability import Audience, Clock

if TYPE_CHECKING:
    from promptcost.simulate.layout import CountedLayout
    from promptcost.workload.spec import Workload
    from promptcost.workload.stream import LayoutPart


def natural_marks(workload: Workload, layout: CountedLayout) -> tuple[str, ...]:
    """Return the names of the blocks that close what all share, what some share, the history."""
    shared = lasting(workload, layout)
    ends = [*for_all(workload, layout, shared)[-1:], *shared[-1:]]
    names = [part.name for part in ends]
    if workload.conversation.mean_turns > 1:
        behind = layout.parts[len(shared) : len(shared) + 1]
        history = workload.history
        names += [part.name for part in behind if history and part.name == history.name]
    return tuple(dict.fromkeys(names))


def lasting(workload: Workload, layout: CountedLayout) -> list[LayoutPart]:
    """Return the blocks before the history and before anything of short life."""
    history = workload.history
    blocks: list[LayoutPart] = []
    for block in layout.parts:
        is_history = history is not None and block.name == history.name
        if is_history or _is_short_lived(workload, layout, block):
            break
        blocks.append(block)
    return blocks


def for_all(
    workload: Workload, layout: CountedLayout, blocks: list[LayoutPart]
) -> list[LayoutPart]:
    """Return the blocks before the first that not every caller has."""
    own = (
        place
        for place, block in enumerate(blocks)
        if block.stability.audience is not Audience.ALL or is_pooled(workload, layout, block)
    )
    return blocks[: next(own, len(blocks))]


def _is_short_lived(workload: Workload, layout: CountedLayout, block: LayoutPart) -> bool:
    if block.stability.clock in {Clock.MINUTE, Clock.SECOND}:
        return True
    own = block.stability.audience in {Audience.TURN, Audience.REQUEST}
    return own and not is_pooled(workload, layout, block)


def is_pooled(workload: Workload, layout: CountedLayout, block: LayoutPart) -> bool:
    """Say whether a block is an item of a pool."""
    owner = layout.owner(block.name)
    return any(part.name == owner and part.pool is not None for part in workload.prompt)
