"""The catalogue: every known target, with its offer on a given day."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from promptcost.catalogue._book import Book
from promptcost.catalogue._build import cards, sources
from promptcost.catalogue._modify import modifiers_of
from promptcost.catalogue._names import folded, nearest
from promptcost.catalogue._policy import cache_options
from promptcost.catalogue._select import default_option, fault, offer
from promptcost.catalogue._targets import matching
from promptcost.catalogue._usage import usage_mappings
from promptcost.catalogue.provider import ProviderInfo
from promptcost.catalogue.target import Target
from promptcost.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
        self._books = {name: _once(reader) for name, reader in sorted(readers.items())}

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of the providers, sorted."""
        return tuple(self._books)

    def provider(self, name: str) -> ProviderInfo:
        """Return what is known about a provider beyond prices.  Raises KeyError if unknown."""
        raw = self._books[name]().raw
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
        models without caching).  What stands after ``@`` is matched against option and modifiers:
        ``@*`` yields ``@none`` too, ``@*+*`` every single modifier.
        """
        return tuple(matching(self._books, pattern))

    def select(
        self, target: Target, at: datetime, until: datetime | None = None
    ) -> Offer | Problem:
        """Return the offer of a target at an instant, or why there is none.

        Its notes are those that matter from `at` until the end of the priced period; without
        `until` they name every known change to come.  Raises ValueError for an instant without
        time zone.
        """
        if at.tzinfo is None or (until is not None and until.tzinfo is None):
            message = "a price is looked up at a timezone-aware instant"
            raise ValueError(message)
        found = self._find(target)
        if isinstance(found, Problem):
            return found
        provider, model, canonical = found
        wrong = fault(provider, model, canonical)
        made = wrong or offer(provider, model, target, canonical, (at, until))
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
            return _problem(target, f"unknown provider {target.provider[:60]!r}", repair)
        book, prefix, asked = self._books[name](), "", target.model
        if book.upstreams:
            vendor, _, asked = target.model.partition("/")
            if vendor not in book.upstreams:
                repair = f"begin the model with one of: {', '.join(book.upstreams)}"
                return _problem(target, f"{name} has no vendor {vendor[:60]!r}", repair)
            book, prefix = self._books[book.upstreams[vendor]](), f"{vendor}/"
        hit = book.find(asked)
        if hit is None:
            near = book.near(asked)
            repair = f"did you mean {near}?" if near else f"list them with: prices list '{name}/*'"
            return _problem(target, f"{name} has no model {target.model[:80]!r}", repair)
        model, implied = hit
        made = Target(
            provider=name,
            model=prefix + model["id"],
            option=target.option or default_option(book.raw, model),
            modifiers=tuple(dict.fromkeys((*implied, *target.modifiers))),
        )
        return book.raw, model, made

    def _provider_name(self, asked: str) -> str | None:
        if asked in self._books:
            return asked
        wanted = folded(asked)
        return next((name for name, book in self._books.items() if wanted in book().names), None)


def _once(reader: Callable[[], Raw]) -> Callable[[], Book]:
    return cache(lambda: Book(reader()))


def _problem(target: Target, message: str, repair: str) -> Problem:
    return Problem(path=str(target), message=message, repair=repair)
