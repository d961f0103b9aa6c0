"""One prompt builder of a file: takes up its requests one at a time and keeps only sums."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from promptcost.audit.series.compare import Pair, break_of, compare
from promptcost.audit.series.entries import Entries, Marks, Reading, marks_of
from promptcost.audit.series.measure import Lengths, mean, minus
from promptcost.audit.series.sharing import SharingTally
from promptcost.audit.series.traffic import (
    BurstTally,
    GapTally,
    KeyTally,
    bare,
    has_hour,
    hour_depth,
)
from promptcost.catalogue import IncrementSpec, UnitSpec
from promptcost.model.count import TokenCount
from promptcost.model.series_report import (
    ConversationReport,
    ProgramReport,
    Relation,
    RequestCost,
)
from promptcost.rules.requests import Encounter, Marked, ProgramFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.series.place import Locator
    from promptcost.audit.series.terms import Known
    from promptcost.wire import Step, WireRequest

SHOWN = 50  # conversations of one program that are spelled out
_LARGEST = 2 << 20  # prompt bytes of a request that is kept to compare users and days


@dataclass(slots=True)
class _Sums:
    prompt: TokenCount
    repeated: TokenCount
    readable: TokenCount
    hour: TokenCount


class Program:
    """Collects what one program's requests say, in constant memory."""

    def __init__(self, step: Step, known: Known, locator: Locator) -> None:
        """Start with the program's first request, whose model decides about the tokens."""
        self.number = step.program
        self._known = known
        self._locator = locator
        self._gauges = known.gauges
        zero = self._gauges[0].zero
        self._sums = _Sums(prompt=zero, repeated=zero, readable=zero, hour=zero)
        self._first = bare(step.request)
        self._entries = Entries()
        self._sharing: dict[Relation, SharingTally] = {}
        self._conversations: dict[int, ConversationReport] = {}
        self._gaps, self._burst, self._keys = GapTally(), BurstTally(), KeyTally()
        self._users: OrderedDict[str, WireRequest] = OrderedDict()
        self._days: OrderedDict[str, WireRequest] = OrderedDict()
        self.requests = self._conversation_count = self._single = 0
        self._unmarked = self._automatic = self._hour = 0
        self._hour_first: WireRequest | None = None
        self._hour_moves = False
        self._stable: TokenCount | None = None
        self._stable_path = ""
        self._marked: Marked | None = None

    def take(self, step: Step, known: Known) -> Encounter:
        """Take up a request and return what the rules should look at."""
        request, terms = step.request, known.terms
        gauge = self._gauges[0]
        lengths = gauge.lengths(request)
        marks = marks_of(request, terms)
        reading = self._entries.read(request, marks, lengths, terms)
        pairs = [compare(relation, was, request, gauge) for relation, was in self._partners(step)]
        for pair in pairs:
            self.share(pair)
        self._count(step, marks)
        self._count_tokens(request, lengths, pairs, reading, known)
        self._count_traffic(step, pairs, known, reading)
        self._keep_opening(step)
        found = (break_of(pair, reading.depth, terms, gauge) for pair in pairs)
        return Encounter(
            request=request,
            previous=step.previous,
            terms=terms,
            upto=lengths.upto,
            breaks=tuple(parted for parted in found if parted is not None),
            reach=reading.reach,
            unmarked=_unmarked(pairs, marks, lengths, known) if self._any_marked() else None,
        )

    def _any_marked(self) -> bool:
        return self._unmarked < self.requests

    @property
    def read(self) -> int:
        """The tokens that the cache rules let its requests read; 0 where they are unknown."""
        return self._sums.readable.value

    def share(self, pair: Pair) -> None:
        """Take up what one pair shares."""
        tally = self._sharing.setdefault(pair.relation, SharingTally(pair.relation))
        tally.add(pair, self._gauges, self._locator)

    def _partners(self, step: Step) -> Iterator[tuple[Relation, WireRequest]]:
        """Yield the requests to compare with: the turn before, or openings of other kinds."""
        if step.previous is not None:
            yield Relation.TURN, step.previous
            return
        request = step.request
        others = {
            Relation.USER: _other(self._users, request.user),
            Relation.DAY: _other(self._days, _day(request)),
        }
        if step.neighbour is not None:
            relation = _relation(step.neighbour, request)
            others.pop(relation, None)
            yield relation, step.neighbour
        for relation, other in others.items():
            if other is not None:
                yield relation, other

    def _count(self, step: Step, marks: Marks) -> None:
        request = step.request
        self.requests += 1
        self._conversation_count += step.turn == 0
        self._single += {0: 1, 1: -1}.get(step.turn, 0)
        self._unmarked += not marks.depths
        self._automatic += marks.depths[:1] == (len(request.blocks),)
        self._keys.add(request.cache_key)

    def _count_tokens(
        self,
        request: WireRequest,
        lengths: Lengths,
        pairs: list[Pair],
        reading: Reading,
        known: Known,
    ) -> None:
        sums, zero = self._sums, self._gauges[0].zero
        best = max((pair.shared for pair in pairs), key=lambda shared: shared.value, default=zero)
        sums.prompt += lengths.total
        sums.repeated += best
        readable = _readable(best, lengths.upto(reading.depth), known)
        sums.readable += zero if readable is None else readable
        marks = marks_of(request, known.terms)
        if has_hour(request):
            self._hour += 1
            self._hour_first = self._hour_first or bare(request)
            depth = hour_depth(request)
            self._hour_moves = self._hour_moves or depth > request.head_depth
            sums.hour += minus(lengths.upto(depth), lengths.upto(reading.depth))
        for pair in pairs:
            if self._stable is None or pair.shared.value < self._stable.value:
                self._stable = pair.shared
                self._stable_path = pair.difference.json_path if pair.difference else ""
        if marks.depths:
            self._note_marks(request, marks, lengths)

    def _note_marks(self, request: WireRequest, marks: Marks, lengths: Lengths) -> None:
        tokens, moves = lengths.upto(marks.last), marks.last > request.head_depth
        known = self._marked
        if known is not None and known.tokens.value >= tokens.value:
            return
        self._marked = Marked(
            where=bare(request), json_path=marks.paths[-1], tokens=tokens, moves=moves
        )

    def _count_traffic(self, step: Step, pairs: list[Pair], known: Known, reading: Reading) -> None:
        request, first = step.request, pairs[0] if pairs else None
        opening = first if step.turn == 0 else None
        if first is not None:
            self._gaps.add(first, reading.since, known.terms)
        minimum = known.terms.minimum
        if opening is not None and minimum and opening.shared.reaches(minimum) is False:
            opening = None
        self._burst.add(request, opening, known.terms)
        shown = self._conversations.get(step.conversation)
        if shown is not None:
            keeps = all(pair.keeps for pair in pairs)
            self._conversations[step.conversation] = replace(
                shown,
                last_line=request.line,
                requests=shown.requests + 1,
                append_only=shown.append_only and keeps,
            )
        elif len(self._conversations) < SHOWN and step.turn == 0:
            self._conversations[step.conversation] = ConversationReport(
                number=step.conversation + 1,
                first_line=request.line,
                last_line=request.line,
                requests=1,
                append_only=True,
                session=request.session,
            )

    def _keep_opening(self, step: Step) -> None:
        request = step.request
        if step.turn or request.size > _LARGEST:
            return
        for kept, key in ((self._users, request.user), (self._days, _day(request))):
            if key is not None:
                kept[key] = request
                kept.move_to_end(key)
                if len(kept) > 2:  # noqa: PLR2004 - the latest and the latest other
                    kept.popitem(last=False)

    def facts(self) -> ProgramFacts:
        """Return what the rules may conclude from."""
        return ProgramFacts(
            first=self._first,
            terms=self._known.terms,
            requests=self.requests,
            conversations=self._conversation_count,
            single=self._single,
            unmarked=self._unmarked,
            automatic=self._automatic,
            stable=self._stable,
            stable_path=self._stable_path,
            keys=len(self._keys.seen),
            keyed=self._keys.keyed,
            hour_marks=self._hour,
            hour_tokens=mean(self._sums.hour, self._hour) if self._hour else None,
            hour_first=self._hour_first,
            hour_moves=self._hour_moves,
            gaps=self._gaps.facts(),
            burst=self._burst.facts(),
            marked=self._marked,
        )

    def report(self) -> ProgramReport:
        """Return the program's part of the report."""
        targets, sums = self._known.lens.targets, self._sums
        known = self._known.terms.spec is not None
        return ProgramReport(
            number=self.number + 1,
            api=self._first.api.value,
            model=self._first.model,
            requests=self.requests,
            conversation_count=self._conversation_count,
            conversations=tuple(self._conversations.values()),
            sharing=tuple(
                self._sharing[relation].report(targets)
                for relation in Relation
                if relation in self._sharing
            ),
            cost=RequestCost(
                target=targets[0].target,
                prompt=mean(sums.prompt, self.requests),
                repeated=mean(sums.repeated, self.requests),
                readable=mean(sums.readable, self.requests) if known else None,
            ),
        )


