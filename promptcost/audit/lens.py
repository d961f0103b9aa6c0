"""The targets an audit reports for: their tokenizers, and the shortest prefix each caches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from promptcost.catalogue import load_catalogue
from promptcost.catalogue.spec import BlocksSpec, Knob, NoCacheSpec
from promptcost.catalogue.target import Target
from promptcost.errors import DataError, Level, Problem
from promptcost.model.audit_report import TargetBasis, TargetSurvival
from promptcost.tokens import NO_OWN_TOKENIZERS, OwnTokenizers, TokenCounter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from promptcost.catalogue.catalogue import Catalogue
    from promptcost.catalogue.spec import CachePolicySpec

_BATCHED = ("*", "?", "[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """Targets with counters; targets of one tokenizer share the work."""

    targets: tuple[TargetBasis, ...]
    counter_of: Callable[[str], TokenCounter]
    own: OwnTokenizers = NO_OWN_TOKENIZERS

    @property
    def main(self) -> TokenCounter:
        """The counter of the first target, in whose tokens findings are graded."""
        return self.counter_of(self.targets[0].tokenizer)

    def survival(self, base: str) -> Callable[[str], tuple[TargetSurvival, ...]]:
        """Return what tells how much another render shares with a base, for every target."""
        counters = {one.tokenizer: self.counter_of(one.tokenizer) for one in self.targets}
        totals = {name: counter.count(base) for name, counter in counters.items()}

        def kept(other: str) -> tuple[TargetSurvival, ...]:
            shared = totals
            if other != base:
                shared = {name: one.shared(base, other) for name, one in counters.items()}
            return tuple(
                TargetSurvival(
                    target=target.target,
                    tokens_shared=shared[target.tokenizer],
                    tokens_total=totals[target.tokenizer],
                    minimum=target.minimum,
                )
                for target in self.targets
            )

        return kept


def open_lens(
    names: Iterable[str],
    at: datetime,
    prices: Sequence[Path] = (),
    own: OwnTokenizers = NO_OWN_TOKENIZERS,
) -> Lens:
    """Resolve targets.  Raises DataError with every name no price file has, and their faults."""
    catalogue, problems = load_catalogue(overlay=prices)
    bases: dict[str, TargetBasis] = {}
    for name in names:
        for made in _resolve(name, catalogue, at, own):
            if isinstance(made, Problem):
                problems.append(made)
            else:
                bases.setdefault(made.target, made)
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    return Lens(targets=tuple(bases.values()), counter_of=cache(own.counter), own=own)


def _resolve(
    name: str, catalogue: Catalogue, at: datetime, own: OwnTokenizers
) -> Iterable[TargetBasis | Problem]:
    if any(sign in name for sign in _BATCHED):
        matched = catalogue.targets(name)
        if not matched:
            return [Problem(path=name, message="matches no target", repair="see prices list")]
        return [_basis(target, catalogue, at, own) for target in matched]
    try:
        return [_basis(Target.parse(name), catalogue, at, own)]
    except ValueError as error:
        return [Problem(path=name, message=str(error), repair="as in anthropic/claude-opus-5-5@1h")]


def _basis(
    target: Target, catalogue: Catalogue, at: datetime, own: OwnTokenizers
) -> TargetBasis | Problem:
    offer = catalogue.select(target, at)
    if isinstance(offer, Problem):
        return offer
    knob = _minimum(offer.policy)
    return TargetBasis(
        target=str(offer.target),
        tokenizer=offer.card.tokenizer,
        method=own.method(offer.card.tokenizer),
        minimum=None if knob is None else knob.value,
        evidence="" if knob is None else knob.evidence.value,
        checked=offer.card.checked,
    )


def _minimum(policy: CachePolicySpec) -> Knob[int] | None:
    if isinstance(policy, NoCacheSpec):
        return None
    return policy.block_tokens if isinstance(policy, BlocksSpec) else policy.min_tokens
