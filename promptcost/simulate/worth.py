"""What findings cost on a workload's own traffic.

The cost of a cause is the simulated cost as the prompt is, minus the cost with that one cause
removed: its text moved behind everything else in the request, on the same arrivals.  Text that the
workload declares static has no cost to remove, and without a cache no cause costs anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.catalogue import Offer
from promptcost.errors import DataError, Level
from promptcost.model.audit_report import Worth
from promptcost.model.finding import FindingCost
from promptcost.model.prompt import Role
from promptcost.model.span import LineIndex
from promptcost.simulate.money import monthly_cost
from promptcost.simulate.run import draw_arrivals, scale_of, stalls_for
from promptcost.simulate.stall import play_all
from promptcost.simulate.targets import offers_for
from promptcost.simulate.written import (
    Opened,
    SettingsFor,
    Written,
    as_usual,
    open_parts,
    stability_of,
    write,
)
from promptcost.tokens import OwnTokenizers
from promptcost.workload.arrivals import Arrivals
from promptcost.workload.spec import Part, Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from decimal import Decimal

    from promptcost.catalogue import Catalogue
    from promptcost.model.audit_report import AuditReport, FileReport
    from promptcost.model.finding import Finding
    from promptcost.model.span import Place, Span
    from promptcost.templates import Piece

_ENOUGH = 10_000  # requests: differences are paired, so few suffice
_MOVED = "moved behind the request"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What every play of one workload shares."""

    workload: Workload
    offers: Sequence[Offer]
    tokenizers: OwnTokenizers
    came: Arrivals
    seed: int

    def costs(self, workload: Workload, written: Mapping[str, Written]) -> list[Decimal]:
        """Return the monthly cost at every target of a prompt on the shared arrivals."""
        stalls = stalls_for(workload, self.offers, written, self.tokenizers)
        results = play_all(workload, self.came, stalls, self.seed, lambda _: None)
        scale = scale_of(self.workload, self.came)
        return [monthly_cost(result, self.workload, scale).total for result in results]


def with_costs(  # noqa: PLR0913 - what a simulation takes, and the report
    report: AuditReport,
    workload: Workload,
    catalogue: Catalogue,
    *,
    targets: Sequence[str] | None,
    at: datetime,
    seed: int | None,
    tokenizers: OwnTokenizers,
    settings_for: SettingsFor = as_usual,
    progress: Callable[[float], None] = lambda _: None,
) -> AuditReport:
    """Return the report with the dollars of every finding in a template that the workload uses.

    Raises DataError for faults of targets and templates, and NothingToDo for a period without
    requests.
    """
    offers, problems = offers_for(workload, catalogue, targets, at)
    offers = [offer for offer in offers if not offer.target.uncached]
    opened, faults = open_parts(workload, settings_for)
    if any(problem.level is Level.ERROR for problem in [*problems, *faults]):
        raise DataError([*problems, *faults])
    written = {name: write(one, one.renders.base.pieces) for name, one in opened.items()}
    seed = workload.seed if seed is None else seed
    stalls = stalls_for(workload, offers, written, tokenizers)
    came = draw_arrivals(workload, stalls, seed, most=_ENOUGH)
    bench = _Bench(workload=workload, offers=offers, tokenizers=tokenizers, came=came, seed=seed)
    as_it_is = bench.costs(workload, written)
    names = [str(offer.target) for offer in offers]
    causes = _causes(report, opened)
    costs = {}
    for done, (key, spots) in enumerate(causes.items()):
        progress((done + 1) / (len(causes) + 2))
        without = bench.costs(*_without(workload, opened, written, spots))
        costs[key] = tuple(
            FindingCost(target=name, per_month=now - then)
            for name, now, then in zip(names, as_it_is, without, strict=True)
        )
    every = [spot for spots in causes.values() for spot in spots]
    repaired = bench.costs(*_without(workload, opened, written, every)) if every else as_it_is
    progress(1.0)
    worth = tuple(
        Worth(target=name, as_it_is=now, repaired=then)
        for name, now, then in zip(names, as_it_is, repaired, strict=True)
    )
    files = tuple(_with_costs(file, costs) for file in report.files)
    return replace(report, files=files, worth=worth if causes else ())


_Spot = tuple[str, "Span"]  # the part's name and the tag whose output is the cause
_Key = tuple[str, "Place", str]


def _causes(report: AuditReport, opened: Mapping[str, Opened]) -> dict[_Key, list[_Spot]]:
    """Return the tags behind each finding, where the workload varies what they print."""
    found: dict[_Key, list[_Spot]] = {}
    for name, one in opened.items():
        path = Path(one.template.source.path).resolve()
        index = LineIndex(one.template.source.container)
        stability = stability_of(one)
        varying = [
            p for p in one.renders.base.pieces if p.expression and not stability(p).is_static
        ]
        for file in report.files:
            for finding in file.findings if Path(file.path).resolve() == path else ():
                spots = dict.fromkeys(
                    span
                    for piece in varying
                    for span in (piece.span, *piece.loops, *piece.stack)
                    if _is_at(index, span, finding)
                )
                if spots:
                    found[_key(finding)] = [(name, span) for span in spots]
    return found


def _is_at(index: LineIndex, span: Span, finding: Finding) -> bool:
    starts = {
        (place.start_line, place.start_column)
        for place in (finding.place, *(one.place for one in finding.related if one.is_same_cause))
    }
    return index.position(span.start) in starts


def _key(finding: Finding) -> _Key:
    return (finding.code, finding.place, finding.expression)


def _without(
    workload: Workload,
    opened: Mapping[str, Opened],
    written: Mapping[str, Written],
    spots: Iterable[_Spot],
) -> tuple[Workload, dict[str, Written]]:
    """Return the workload and its texts with the output of some tags moved behind the request."""
    texts = dict(written)
    parts = list(workload.prompt)
    wanted = set(spots)
    for name in {name for name, _ in wanted}:
        one = opened[name]
        pieces = one.renders.base.pieces
        stability = stability_of(one)
        moved = [
            piece
            for piece in pieces
            if not stability(piece).is_static and _is_from(piece, name, wanted)
        ]
        texts[name] = write(one, [piece for piece in pieces if piece not in moved])
        behind = f"{_MOVED}: {name}"
        texts[behind] = write(one, moved)
        parts.append(Part(name=behind, role=Role.USER, template=one.part.template))
    return replace(workload, prompt=tuple(parts)), texts


def _is_from(piece: Piece, name: str, wanted: set[_Spot]) -> bool:
    return any((name, span) in wanted for span in (piece.span, *piece.loops, *piece.stack))


def _with_costs(file: FileReport, costs: Mapping[_Key, tuple[FindingCost, ...]]) -> FileReport:
    findings = tuple(
        replace(finding, costs=costs.get(_key(finding), ())) for finding in file.findings
    )
    return replace(file, findings=findings)
