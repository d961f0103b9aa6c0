"""Finding the model that a user means: exact id, alias, other spelling, or dated snapshot."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from promptcost.catalogue._build import Raw

_SNAPSHOT = re.compile(r"[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2}|latest)$")
_NEAR = 3
_LONGEST, _MOST_NAMES = 120, 500  # look-alikes are searched in quadratic time


def folded(name: str) -> str:
    """Return a name without the differences that people make: case, dots for dashes."""
    return name.casefold().replace(".", "-").replace("_", "-")


def without_snapshot(name: str) -> str:
    """Return a model name without the date (or ``-latest``) at its end."""
    return _SNAPSHOT.sub("", name)


def index_of(provider: Raw) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return folded name → (model id, modifiers that the name implies).

    The provider's `prefixes` stand before ids and aliases: ``us.`` implies the regional price, and
    a model that has none is not sold under that prefix.
    """
    names = [
        (name, model)
        for model in provider.get("models", ())
        for name in (model["id"], *model.get("aliases", ()))
    ]
    found: dict[str, tuple[str, tuple[str, ...]]] = {
        folded(name): (model["id"], ()) for name, model in names
    }
    for prefix, modifier in provider.get("prefixes", {}).items():
        implied = () if modifier is None else (modifier,)
        for name, model in names:
            if modifier is None or modifier in model.get("tiers", {}):
                found.setdefault(folded(prefix + name), (model["id"], implied))
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """Return up to three known names that look like `name`, as words for a message."""
    by_fold: Mapping[str, str] = {
        folded(other): other for other in islice(known, _MOST_NAMES) if len(other) <= _LONGEST
    }
    found = get_close_matches(folded(name[:_LONGEST]), list(by_fold), n=_NEAR, cutoff=0.5)
    return ", ".join(by_fold[match] for match in found)
