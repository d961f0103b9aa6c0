"""A user's pricing file over the built-in one of the same provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue._checks import entries, mapping
from promptcost.catalogue._names import folded

if TYPE_CHECKING:
    from promptcost.catalogue._build import Raw

_KEYED = ("sources", "prefixes", "upstreams", "caches", "tiers", "windows")
_WHOLE = ("provider", "name", "about", "usage", "not_represented")


def merge(base: Raw, over: Raw) -> Raw:
    """Return a provider with what `over` names replaced or added.

    Models are matched by id; caches, tiers, windows and sources by name.  The models that remain
    keep the day on which they were checked.  Examples of the base are dropped: they hold for it.
    """
    if not base or over.get("replaces_builtin") is True:
        return over
    made = dict(base)
    made.update({key: over[key] for key in _WHOLE if key in over})
    for key in _KEYED:
        if key in base or key in over:
            made[key] = {**mapping(base.get(key)), **mapping(over.get(key))}
    made["aliases"] = [*base.get("aliases", ()), *_listed(over.get("aliases"))]
    made["models"] = _models(base, over)
    made["examples"] = over.get("examples", [])
    return made


def _models(base: Raw, over: Raw) -> list[Raw]:
    given = {
        folded(str(model.get("id"))): {"checked": over.get("checked"), **model}
        for _, model in entries(over.get("models"))
    }
    kept = [
        given.pop(folded(model["id"]), {"checked": base["checked"], **model})
        for model in base.get("models", ())
    ]
    return [*kept, *given.values()]


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
