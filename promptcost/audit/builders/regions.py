"""The parts of a prompt that another world has otherwise: what changes them, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.builders.changes import changed, is_reordered, joined
from promptcost.audit.builders.prompt import Prompt
from promptcost.audit.facets import PACE_OF_KIND, Pace
from promptcost.model.audit_report import Change
from promptcost.model.finding import Confidence
from promptcost.model.stability import Clock
from promptcost.rules import Via
from promptcost.templates.names import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.builders.arguments import Arguments
    from promptcost.audit.builders.changes import Range
    from promptcost.audit.builders.runs import Runs
    from promptcost.templates.values import Values

_CLOCKS = (
    (Change.NEXT_SECOND, Clock.SECOND, Pace.SECOND),
    (Change.NEXT_MINUTE, Clock.MINUTE, Pace.SECOND),
    (Change.NEXT_HOUR, Clock.HOUR, Pace.HOUR),
    (Change.NEXT_DAY, Clock.DAY, Pace.DAY),
)
# Characters between two changed words that are still one value: in a moment, in a sentence.
_GAP_OF_MOMENT, _GAP_OF_TEXT = 12, 40
# Digits, a run of hexadecimal digits, or a long word that holds a digit.
_IDENTIFIER = re.compile(r"\d+|(?:0x)?[0-9a-fA-F]{6,}|[0-9a-fA-F-]{12,}|(?=\w*\d)[\w-]{8,}")
_SURENESS = (Confidence.CONFIRMED, Confidence.DECLARED, Confidence.SUSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Characters of the base prompt that another prompt has otherwise.

    `names` are the arguments it comes from, empty for what the builder fetches itself.
    """

    start: int
    end: int
    kind: Kind
    clock: Clock = Clock.NEVER
    pace: Pace
    via: Via = Via.PRINTED
    confidence: Confidence = Confidence.CONFIRMED
    names: tuple[str, ...] = ()
    other: Prompt


def regions(runs: Runs, arguments: Arguments) -> list[Region]:
    """Return every region in the order of the prompt; they may overlap."""
    found = [
        *_clocks(runs, arguments),
        *_chance(runs),
        *_state(runs),
        *_arguments(runs, arguments),
        *_process(runs),
        *_elsewhere(runs),
    ]
    return sorted(found, key=lambda region: (region.start, region.pace))


def _clocks(runs: Runs, arguments: Arguments) -> Iterator[Region]:
    """Yield each value that follows the clock with the finest step that changes it."""
    base, values = runs.base.text, arguments.values
    steps = {change: changed(base, runs.changes[change].text) for change, *_ in _CLOCKS}
    everything = [each for ranges in steps.values() for each in ranges]
    given = [name for name in arguments.paths if values.reading(name).kind is Kind.TIME]
    for start, end in joined(everything, base, _GAP_OF_MOMENT, lines=False):
        for change, clock, pace in _CLOCKS:
            if any(start <= at and to <= end for at, to in steps[change]):
                yield Region(
                    start=start,
                    end=end,
                    kind=Kind.TIME,
                    clock=clock,
                    pace=pace,
                    names=tuple(given),
                    confidence=_of_names(given, values),
                    other=runs.changes[change],
                )
                break


def _chance(runs: Runs) -> Iterator[Region]:
    base, other = runs.base.text, runs.chance
    for start, end in joined(changed(base, other.text), base, _GAP_OF_MOMENT, lines=False):
        is_id = _IDENTIFIER.fullmatch(base[start:end].strip()) is not None
        kind = Kind.ID if is_id else Kind.RANDOM
        yield Region(start=start, end=end, kind=kind, pace=Pace.REQUEST, other=other)


def _state(runs: Runs) -> Iterator[Region]:
    """Yield what differs between two equal calls in one process: counters, addresses, memory."""
    base, other = runs.base.text, runs.again
    for start, end in joined(changed(base, other.text), base, _GAP_OF_MOMENT, lines=False):
        kind = Kind.COUNTER if base[start:end].strip().isdigit() else Kind.RANDOM
        yield Region(start=start, end=end, kind=kind, pace=Pace.REQUEST, other=other)


def _arguments(runs: Runs, arguments: Arguments) -> Iterator[Region]:
    base, values = runs.base.text, arguments.values
    for kind, other in runs.kinds.items():
        names = [name for name in arguments.paths if values.reading(name).kind is kind]
        for start, end in joined(changed(base, other.text), base, _GAP_OF_TEXT, lines=True):
            yield Region(
                start=start,
                end=end,
                kind=kind,
                pace=PACE_OF_KIND[kind],
                names=tuple(names),
                confidence=_of_names(names, values),
                other=other,
            )


def _of_names(names: list[str], values: Values) -> Confidence:
    """Return how it is known what arguments vary with; the builder's own clock was seen."""
    found = [values.confidence(name) for name in names]
    return min(found, key=_SURENESS.index) if found else Confidence.CONFIRMED


def _process(runs: Runs) -> Iterator[Region]:
    """Yield what a process keeps: the order of sets, and what is fetched once when it starts."""
    base = runs.again.text
    if base != runs.base.text:  # what differs from call to call would be taken for the process's
        return
    hashed = changed(base, runs.hashed.text)
    started = changed(base, runs.started.text)
    for start, end in joined(started, base, _GAP_OF_MOMENT, lines=False):
        if any(_meet((start, end), each) for each in hashed):
            continue
        yield Region(
            start=start,
            end=end,
            kind=Kind.TIME,
            clock=Clock.DEPLOY,
            pace=Pace.PROCESS,
            other=runs.started,
        )
    if is_reordered(base, runs.hashed.text):
        hashed = [(hashed[0][0], hashed[-1][1])]
    for start, end in joined(hashed, base, _GAP_OF_MOMENT, lines=False):
        is_order = not _IDENTIFIER.fullmatch(base[start:end].strip())
        yield Region(
            start=start,
            end=end,
            kind=Kind.UNKNOWN if is_order else Kind.SESSION,
            via=Via.ORDER if is_order else Via.PRINTED,
            pace=Pace.PROCESS,
            other=runs.hashed,
        )


def _elsewhere(runs: Runs) -> Iterator[Region]:
    base, other = runs.base.text, runs.elsewhere
    for start, end in joined(changed(base, other.text), base, _GAP_OF_TEXT, lines=False):
        yield Region(start=start, end=end, kind=Kind.ENVIRONMENT, pace=Pace.SESSION, other=other)


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
