"""Compares the first requests of several files, as other sessions or days of the same programs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from promptcost.audit.series.compare import Pair, break_of, compare
from promptcost.audit.series.entries import Entries, marks_of
from promptcost.model.series_report import Relation
from promptcost.rules.requests import Encounter
from promptcost.wire import WireRequest, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.audit.series.terms import Known

_FILES = 16  # openings of earlier files that are kept


@dataclass(slots=True)
class Openings:
    """The first requests of the files audited so far."""

    kept: list[WireRequest] = field(default_factory=list)

    def add(self, requests: Sequence[WireRequest]) -> None:
        """Keep the first requests of one more file."""
        self.kept += requests
        del self.kept[:-_FILES]

    def partner(self, request: WireRequest) -> WireRequest | None:
        """Return the latest kept request of the same program."""
        alike = [one for one in self.kept if (one.api, one.model) == (request.api, request.model)]
        *_, last = group([*alike, request])
        return last.previous or last.neighbour


def meet(was: WireRequest, now: WireRequest, known: Known) -> tuple[Pair, Encounter]:
    """Return a pair from two files, and what the rules should look at."""
    gauge, terms = known.gauges[0], known.terms
    pair = compare(Relation.FILE, was, now, gauge)
    entries = Entries()
    entries.read(was, marks_of(was, terms), pair.lengths[0], terms)
    reading = entries.read(now, marks_of(now, terms), pair.lengths[1], terms)
    parted = break_of(pair, reading.depth, terms, gauge)
    # Only what lies between the files is new: each request was looked at with its own file.
    return pair, Encounter(
        request=replace(now, blocks=(), automatic=None),
        previous=None,
        terms=terms,
        upto=pair.lengths[1].upto,
        breaks=() if parted is None else (parted,),
        reach=None,
        unmarked=None,
    )
