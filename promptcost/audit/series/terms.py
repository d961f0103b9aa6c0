"""Finds the cache rules that a recorded request falls under, from its model and its API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from promptcost.audit.lens import Lens, open_lens
from promptcost.audit.series.measure import Gauge
from promptcost.catalogue import BreakpointSpec, Catalogue, Offer, Target, load_catalogue
from promptcost.rules.requests import Terms
from promptcost.wire import Api, WireRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path


# Who is asked first about a model name that a request of this API gives.
_PROVIDERS = {
    Api.ANTHROPIC_MESSAGES: ("anthropic", "vertex", "bedrock", "minimax", "moonshot", "zai"),
    Api.OPENAI_CHAT: (
        *("openai", "anthropic", "gemini", "deepseek", "xai", "groq", "mistral", "moonshot"),
        *("alibaba", "zai", "minimax", "together", "fireworks"),
    ),
    Api.OPENAI_RESPONSES: ("openai", "xai"),
    Api.GEMINI: ("gemini", "vertex"),
    Api.BEDROCK_CONVERSE: ("bedrock",),
}
# Whose rules hold for a model that is not known: the API itself ties it to a kind of cache.
_FALLBACK = {
    Api.ANTHROPIC_MESSAGES: Target(provider="anthropic", model="claude-sonnet-5-5"),
    Api.BEDROCK_CONVERSE: Target(
        provider="bedrock", model="anthropic.claude-sonnet-4-5-20250929-v1:0"
    ),
}
# Options of providers that have a cache with marks and one without.
_WITH_MARKS = ("explicit", "marked")
_WITHOUT_MARKS = ("implicit", "passive", "automatic")
_MODELS = 256  # names looked up in one audit; what comes after is unknown
_NOTHING = Terms(target="", provider="", spec=None, minimum=None, losses=MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rules for a model, its targets, and what counts their tokens, the main one first."""

    terms: Terms
    lens: Lens
    gauges: tuple[Gauge, ...]


class Market:
    """Looks models up, each once; `default` counts for models that are not known."""

    def __init__(self, at: datetime, prices: Sequence[Path], default: Lens) -> None:
        """Keep what a look-up needs; the price files were found usable before."""
        self._catalogue, _ = load_catalogue(overlay=prices)
        self._at = at
        self._prices = prices
        self._default = default
        self._known: dict[tuple[Api, str | None, bool], Known] = {}
        self._gauges: dict[str, Gauge] = {}

    def of(self, request: WireRequest) -> Known:
        """Return the rules for a request."""
        marked = request.automatic is not None or bool(request.markers)
        key = (request.api, request.model, marked)
        if key not in self._known and len(self._known) >= _MODELS:
            key = (request.api, None, False)
        if key not in self._known:
            self._known[key] = self._look_up(*key)
        return self._known[key]

    def _look_up(self, api: Api, model: str | None, marked: bool) -> Known:  # noqa: FBT001 - a key
        for target in _candidates(api, model or ""):
            offer = self._catalogue.select(target, self._at)
            if isinstance(offer, Offer):
                offer = self._fitting(offer, marked)
                lens = open_lens((str(offer.target),), self._at, self._prices, self._default.own)
                minimum = lens.targets[0].minimum
                return self._made(_terms(self._catalogue, offer, minimum), lens)
        fallback = _FALLBACK.get(api)
        found = None if fallback is None else self._catalogue.select(fallback, self._at)
        terms = _terms(self._catalogue, found, None) if isinstance(found, Offer) else _NOTHING
        return self._made(terms, self._default)

    def _fitting(self, offer: Offer, marked: bool) -> Offer:  # noqa: FBT001 - see `of`
        """Return the cache of a model that fits its marks, where it has one with and one without.

        A model with one cache keeps it, marks or not.
        """
        if isinstance(offer.policy, BreakpointSpec) is marked:
            return offer
        options = _WITH_MARKS if marked else _WITHOUT_MARKS
        others = (replace(offer.target, option=option) for option in options)
        for other in others:
            found = self._catalogue.select(other, self._at)
            if isinstance(found, Offer) and isinstance(found.policy, BreakpointSpec) is marked:
                return found
        return offer

    def _made(self, terms: Terms, lens: Lens) -> Known:
        names = dict.fromkeys(target.tokenizer for target in lens.targets)
        for name in names:
            self._gauges.setdefault(name, Gauge(lens.counter_of(name)))
        gauges = tuple(self._gauges[name] for name in names)
        return Known(terms=terms, lens=lens, gauges=gauges)


def _candidates(api: Api, model: str) -> Iterator[Target]:
    """Yield the targets a model name may mean: as LiteLLM writes it, then by API."""
    name = model.removeprefix("models/")
    provider, slash, rest = name.partition("/")
    if slash and rest:
        yield Target(provider=provider, model=rest)
    # The last part is the name in an ARN, and behind a prefix that is no provider here.
    for asked in dict.fromkeys((name, name.rpartition("/")[2])):
        for known in _PROVIDERS[api]:
            if asked:
                yield Target(provider=known, model=asked)


def _terms(catalogue: Catalogue, offer: Offer, minimum: int | None) -> Terms:
    provider = catalogue.provider(offer.target.provider)
    option = provider.option(offer.cache, offer.target.option)
    rows = option.invalidation if option else ()
    return Terms(
        target=str(offer.target),
        provider=offer.target.provider,
        spec=offer.policy,
        minimum=minimum,
        losses=MappingProxyType({row.change: row for row in rows}),
    )
