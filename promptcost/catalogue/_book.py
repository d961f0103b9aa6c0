"""One provider's file, with its names indexed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from promptcost.catalogue._names import folded, index_of, nearest, without_snapshot

if TYPE_CHECKING:
    from promptcost.catalogue._build import Raw


class Book:
    """The checked values of a pricing file; models are found by id, alias or snapshot."""

    def __init__(self, raw: Raw) -> None:
        """Keep the values; the index is made when first needed."""
        self.raw = raw

    @cached_property
    def upstreams(self) -> dict[str, str]:
        """Vendor prefix → provider, for a gateway that passes other providers' rates through."""
        return dict(self.raw.get("upstreams", {}))

    @cached_property
    def models(self) -> list[Raw]:
        """The models of the provider in file order."""
        return list(self.raw.get("models", []))

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded name and aliases of the provider."""
        return frozenset(map(folded, (self.raw["provider"], *self.raw.get("aliases", ()))))

    def find(self, name: str) -> tuple[Raw, tuple[str, ...]] | None:
        """Return a model and the modifiers that the name implies; None when there is none."""
        hit = self._index.get(folded(name)) or self._index.get(folded(without_snapshot(name)))
        return None if hit is None else (self._by_id[hit[0]], hit[1])

    def near(self, name: str) -> str:
        """Return the models whose names look like `name`, as words for a message."""
        return nearest(name, self._by_id)

    @cached_property
    def _index(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        return index_of(self.raw)

    @cached_property
    def _by_id(self) -> dict[str, Raw]:
        return {model["id"]: model for model in self.models}
