"""The catalogue: every known target, with its offer on a given day."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from promptcost.catalogue._build import cards, sources
from promptcost.catalogue._modify import modifiers_of
from promptcost.catalogue._names import folded, index_of, nearest, without_snapshot
from promptcost.catalogue._policy import cache_options, options_of
from promptcost.catalogue._select import NONE, default_option, fault, offer
from promptcost.catalogue._usage import usage_mappings
from promptcost.catalogue.provider import ProviderInfo
from promptcost.catalogue.target import Target
from promptcost.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.card import PriceCard
    from promptcost.catalogue.offer import Offer
    from promptcost.catalogue.provider import Modifier


class Catalogue:
    """Prices and cache semantics of all providers; a look-up never changes it.

    Made by `load_catalogue`.  A provider is read from its file when it is first asked for.
    """

    def __init__(self, readers: Mapping[str, Callable[[], Raw]]) -> None:
        """Keep one reader per provider name; each is called at most once."""
        self._readers = {name: cache(reader) for name, reader in sorted(readers.items())}

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of the providers, sorted."""
        return tuple(self._readers)

    def provider(self, name: str) -> ProviderInfo:
        """Return what is known about a provider beyond prices.  Raises KeyError if unknown."""
        raw = self._readers[name]()
        return ProviderInfo(
            name=raw["provider"],
            title=raw["name"],
            about=raw["about"],
            checked=date.fromisoformat(raw["checked"]),
            aliases=tuple(raw.get("aliases", ())),
            options=tuple(cache_options(raw)),
            usage=usage_mappings(raw),
            sources=sources(raw, list(raw["sources"])),
            not_represented=tuple(raw.get("not_represented", ())),
        )

    def targets(self, pattern: str = "*") -> tuple[Target, ...]:
        """Return the targets that a glob over ``provider/model@option`` matches, in file order.

        A pattern without ``@`` chooses models and yields their cache options (``@none`` only for
        models without caching); with ``@`` it is matched against the whole target, ``@none`` and,
        where the pattern has a ``+``, each single modifier included.
        """
        return tuple(self._matching(pattern))

    def select(self, target: Target, at: datetime) -> Offer | Problem:
        """Return the offer of a target at an instant, or why there is none.

        Raises ValueError when `at` has no time zone.
        """
        if at.tzinfo is None:
            message = "a price is looked up at a timezone-aware instant"
            raise ValueError(message)
        found = self._find(target)
        if isinstance(found, Problem):
            return found
        provider, model, canonical = found
        wrong = fault(provider, model, canonical)
        made = wrong or offer(provider, model, target, canonical, at)
        return _problem(canonical, *made) if isinstance(made, tuple) else made

    def resolve(self, target: Target) -> Target | Problem:
        """Return the canonical form of a target: alias replaced, default option filled in."""
        found = self._find(target)
        if isinstance(found, Problem):
            return found
        provider, model, canonical = found
        wrong = fault(provider, model, canonical)
        return _problem(canonical, *wrong) if wrong else canonical

    def card_history(self, target: Target) -> tuple[PriceCard, ...]:
        """Return every dated card of a target, oldest first; empty for an unknown target."""
        found = self._find(target)
        if isinstance(found, Problem):
            return ()
        provider, model, canonical = found
        return cards(provider, model, canonical.option)

    def modifiers(self, target: Target) -> tuple[Modifier, ...]:
        """Return the ways of being billed that a target can be written with."""
        found = self._find(target)
        return () if isinstance(found, Problem) else tuple(modifiers_of(*found[:2]).values())

    def _find(self, target: Target) -> tuple[Raw, Raw, Target] | Problem:
        name = self._provider_name(target.provider)
        if name is None:
            near = nearest(target.provider, self.providers)
            repair = f"did you mean {near}?" if near else f"known: {', '.join(self.providers)}"
            return _problem(target, f"unknown provider {target.provider!r}", repair)
        provider = self._readers[name]()
        index = index_of(provider)
        hit = index.get(folded(target.model)) or index.get(folded(without_snapshot(target.model)))
        if hit is None:
            near = nearest(target.model, (model["id"] for model in provider["models"]))
            repair = f"did you mean {near}?" if near else f"try: prices list '{name}/*'"
            return _problem(target, f"{name} has no model {target.model!r}", repair)
        identity, implied = hit
        model = next(model for model in provider["models"] if model["id"] == identity)
        option = target.option or default_option(provider, model)
        modifiers = tuple(dict.fromkeys((*implied, *target.modifiers)))
        made = Target(provider=name, model=identity, option=option, modifiers=modifiers)
        return provider, model, made

    def _provider_name(self, asked: str) -> str | None:
        if asked in self._readers:
            return asked
        wanted = folded(asked)
        for name, reader in self._readers.items():
            if wanted in {folded(other) for other in (name, *reader().get("aliases", ()))}:
                return name
        return None

    def _matching(self, pattern: str) -> Iterator[Target]:
        at = "@" in pattern
        names = folded(pattern.partition("@")[0] if at else pattern)
        for provider_name, reader in self._readers.items():
            if not _may_match(names, provider_name):
                continue
            raw = reader()
            for model in raw["models"]:
                whole = [
                    folded(f"{provider_name}/{n}") for n in (model["id"], *model.get("aliases", ()))
                ]
                if any(fnmatchcase(name, names) for name in whole):
                    yield from self._options(raw, model, pattern if at else "")

    def _options(self, provider: Raw, model: Raw, pattern: str) -> Iterator[Target]:
        options = list(options_of(provider, model))
        if not pattern:
            for option in options or [NONE]:
                yield _target(provider, model, option)
            return
        wanted = pattern.rpartition("@")[2]
        modifiers = [(), *((name,) for name in model.get("tiers", ()))] if "+" in wanted else [()]
        for option in [*options, NONE]:
            for chosen in modifiers:
                made = _target(provider, model, option, chosen)
                if fnmatchcase("+".join([option, *chosen]), wanted):
                    yield made


def _target(provider: Raw, model: Raw, option: str, modifiers: tuple[str, ...] = ()) -> Target:
    return Target(
        provider=provider["provider"], model=model["id"], option=option, modifiers=modifiers
    )


def _may_match(names: str, provider: str) -> bool:
    return fnmatchcase(folded(provider), names.partition("/")[0] or "*") or "/" not in names


def _problem(target: Target, message: str, repair: str) -> Problem:
    return Problem(path=str(target), message=message, repair=repair)
