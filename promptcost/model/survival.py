"""How much of one prompt stays a shared prefix for one target."""

from __future__ import annotations

from dataclasses import dataclass

from promptcost.model.count import TokenCount


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSurvival:
    """How much of one prompt stays a shared prefix for one target, in its tokenizer's tokens.

    `minimum` is the shortest prefix the target caches; None when the catalogue does not know it.
    """

    target: str
    tokens_shared: TokenCount
    tokens_total: TokenCount
    minimum: int | None

    @property
    def share(self) -> float:
        """The shared part of the tokens, from 0 to 1; 1 for an empty prompt."""
        total = self.tokens_total.value
        return self.tokens_shared.value / total if total else 1.0

    @property
    def clears_minimum(self) -> bool | None:
        """Whether the shared prefix is long enough to be cached; None means cannot tell."""
        return None if self.minimum is None else self.tokens_shared.reaches(self.minimum)
