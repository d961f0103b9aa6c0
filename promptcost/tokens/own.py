"""What a user knows about tokenizers: files with exact vocabularies, and counts they measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.model.count import CountMethod
from promptcost.tokens.calibration import Calibration
from promptcost.tokens.counter import counter
from promptcost.tokens.families import family

if TYPE_CHECKING:
    from promptcost.tokens.counter import TokenCounter


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTokenizers:
    """The user's own `tokenizer.json` files and calibrations, by family."""

    files: Mapping[str, Path] = field(default_factory=dict)
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)

    def counter(self, name: str) -> TokenCounter:
        """Return the counter of a family, exact or calibrated where the user knows more than we do.

        Raises ValueError for an unknown family and DataError for a file that cannot be used.
        """
        return counter(
            name,
            tokenizer_json=self.files.get(name),
            calibration=self.calibrations.get(name),
        )

    def method(self, name: str) -> CountMethod:
        """Return how texts of a family are counted.  Raises ValueError for an unknown family."""
        if family(name).rule is None or name in self.files:
            return CountMethod.EXACT
        return CountMethod.CALIBRATED if name in self.calibrations else CountMethod.ESTIMATED

    @property
    def families(self) -> frozenset[str]:
        """The families that the user knows something about."""
        return frozenset(self.files) | frozenset(self.calibrations)


NO_OWN_TOKENIZERS = OwnTokenizers()