def _readable(repeated: TokenCount, read: TokenCount, known: Known) -> TokenCount | None:
    """Return the tokens that the cache rules let a request read; None where they are unknown."""
    spec, minimum = known.terms.spec, known.terms.minimum or 0
    if spec is None:
        return None
    if known.terms.breakpoints is not None:
        return read if read.value >= minimum else minus(read, read)
    step = spec.step.value if isinstance(spec, IncrementSpec | UnitSpec) else 1
    over = replace(repeated, value=repeated.value % step, low=0, high=repeated.value % step)
    return minus(repeated, over if repeated.value >= minimum else repeated)


def _unmarked(pairs: list[Pair], marks: Marks, lengths: Lengths, known: Known) -> TokenCount | None:
    """Return what a turn repeats behind its last mark, or all of it when it dropped its marks."""
    if not known.terms.needs_marks:
        return None
    turns = [pair for pair in pairs if pair.relation is Relation.TURN and pair.keeps]
    return minus(turns[0].shared, lengths.upto(marks.last)) if turns else None


def _relation(was: WireRequest, now: WireRequest) -> Relation:
    if was.user is not None and now.user is not None and was.user != now.user:
        return Relation.USER
    days = _day(was), _day(now)
    return Relation.DAY if None not in days and days[0] != days[1] else Relation.CONVERSATION


def _day(request: WireRequest) -> str | None:
    return None if request.time is None else request.time.date().isoformat()


def _other(kept: OrderedDict[str, WireRequest], key: str | None) -> WireRequest | None:
    if key is None:
        return None
    return next((kept[other] for other in reversed(kept) if other != key), None)
