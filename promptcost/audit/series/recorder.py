"""Notes, while a file is audited, what a replay must do to undo each cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.series.overlap import common_end, common_start
from promptcost.model.finding import Confidence
from promptcost.model.prompt import Role
from promptcost.model.recording import (
    Occurrence,
    RecordedCause,
    RecordedModel,
    RecordId,
    Recording,
    Remedy,
)
from promptcost.model.series_report import Relation
from promptcost.rules.requests import Topic
from promptcost.wire import Change, WireRequest, shared_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promptcost.audit.series.gather import Cause
    from promptcost.audit.series.terms import Known
    from promptcost.model.finding import Finding
    from promptcost.rules.requests import Break, Encounter, Reach, RequestRule, Sighting, Terms
    from promptcost.wire import WireBlock

MOST = 50_000  # occurrences of one file that are noted
_PROGRAM = {  # what all requests of a program have in common, by the name of the rule
    "random-cache-key": Remedy.ONE_KEY,
    "automatic-on-varying-tail": Remedy.SHARED_MARK,
    "no-marker": Remedy.USUAL_MARKS,
    "lifetime-under-gap": Remedy.LONGER_LIFE,
    "long-lifetime-unused": Remedy.SHORTER_LIFE,
    "parallel-first-requests": Remedy.WAITED,
}
_IN_PLACE = frozenset({Change.REWRITTEN, Change.EXTENDED, Change.KEYS_REORDERED})
_COMES_OR_GOES = frozenset({Change.INSERTED, Change.REMOVED})
_MOVED = frozenset({Change.REORDERED, Change.TOOLS_REORDERED})


class Recorder:
    """Collects the occurrences of the causes of one file; what is over the limit is left out."""

    def __init__(self, path: str) -> None:
        """Start empty."""
        self._path = path
        self._models: dict[tuple[str, str | None, bool], RecordedModel] = {}
        self._causes: dict[Cause, list[Occurrence]] = {}
        self._providers: dict[Cause, str] = {}
        self._left = MOST

    def met(self, request: WireRequest, known: Known) -> None:
        """Note what a request is billed as."""
        marked = request.automatic is not None or bool(request.markers)
        key = (request.api.value, request.model, marked)
        if key not in self._models:
            terms = known.terms
            self._models[key] = RecordedModel(
                api=key[0],
                model=request.model,
                marked=marked,
                target=terms.target if terms.minimum is not None else None,
                needs_marks=terms.needs_marks,
            )

    def seen(
        self, rule: RequestRule, program: int, sighting: Sighting, encounter: Encounter
    ) -> None:
        """Note a sighting in one request."""
        found = _occurrence(rule, sighting, encounter)
        self._note((rule.code, program, sighting.key), found, encounter.terms)

    def concluded(self, rule: RequestRule, program: int, sighting: Sighting, terms: Terms) -> None:
        """Note a sighting in all requests of a program."""
        remedy = _PROGRAM.get(rule.name)
        found = None if remedy is None else Occurrence(remedy=remedy, now=_id(sighting.where))
        self._note((rule.code, program, sighting.key), found, terms)

    def recording(self, findings: Mapping[Cause, Finding]) -> Recording:
        """Return what was noted about the findings of the file."""
        return Recording(
            path=self._path,
            models=tuple(self._models.values()),
            causes=tuple(
                RecordedCause(
                    code=finding.code,
                    place=finding.place,
                    expression=finding.expression,
                    program=cause[1],
                    provider=self._providers.get(cause, ""),
                    occurrences=tuple(self._causes.get(cause, ())),
                )
                for cause, finding in findings.items()
            ),
        )

    def _note(self, cause: Cause, found: Occurrence | None, terms: Terms) -> None:
        self._providers.setdefault(cause, terms.provider)
        if found is not None and self._left:
            self._left -= 1
            self._causes.setdefault(cause, []).append(found)


def _id(request: WireRequest) -> RecordId:
    return request.source, request.span.start


def _occurrence(rule: RequestRule, sighting: Sighting, encounter: Encounter) -> Occurrence | None:
    now = _id(sighting.where)
    was = None if sighting.against is None else _id(sighting.against)
    match rule.name:
        case "marker-behind-volatile":
            return _earlier(sighting, encounter)
        case "marker-left-behind":
            return Occurrence(remedy=Remedy.TAIL_MARK, now=now)
        case "random-cache-key":
            return Occurrence(remedy=Remedy.SAME_KEY, now=now, was=was)
        case "entry-beyond-lookback" if encounter.reach is not None:
            return _nearer(encounter.reach, encounter.request.blocks, now)
        case "setting-toggled":
            return _setting(sighting, encounter, now, was)
        case _:
            parted = _parted(sighting, encounter)
            return None if parted is None else _undone(parted)


def _parted(sighting: Sighting, encounter: Encounter) -> Break | None:
    """Return the break that a sighting is about."""
    for parted in encounter.breaks:
        pair = parted.now is sighting.where and parted.was is sighting.against
        if pair and parted.difference.json_path == sighting.json_path:
            return parted
    return None


def _undone(parted: Break) -> Occurrence | None:
    remedy = _remedy(parted)
    if remedy is None:
        return None
    block = parted.difference.block
    return Occurrence(
        remedy=remedy,
        now=_id(parted.now),
        was=_id(parted.was),
        block=block,
        kept=_kept(parted, block) if _is_in_place(parted) else 0,
        in_turn=parted.relation is Relation.TURN,
    )


def _remedy(parted: Break) -> Remedy | None:
    change, block = parted.difference.change, parted.difference.block
    if change is Change.MODEL:
        return Remedy.SAME_MODEL
    roles = _roles(parted, block)
    if Role.TOOLS in roles and _names(parted.was) != _names(parted.now):
        return Remedy.ALL_TOOLS
    if change in _MOVED and parted.in_head:
        return Remedy.SORTED
    if parted.relation is Relation.TURN and not parted.in_head:
        return Remedy.APPENDED
    if _is_in_place(parted):
        return Remedy.SAME_TEXT
    return Remedy.MOVED if change in _COMES_OR_GOES else None


def _is_in_place(parted: Break) -> bool:
    """Say whether a block stands where another text of its kind stood."""
    block = parted.difference.block
    both = block < min(len(parted.was.blocks), len(parted.now.blocks))
    return both and parted.difference.change in _IN_PLACE and len(_roles(parted, block)) == 1


def _roles(parted: Break, block: int) -> set[Role]:
    return {one.blocks[block].role for one in (parted.was, parted.now) if block < len(one.blocks)}


def _names(request: WireRequest) -> list[str]:
    return sorted(block.name for block in request.blocks if block.role is Role.TOOLS)


def _kept(parted: Break, block: int) -> int:
    """Return the bytes of a changed block that may stay: all of it where only its order changed."""
    was, now = parted.was.blocks[block].data, parted.now.blocks[block].data
    reordered = parted.difference.change is Change.KEYS_REORDERED
    if reordered or parted.topic is Topic.ORDER:
        return min(len(was), len(now))
    start = common_start(was, now)
    return max(start + common_end(was[start:], now[start:]), 1)


def _earlier(sighting: Sighting, encounter: Encounter) -> Occurrence | None:
    """Return where the mark would have to stand: in front of the first byte that differs."""
    pairs = (one for one in encounter.breaks if one.was is sighting.against)
    parted = next(pairs, None)
    if parted is None or not _is_in_place(parted):
        return None
    block = parted.difference.block
    was, now = parted.was.blocks[block].data, parted.now.blocks[block].data
    return Occurrence(
        remedy=Remedy.EARLIER_MARK,
        now=_id(parted.now),
        was=_id(parted.was),
        block=block,
        kept=common_start(was, now),
        in_turn=parted.relation is Relation.TURN,
    )


def _nearer(reach: Reach, blocks: Sequence[WireBlock], now: RecordId) -> Occurrence:
    """Return the mark that would have reached the entry: where the entry is."""
    paths = [None if block.marker is None else block.marker.json_path for block in blocks]
    mark = paths.index(reach.json_path) + 1 if reach.json_path in paths else len(blocks)
    return Occurrence(remedy=Remedy.NEARER_MARK, now=now, block=mark - reach.positions + 1)


def _setting(
    sighting: Sighting, encounter: Encounter, now: RecordId, was: RecordId | None
) -> Occurrence | None:
    """Return the toggle and from which block on it loses what is unchanged."""
    previous, request, lost = encounter.previous, encounter.request, sighting.lost
    if previous is None or lost is None or sighting.confidence is not Confidence.CONFIRMED:
        return None
    shared = shared_blocks(previous, request)
    left = encounter.upto(shared).value - lost.value
    depths = range(shared + 1)
    block = next((depth for depth in depths if encounter.upto(depth).value == left), None)
    if block is None:
        return None
    path = sighting.json_path
    known = path in previous.settings or path in request.settings
    return Occurrence(
        remedy=Remedy.SAME_SETTING,
        now=now,
        was=was,
        block=block,
        in_turn=True,
        name=path if known else "",
    )
