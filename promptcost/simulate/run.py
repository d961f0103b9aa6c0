"""One simulation from a workload to its report: the same arrivals at every target."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue.target import DEFAULT_TARGETS
from promptcost.errors import DataError, Level, NothingToDo
from promptcost.model.simulation_report import InputUncertainty, SimulationReport
from promptcost.simulate.layout import count_layout
from promptcost.simulate.money import Scale, months
from promptcost.simulate.placement import place
from promptcost.simulate.result import target_result
from promptcost.simulate.spread import WINDOW, spreads
from promptcost.simulate.stall import Stall, play_all, streams_of, twins_of
from promptcost.simulate.targets import offers_for
from promptcost.simulate.tariff import Tariff, start_of
from promptcost.simulate.verdict import cheapest_of
from promptcost.simulate.written import as_usual, write_parts
from promptcost.tokens import NO_OWN_TOKENIZERS
from promptcost.workload.arrivals import arrivals
from promptcost.workload.spec import MONTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from promptcost.catalogue import Catalogue, Offer
    from promptcost.errors import Problem
    from promptcost.simulate.reference import PlayResult
    from promptcost.simulate.spread import Spread
    from promptcost.simulate.written import SettingsFor, Written
    from promptcost.tokens import OwnTokenizers
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.spec import Workload

# Steps of the full run; a month that needs more is sampled, by whole weeks or days, and scaled.
WORK = 800_000
STEPS_PER_STREAM = 3  # what making a request costs, in units of playing it at one target
STEPS_WITH_HISTORY = 2  # what a conversation's longer chains make of every step
FEWEST, MOST = 20_000, 250_000  # bounds of the requests of the full run
REPLICATES = 100

_ARRIVALS_STREAM = 1
_SCALE_DIGITS = Decimal("0.000000001")


def run_simulation(  # noqa: PLR0913 - the public entry point; all but two are keywords
    workload: Workload,
    catalogue: Catalogue,
    *,
    targets: Sequence[str] | None = None,
    at: datetime,
    seed: int | None = None,
    replicates: int = REPLICATES,
    tokenizers: OwnTokenizers = NO_OWN_TOKENIZERS,
    settings_for: SettingsFor = as_usual,
    progress: Callable[[float], None] = lambda _: None,
) -> SimulationReport:
    """Simulate a workload at its targets, or at `targets`, priced at the instant `at`.

    `settings_for` says how each template is written; `progress` gets the share done, 0 to 1.
    Raises DataError with every fault of targets, templates and markers, and NothingToDo when the
    period holds no request.
    """
    stalls, written, problems = _prepared(
        workload, catalogue, targets, at, tokenizers, settings_for
    )
    seed = workload.seed if seed is None else seed
    came = draw_arrivals(workload, stalls, seed)
    results, spread = _played(workload, came, stalls, seed, replicates, progress)
    scale = scale_of(workload, came)
    found = tuple(
        target_result(workload, stall, result, scale, varied)
        for stall, result, varied in zip(stalls, results, spread, strict=True)
    )
    return SimulationReport(
        workload=workload.name,
        path=workload.origin.path if workload.origin else "",
        period=workload.period,
        month=MONTH,
        seed=seed,
        requests=len(came),
        requests_per_month=round(workload.expected_requests * months(workload)),
        conversations=int((came.turn == 0).sum()),
        priced_at=at.date(),
        defaults=(*workload.defaults_used, *_default_targets(workload, targets)),
        uncertainty=_uncertainty(workload),
        targets=found,
        cheapest=cheapest_of(found),
        budget=workload.usd_per_month,
        problems=tuple(problems),
        warnings=tuple(_warnings(workload, stalls, written)),
    )


def _prepared(  # noqa: PLR0913, PLR0917 - what a simulation depends on
    workload: Workload,
    catalogue: Catalogue,
    targets: Sequence[str] | None,
    at: datetime,
    tokenizers: OwnTokenizers,
    settings_for: SettingsFor,
) -> tuple[list[Stall], Mapping[str, Written], list[Problem]]:
    """Return the targets, the templates and warnings about them.  Raises DataError on a fault."""
    offers, problems = offers_for(workload, catalogue, targets, at)
    written, faults = write_parts(workload, settings_for)
    whole = len(written) == _templates(workload)
    stalls = stalls_for(workload, offers, written, tokenizers) if whole else []
    problems += [*faults, *(fault for one in stalls for fault in one.placed.problems)]
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    return stalls, written, problems


def _uncertainty(workload: Workload) -> tuple[InputUncertainty, ...]:
    return tuple(
        InputUncertainty(name=name, relative=float(share)) for name, share in workload.uncertainty
    )


def _played(  # noqa: PLR0913, PLR0917 - what every engine run takes
    workload: Workload,
    came: Arrivals,
    stalls: Sequence[Stall],
    seed: int,
    replicates: int,
    progress: Callable[[float], None],
) -> tuple[list[PlayResult], list[Spread | None]]:
    """Play the full run, then the replicates where an uncertainty is declared."""
    spans = replicates if workload.uncertainty else 0
    streams = len(streams_of(workload, stalls))
    total = streams * (len(came) + spans * WINDOW)
    results = play_all(workload, came, stalls, seed, lambda done: progress(done / total))
    if not spans:
        progress(1.0)
        return results, [None] * len(stalls)
    spread = spreads(
        workload,
        stalls,
        seed=seed,
        replicates=spans,
        progress=lambda done: progress(streams * (len(came) + done * WINDOW) / total),
    )
    progress(1.0)
    return results, spread


def _default_targets(workload: Workload, targets: Sequence[str] | None) -> Iterable[str]:
    if targets is None and not workload.targets:
        yield f"no target is named, so {', '.join(DEFAULT_TARGETS)}"


def _templates(workload: Workload) -> int:
    return sum(part.template is not None for part in workload.prompt)


def stalls_for(
    workload: Workload,
    offers: Iterable[Offer],
    written: Mapping[str, Written],
    tokenizers: OwnTokenizers,
) -> list[Stall]:
    """Return the targets with the prompt in their tokens and their markers placed."""
    start = start_of(workload)
    layouts = {}
    stalls = []
    for offer in offers:
        name = offer.card.tokenizer or "unknown"
        if name not in layouts:
            layouts[name] = count_layout(workload, written, tokenizers.counter(name))
        stalls.append(
            Stall(
                offer=offer,
                tariff=Tariff(offer, start),
                placed=place(workload, offer, layouts[name]),
                layout=layouts[name],
            )
        )
    return stalls


def draw_arrivals(
    workload: Workload, stalls: Sequence[Stall], seed: int, most: int = MOST
) -> Arrivals:
    """Return the requests that every target sees, of as long a window as is worth playing.

    Measured on the three samples that are sampled (4 to 7 days; five seeds, one to three months):
    the standard deviation of a monthly cost is at most 0.45 % and the mean within 0.4 % of the
    month's, the first writes of the window included, so it is not warmed up.  The exception is a
    blocks cache too small for its traffic (coding-agent on vLLM): 7 % by week, whole months vary
    by 5 %.  Raises NothingToDo when the window holds no request.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    streams = streams_of(workload, stalls)
    plays = sum(len(twins_of(stalls, stream.members)) for stream in streams)
    steps = plays + STEPS_PER_STREAM * len(streams)
    if workload.history is not None:
        steps *= STEPS_WITH_HISTORY
    limit = min(max(WORK // steps, FEWEST), most)
    came = arrivals(workload, np.random.default_rng([seed, _ARRIVALS_STREAM]), limit=limit)
    if not len(came):
        message = "the traffic of the period is so low that it holds no request"
        raise NothingToDo(message)
    return came


def scale_of(workload: Workload, came: Arrivals) -> Scale:
    """Return the declared volume over the drawn one: chance in their number is no cost."""
    drawn = (workload.expected_requests / len(came)).quantize(_SCALE_DIGITS)
    return Scale(requests=drawn, time=came.scale)


def _warnings(
    workload: Workload, stalls: Sequence[Stall], written: Mapping[str, Written]
) -> Iterable[str]:
    yield from (note for part in written.values() for note in part.notes)
    tokenizers = sorted({one.layout.tokenizer for one in stalls})
    if len(tokenizers) > 1 and any(part.tokens is not None for part in workload.prompt):
        yield (
            "parts declared in tokens count the same at every target, although tokenizers differ "
            f"({', '.join(tokenizers)}); a part given as a template is counted for each"
        )
    if not workload.uncertainty:
        yield "no input uncertainty declared: costs are shown without an interval"
