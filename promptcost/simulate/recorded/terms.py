"""What a target's cache makes of recorded marks, keys and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from promptcost.catalogue import (
    BlocksSpec,
    BreakpointSpec,
    CachePolicySpec,
    HandleSpec,
    Loss,
    NoCacheSpec,
    Offer,
)
from promptcost.model.prompt import Isolation
from promptcost.model.recording import Remedy
from promptcost.model.usage import MeterKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.catalogue import Catalogue
    from promptcost.model.recording import Occurrence, RecordedModel
    from promptcost.simulate.recorded.scene import Scene
    from promptcost.simulate.recorded.tape import Mark, Take

_HOUR = timedelta(hours=1)
_OF_MARKS = frozenset(
    {
        Remedy.SHARED_MARK,
        Remedy.TAIL_MARK,
        Remedy.USUAL_MARKS,
        Remedy.NEARER_MARK,
        Remedy.EARLIER_MARK,
        Remedy.LONGER_LIFE,
        Remedy.SHORTER_LIFE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The rules of one target for recorded requests.

    `spec` has no mark of the provider's own, since requests can decline it; `automatic` says
    whether it sets one.  `lives` are the lifetimes that are sold, the shortest first.  `by_key`:
    a cache key divides the cache.  `toggles` maps settings to the part of a prompt they divide:
    the number of the first of tools, system text, messages that is lost with another value.
    `unmarked` are the requests (API, model, marked) that were written for a cache without marks.
    """

    offer: Offer
    spec: CachePolicySpec
    automatic: bool
    lives: tuple[timedelta, ...]
    by_key: bool
    toggles: Mapping[str, int]
    unmarked: frozenset[tuple[str, str | None, bool]]

    @property
    def in_blocks(self) -> bool:
        """Whether only whole blocks count, because marks close them."""
        return isinstance(self.spec, BreakpointSpec | HandleSpec)

    @property
    def note(self) -> str:
        """What was done to requests that were written for another kind of cache; often nothing."""
        target = self.offer.target
        if isinstance(self.spec, HandleSpec):
            return f"{target}: tools and system text of each request are its cache object"
        if not self.unmarked or not isinstance(self.spec, BreakpointSpec):
            return ""
        return (
            f"{target}: requests written for a cache without marks were given marks behind tools"
            " and system text and at the end"
        )

    def undoes(self, one: Occurrence) -> bool:
        """Say whether a remedy changes anything that this cache's rules know about."""
        if one.remedy in _OF_MARKS:
            return isinstance(self.spec, BreakpointSpec) and self._sells(one.remedy)
        match one.remedy:
            case Remedy.SAME_KEY | Remedy.ONE_KEY:
                return self.by_key
            case Remedy.SAME_SETTING:
                return one.name in self.toggles
            case Remedy.WAITED:
                return bool(self.delay)
            case _:
                return True

    def _sells(self, remedy: Remedy) -> bool:
        if remedy is Remedy.LONGER_LIFE:
            return self.lives[-1] > self.lives[0]
        return remedy is not Remedy.SHORTER_LIFE or self.lives[0] < _HOUR

    @property
    def delay(self) -> timedelta:
        """How long an entry cannot be read after the request that writes it."""
        if isinstance(self.spec, NoCacheSpec | BlocksSpec):
            return timedelta()
        return self.spec.readable_after.value

    @property
    def minimum(self) -> int:
        """The tokens of the shortest prefix that is cached."""
        if isinstance(self.spec, NoCacheSpec | BlocksSpec):
            return 0
        return self.spec.min_tokens.value

    def keys(self, scene: Scene) -> tuple[str, ...]:
        """Return what divides the cache."""
        take = scene.take
        own = {Isolation.TENANT: take.tenant, Isolation.USER: take.user}
        asked = None if isinstance(self.spec, NoCacheSpec) else self.spec.isolation.value
        who = "" if asked is None else own.get(asked, "")
        return take.api, scene.model, who, scene.key if self.by_key else ""

    def sections(self, scene: Scene) -> tuple[str, str, str]:
        """Return the settings that tools, system text and messages depend on."""
        made = ["", "", ""]
        for name, part in self.toggles.items():
            made[part] += f"\0{name}\0{scene.setting(name)}"
        return made[0], made[1], made[2]

    def marks(self, scene: Scene, remedies: frozenset[Remedy], shared: int) -> list[Mark]:
        """Return the marks of a request as this cache takes them, in order.

        `shared` is the number of blocks that all requests of the program begin with.
        """
        if not isinstance(self.spec, BreakpointSpec):  # an object of what all callers share
            return [(scene.head, None)] if scene.head else []
        own, end = self.spec.ttl.value, len(scene.blocks)
        found = {depth: self._life(ttl, own, remedies) for depth, ttl in scene.marks}
        for ttl in scene.take.automatic:
            found.setdefault(end, self._life(ttl, own, remedies))
        if Remedy.USUAL_MARKS in remedies and not found:
            found = {scene.head: None, end: None}
        if Remedy.TAIL_MARK in remedies and found:
            last = max(found)  # one behind the system text stays, others move with the turns
            found[end] = found[last] if last <= scene.head else found.pop(last)
        if Remedy.SHARED_MARK in remedies:
            found.setdefault(shared, None)
        if scene.nearer:
            found.setdefault(scene.nearer, None)
        if self.automatic and not scene.take.shuts:
            found.setdefault(end, self._life(None, own, remedies))
        found.pop(0, None)
        return sorted(found.items())

    def _life(
        self, ttl: timedelta | None, own: timedelta, remedies: frozenset[Remedy]
    ) -> timedelta | None:
        """Return a lifetime that is sold; None is the target's own."""
        life = ttl if ttl in self.lives else own
        if Remedy.LONGER_LIFE in remedies:
            life = next((one for one in self.lives if one > life), life)
        if Remedy.SHORTER_LIFE in remedies and life >= _HOUR:
            life = self.lives[0]
        return None if life == own else life


def terms_of(
    offer: Offer,
    catalogue: Catalogue,
    toggles: Mapping[str, int],
    models: Iterable[RecordedModel],
) -> Terms:
    """Return the rules of an offer, for requests that were sent to some models.

    Those sent to a cache that needs no marks get the usual ones where this one needs them.
    """
    spec = offer.policy
    own = set()
    automatic = False
    if isinstance(spec, BreakpointSpec):
        own, automatic = {spec.ttl.value}, spec.automatic_tail.value
        spec = replace(spec, automatic_tail=replace(spec.automatic_tail, value=False))
    rates = offer.tables[0][0].rates
    sold = {meter.ttl for meter, _ in rates if meter.kind is MeterKind.CACHE_WRITE}
    option = catalogue.provider(offer.target.provider).option(offer.cache, offer.target.option)
    rows = option.invalidation if option else ()
    return Terms(
        offer=offer,
        spec=spec,
        automatic=automatic,
        lives=tuple(sorted(own | {ttl for ttl in sold if ttl is not None})),
        by_key=any(row.change == "cache_key" and row.loss is Loss.EVERYTHING for row in rows),
        toggles=toggles,
        unmarked=frozenset(
            (one.api, one.model, one.marked)
            for one in models
            if not (one.needs_marks or one.marked or automatic)
        ),
    )


def first_lost(take: Take, block: int) -> int:
    """Return the part of a prompt that is lost first when what stays are so many blocks."""
    return 0 if block == 0 else 1 if block <= take.tools else 2
