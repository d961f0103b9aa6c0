"""Offers repairs of recorded requests: each is audited with the whole file before it is offered.

A repair must lose less, or make the provider take a request; what is said to the model must stay
the same; and nothing may be reported that was not there.  Only where prompts part later than before
may come to light what was hidden behind the place.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING

from promptcost.audit.series.file import Repairs
from promptcost.audit.series.repair.candidates import (
    ORDERED,
    REFUSED,
    REPAIRABLE,
    Finder,
    together,
)
from promptcost.audit.series.repair.held import edited_bytes, hold
from promptcost.audit.series.repair.same import say_the_same
from promptcost.errors import Level, Problem
from promptcost.files.text import MEGABYTE, read_bytes
from promptcost.model.finding import Edit, Finding, Fix, Safety, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from promptcost.audit.series.across import Openings
    from promptcost.audit.series.gather import Cause
    from promptcost.audit.series.repair.held import Held
    from promptcost.audit.series.repair.layout import Candidate, Layout
    from promptcost.audit.series.terms import Market
    from promptcost.rules.requests import Sighting

Wanted = Callable[[Finding], bool]
_MOST_REQUESTS = 2_000
_TRIALS = 48  # of repairs of one file
_TRIED = 64 * MEGABYTE  # written to try repairs of one file
_GAVE_UP = "there may be more fixes than were looked for"
_EDITED = "a repair edits this recording; repair the code that builds the requests by hand"


def is_repairable(findings: Iterable[Finding]) -> bool:
    """Say whether there may be a fix for one of these findings."""
    return any(finding.code in REPAIRABLE for finding in findings)


def find_repairs(
    path: Path, requests: int, market: Market, openings: Openings, wanted: Wanted
) -> Repairs:
    """Return fixes for the findings of a file that are wanted, or why none were looked for.

    `openings` are the first requests of the files before it.
    """
    data = read_bytes(path)
    if isinstance(data, Problem):
        return _none(path, f"it {data.message}", data.repair)
    if requests > _MOST_REQUESTS:
        return _none(path, f"it holds more than {_MOST_REQUESTS:,} requests", "split the file")
    try:
        data.decode()
    except UnicodeDecodeError:
        return _none(path, "it is packed or not UTF-8", "unpack it, and save it as UTF-8")
    first = hold(data, str(path), market, openings)
    search = _Search(first, market, openings, wanted)
    search.run()
    fixes = search.fixes()
    more = () if search.left else (_told(path, _GAVE_UP, "run it again with --fix"),)
    return Repairs(fixes=fixes, notes=(_EDITED,) if fixes else (), problems=more)


def _none(path: Path, reason: str, repair: str) -> Repairs:
    return Repairs(problems=(_told(path, f"no fix is looked for, as {reason}", repair),))


def _told(path: Path, message: str, repair: str) -> Problem:
    return Problem(path=str(path), message=message, repair=repair, level=Level.WARNING)


class _Search:
    """Tries one repair after the other, each on top of those that helped before."""

    def __init__(self, first: Held, market: Market, openings: Openings, wanted: Wanted) -> None:
        self._first = self._now = first
        self._market = market
        self._openings = openings
        self._wanted = wanted
        self._layouts: dict[int, Layout] = {}
        self._steps: list[tuple[Cause, Candidate]] = []
        self._also: dict[Cause, Cause] = {}  # what went away with which repaired cause
        self.left = min(_TRIALS, _TRIED // max(len(first.data), 1))

    def run(self) -> None:
        """Go on until nothing helps any more, or enough was tried."""
        helped = True
        while helped:
            helped = False
            for cause in self._causes():
                helped |= cause in self._now.findings and self._repair(cause)

    def _causes(self) -> list[Cause]:
        found = self._now.findings.items()
        causes = [cause for cause, one in found if cause[0] in REPAIRABLE and self._wanted(one)]
        return sorted(causes, key=lambda cause: (REPAIRABLE.index(cause[0]), cause))

    def _repair(self, cause: Cause) -> bool:
        finder = Finder(
            held=self._now,
            first=self._first,
            terms=lambda request: self._market.of(request).terms,
            earlier=self._openings.kept,
        )
        tried = {self._now.data}
        for candidate in finder.candidates(cause):
            if not self.left:
                return False
            self.left -= 1
            layouts = together(self._layouts, candidate.layouts)
            data = edited_bytes(self._first.data, self._first.edits(layouts))
            if data in tried:
                continue
            tried.add(data)
            after = hold(data, self._first.source, self._market, self._openings)
            if self._keeps_saying(after, layouts) and is_better(self._now, after, cause):
                gone = self._now.findings.keys() - after.findings.keys()
                self._also.update({one: cause for one in gone if one[0] in REPAIRABLE})
                self._now, self._layouts = after, layouts
                self._steps.append((cause, candidate))
                return True
        return False

    def _keeps_saying(self, after: Held, layouts: Mapping[int, Layout]) -> bool:
        before = self._first.requests
        return len(after.requests) == len(before) and all(
            say_the_same(before[index], after.requests[index]) for index in layouts
        )

    def fixes(self) -> dict[Cause, Fix]:
        """Return a fix for each cause that was repaired; one for all where they belong together."""
        made = self._made()
        return {
            cause: made[by]
            for cause, by in {**self._also, **{cause: cause for cause in made}}.items()
            if cause in self._first.findings
        }

    def _made(self) -> dict[Cause, Fix]:
        whole = self._first.edits(self._layouts)
        single: dict[Cause, dict[int, Layout]] = {}
        words: dict[Cause, str] = {}
        for cause, candidate in self._steps:
            single[cause] = together(single.get(cause, {}), candidate.layouts)
            words[cause] = candidate.message
        edits = {cause: self._first.edits(layouts) for cause, layouts in single.items()}
        every = [edit for found in edits.values() for edit in found]
        apart = set(every) == set(whole) and len(every) == len(whole)
        if apart and edits.keys() <= self._first.findings.keys():
            return {cause: _fix(words[cause], found) for cause, found in edits.items()}
        joint = _fix("; ".join(dict.fromkeys(words.values())), whole)
        return dict.fromkeys(edits, joint)


def _fix(message: str, edits: tuple[Edit, ...]) -> Fix:
    return Fix(message=message, safety=Safety.SAFE, edits=edits)


def is_better(before: Held, after: Held, cause: Cause) -> bool:
    """Say whether a repair of a cause helps and does no harm."""
    fresh = _reported(after) - _reported(before)
    if cause[0] in ORDERED:
        return not any(one[0] in ORDERED for one in fresh) and _is_longer_shared(before, after)
    if fresh or _refused(after) > _refused(before):
        return False
    if cause[0] in REFUSED:
        return _refused(after) < _refused(before)
    less = _lost(after.sightings.get(cause, ())) < _lost(before.sightings[cause])
    fallen = _lost(_every(after)) < _lost(_every(before))
    return less and after.read >= before.read and (fallen or after.read > before.read)


def _is_longer_shared(before: Held, after: Held) -> bool:
    """Say whether less is lost where prompts part; that they part further on shows other causes."""
    partings = [
        [one for one in _every(held) if one.excerpt is not None] for held in (before, after)
    ]
    return after.read >= before.read and _lost(partings[1]) < _lost(partings[0])


def _reported(held: Held) -> set[Cause]:
    found = held.findings.items()
    return {cause for cause, finding in found if finding.severity > Severity.NOTE}


def _refused(held: Held) -> int:
    """Count what makes a provider refuse requests."""
    found = held.sightings.items()
    every = (one for cause, sightings in found if cause[0] in REFUSED for one in sightings)
    return sum(one.severity is Severity.HIGH for one in every)


def _every(held: Held) -> Iterable[Sighting]:
    return chain.from_iterable(held.sightings.values())


def _lost(sightings: Iterable[Sighting]) -> int:
    """Add up the tokens lost in all requests."""
    return sum(one.lost.value for one in sightings if one.lost is not None)
