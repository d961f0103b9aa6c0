"""What must be said beside a target's figures: prices, limits that an estimate straddles, rent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue import BlocksSpec, HandleSpec, IncrementSpec, UnitSpec
from promptcost.model.usage import CACHE_READ, CACHE_STORAGE
from promptcost.policies import EventKind
from promptcost.simulate.closed_form import rent_break_even_reads_per_hour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.simulate.reference import PlayResult
    from promptcost.simulate.stall import Stall

_SECONDS_PER_HOUR = 3_600


def notes_on(stall: Stall, result: PlayResult) -> tuple[str, ...]:
    """Return the notes on one target in the order in which a reader needs them."""
    return (
        *(str(note) for note in stall.offer.notes),
        *_straddled_minimum(stall),
        *_straddled_tiers(stall, result),
        *_of_family(stall, result),
    )


def _straddled_minimum(stall: Stall) -> Iterator[str]:
    """Yield the markers of which an estimate cannot tell whether they reach the minimum."""
    spec = stall.offer.policy
    if not hasattr(spec, "min_tokens") or not stall.layout.counts:
        return
    minimum = spec.min_tokens.value
    for marker in stall.placed.shown:
        tokens = _fixed_tokens(stall, marker.after)
        low, high = stall.layout.band(marker.after)
        if tokens is not None and tokens - low < minimum <= tokens + high:
            yield (
                f"cannot tell whether the prefix after {marker.after!r} ({tokens - low:,} to "
                f"{tokens + high:,} tokens, estimated) reaches the minimum of {minimum:,}; "
                f"simulated with {tokens:,}"
            )


def _fixed_tokens(stall: Stall, name: str) -> int | None:
    """Return the tokens up to a part; None where a size on the way is sampled."""
    total = 0
    last = max((i for i, part in enumerate(stall.layout.parts) if part.name == name), default=-1)
    for part in stall.layout.parts[: last + 1]:
        if part.tokens is None:
            return None
        total += part.tokens
    return total if last >= 0 else None


def _straddled_tiers(stall: Stall, result: PlayResult) -> Iterator[str]:
    low, high = stall.layout.band("")
    mean = result.prompt_tokens / result.requests
    for tier in stall.offer.card.size_tiers:
        if mean - low <= tier.above < mean + high:
            yield (
                f"cannot tell on which side of the price step at {tier.above:,} tokens a prompt "
                f"of {mean:,.0f} estimated tokens lies; simulated as estimated"
            )


def _of_family(stall: Stall, result: PlayResult) -> Iterator[str]:
    match stall.offer.policy:
        case BlocksSpec():
            yield "requests run one after another; blocks held by running requests are not modelled"
            refused = result.events[EventKind.REFUSE]
            if refused:
                yield f"{refused:,} requests exceed the whole cache and were billed in full"
        case HandleSpec():
            yield from _rent(stall, result)
        case IncrementSpec() | UnitSpec():
            yield "the provider caches as best it can and promises no hit"
        case _:
            return


def _rent(stall: Stall, result: PlayResult) -> Iterator[str]:
    needed = rent_break_even_reads_per_hour(stall.offer.tables[0][0])
    held = result.usage[CACHE_STORAGE]
    if needed is None or not held:
        return
    reads = result.usage[CACHE_READ] * _SECONDS_PER_HOUR / held
    yield f"rent pays from {needed:.2f} reads per object and hour; simulated {reads:.2f}"
