"""What findings in recorded requests cost: the requests replayed as they are and without a cause.

The recorded requests are the traffic.  They keep their order, and their times where all have one;
the workload says how many come in a month.  A cause is undone in every request in which it was
seen (`Remedy`), everything else stays; its cost is the difference.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import DataError, Level
from promptcost.model.audit_report import Replay, Traffic, Worth
from promptcost.model.finding import FindingCost
from promptcost.model.recording import Remedy
from promptcost.simulate.money import months
from promptcost.simulate.recorded.bench import NOTHING, Bench, Place, places_of
from promptcost.simulate.recorded.tape import read_tape
from promptcost.simulate.recorded.times import schedule
from promptcost.simulate.targets import offers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from promptcost.catalogue import Catalogue, Offer
    from promptcost.model.audit_report import AuditReport, FileReport
    from promptcost.model.finding import Finding
    from promptcost.model.recording import RecordedCause, RecordedModel, Recording
    from promptcost.model.span import Place as Spot
    from promptcost.simulate.recorded.tape import Tape
    from promptcost.tokens import OwnTokenizers
    from promptcost.workload.spec import Workload

_Key = tuple[str, "Spot", str]


def with_recorded_costs(  # noqa: PLR0913 - what a simulation takes, the report and its recordings
    report: AuditReport,
    recordings: Sequence[Recording],
    workload: Workload,
    catalogue: Catalogue,
    *,
    targets: Sequence[str] | None,
    at: datetime,
    tokenizers: OwnTokenizers,
    progress: Callable[[float], None] = lambda _: None,
) -> AuditReport:
    """Return the report with the dollars of every finding in a file of recorded requests.

    The requests are replayed at `targets`, else at those of the workload, else each at the target
    that its own model names.  Raises DataError for targets that do not exist.
    """
    models = tuple(dict.fromkeys(one for made in recordings for one in made.models))
    named = tuple(targets or workload.targets)
    offers = _offers(named, models, workload, catalogue, at)
    names = sorted({offer.card.tokenizer or "unknown" for offer in offers})
    found = {_key(finding) for finding in report.findings}
    causes = [one for made in recordings for one in made.causes if _key_of(one) in found]
    if not named:
        causes = [_at_own_prices(one) for one in causes]
    tape = read_tape(
        (Path(made.path) for made in recordings),
        {name: tokenizers.counter(name) for name in names},
        plays=(len(causes) + 2) * (len(offers) if named else 1),
    )
    if not tape.takes:  # the files are gone
        return report
    bench = Bench(tape=tape, workload=workload, causes=causes, came=schedule(tape, workload))
    members = _members(tape, offers, () if named else models)
    places = places_of(bench, offers, catalogue, models if named else (), members)
    costs, worth = _costs(bench, places, progress)
    by_key = {_key_of(one): costs[number] for number, one in enumerate(causes)}
    files = tuple(_with_costs(file, by_key) for file in report.files)
    replay = Replay(
        requests=len(tape.takes),
        recorded=sum(file.series.requests for file in files if file.series is not None),
        requests_per_month=round(workload.expected_requests * months(workload)),
        times=bench.came.clocking,
        output_tokens=round(workload.output_tokens.mean),
        priced_at=at.date(),
        findings=len(causes),
        priced=sum(map(bool, costs)),
        notes=tuple(_notes(models, places, named, causes)),
    )
    return replace(report, files=files, worth=(*report.worth, *worth), replay=replay)


def _offers(
    named: Sequence[str],
    models: Sequence[RecordedModel],
    workload: Workload,
    catalogue: Catalogue,
    at: datetime,
) -> list[Offer]:
    own = list(dict.fromkeys(one.target for one in models if one.target is not None))
    # Faults of the workload's targets are told at their lines.
    wanted = None if named and named == workload.targets else named or own
    offers, problems = offers_for(workload, catalogue, wanted, at)
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    return [offer for offer in offers if not offer.target.uncached]


def _at_own_prices(cause: RecordedCause) -> RecordedCause:
    """Return a cause as it is undone where each model has its own prices.

    With the model of the turn before a request would cost what that model costs, which says
    nothing of the cache; so the new model reads what the old one was sent.
    """
    found = (
        replace(one, remedy=Remedy.READ_BACK) if one.remedy is Remedy.SAME_MODEL else one
        for one in cause.occurrences
    )
    return replace(cause, occurrences=tuple(found))


def _members(
    tape: Tape, offers: Sequence[Offer], models: Sequence[RecordedModel]
) -> dict[str, Sequence[int]]:
    """Return the requests that each target serves: all of them, or those to its own model."""
    if not models:
        return {str(offer.target): range(len(tape.takes)) for offer in offers}
    target_of = {(one.api, one.model, one.marked): one.target for one in models}
    members: dict[str, list[int]] = {}
    for number, take in enumerate(tape.takes):
        target = target_of.get((take.api, take.model, take.marked))
        if target is not None:
            members.setdefault(target, []).append(number)
    return dict(members)


def _costs(
    bench: Bench, places: Sequence[Place], progress: Callable[[float], None]
) -> tuple[list[tuple[FindingCost, ...]], list[Worth]]:
    """Return the dollars of each cause, and those of all requests, target by target."""
    now = [bench.cost(place, NOTHING) for place in places]
    together = bench.together()
    costs = []
    for number in range(len(bench.causes)):
        progress((number + 1) / (len(bench.causes) + 2))
        costs.append(tuple(_of_one(bench, places, now, number, together[number])))
    worth = []
    for place, as_it_is in zip(places, now, strict=True):
        repaired = bench.cost(place, place.causes)
        if as_it_is is not None and repaired is not None:
            worth.append(
                Worth(
                    target=place.name,
                    as_it_is=as_it_is,
                    repaired=repaired,
                    traffic=Traffic.RECORDED,
                )
            )
    progress(1.0)
    return costs, worth


def _of_one(
    bench: Bench,
    places: Sequence[Place],
    now: Sequence[Decimal | None],
    number: int,
    together: tuple[str, ...],
) -> Iterator[FindingCost]:
    for place, as_it_is in zip(places, now, strict=True):
        if number not in place.causes or as_it_is is None:
            continue
        without = bench.cost(place, frozenset({number}))
        if without is not None:
            yield FindingCost(
                target=place.name, per_month=as_it_is - without, together_with=together
            )


def _notes(
    models: Sequence[RecordedModel],
    places: Sequence[Place],
    named: Sequence[str],
    causes: Sequence[RecordedCause],
) -> Iterator[str]:
    unknown = sorted({one.model or "a nameless model" for one in models if one.target is None})
    if unknown and not named:
        shown = ", ".join(repr(name[:60]) for name in unknown[:5])
        yield f"not priced, because the catalogue has no such model: {shown}; name a --target"
    remedies = {one.remedy for cause in causes for one in cause.occurrences}
    if Remedy.READ_BACK in remedies:
        yield (
            "a switched model is priced as if it could read what the turn before sent, at its own"
            " price of reading"
        )
    yield from filter(None, (place.stage.terms.note for place in places))


def _key(finding: Finding) -> _Key:
    return finding.code, finding.place, finding.expression


def _key_of(cause: RecordedCause) -> _Key:
    return cause.code, cause.place, cause.expression


def _with_costs(file: FileReport, costs: Mapping[_Key, tuple[FindingCost, ...]]) -> FileReport:
    if file.series is None:
        return file
    findings = tuple(replace(one, costs=costs.get(_key(one), ())) for one in file.findings)
    return replace(file, findings=findings)
