"""What qualifies the figures of a simulated target, as labelled sentences for every layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.simulation_report import BudgetStatus, MarkerSource
from promptcost.model.usage import format_ttl
from promptcost.report.numbers import count, declared, roughly, share
from promptcost.report.tables import yes_no

if TYPE_CHECKING:
    from promptcost.model.simulation_report import (
        BelowMinimum,
        PlacedMarker,
        SimulationReport,
        TargetResult,
    )

Detail = tuple[str, str]

_PLACED_BY = {
    MarkerSource.DECLARED: "as declared",
    MarkerSource.NATURAL: "placed by promptcost",
    MarkerSource.AUTOMATIC: "by the provider",
}
_BUDGET = {
    BudgetStatus.WITHIN: "within the budget",
    BudgetStatus.AT_RISK: "at risk: the P95 is over the budget",
    BudgetStatus.OVER: "over the budget",
    BudgetStatus.UNKNOWN: "cannot tell",
}


def headline(report: SimulationReport) -> list[str]:
    """Return the sentences above the tables: volume, what was simulated, what the interval is."""
    drawn = f"{count(report.requests)} requests in {count(report.conversations)} conversations"
    scaled = "" if report.requests == report.requests_per_month else ", figures scaled to the month"
    return [
        f"{report.workload}: {count(report.requests_per_month)} requests a month",
        f"Simulated {drawn}{scaled}",
        f"Prices of {report.priced_at.isoformat()}, seed {report.seed}; {_interval(report)}",
    ]


def _interval(report: SimulationReport) -> str:
    if not report.uncertainty:
        return "no interval, because the workload declares no uncertainty"
    inputs = ", ".join(f"{item.name} ±{declared(item.relative)}" for item in report.uncertainty)
    draws = max((t.percentiles.replicates for t in report.targets if t.percentiles), default=0)
    return f"P5 - P50 - P95 over {inputs} ({count(draws)} draws)"


def target_details(result: TargetResult) -> list[Detail]:
    """Return label and sentence of everything a reader must know about one target's figures."""
    details = [("markers", "; ".join(map(_marker, result.placement)))] if result.placement else []
    details += [("too short", _too_short(below)) for below in result.below_minimum]
    if result.break_even is not None:
        seen = result.break_even.simulated
        simulated = "" if seen is None else f"; simulated {share(seen)}"
        text = f"{share(result.break_even.hit_rate)} of the marked tokens read{simulated}"
        details.append(("break-even", text))
    if result.budget is not None:
        details.append(("budget", _BUDGET[result.budget]))
    if result.dominant_input:
        details.append(("driven by", result.dominant_input))
    details.append(("tokens", _tokens(result)))
    details.append(("prices", _prices(result)))
    details += [
        ("assumed", f"{item.knob} = {item.value} ({item.evidence}){_tail(item.note)}")
        for item in result.assumptions
    ]
    own = f"{result.target}: "  # said beside the note anyway
    return details + [("note", note.removeprefix(own)) for note in result.notes]


def shared_details(report: SimulationReport) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every detail once, label by label, with the targets it holds for (empty: all).

    What the workload left open and the warnings of the whole run come last.
    """
    holders: dict[Detail, list[str]] = {}
    for result in report.targets:
        for detail in target_details(result):
            holders.setdefault(detail, []).append(result.target)
    labels = list(dict.fromkeys(label for label, _ in holders))
    everywhere = len(report.targets)
    details: list[tuple[str, str, tuple[str, ...]]] = [
        (label, text, () if len(targets) == everywhere else tuple(targets))
        for (label, text), targets in sorted(
            holders.items(), key=lambda item: labels.index(item[0][0])
        )
    ]
    if report.defaults:
        details.append(("default", "; ".join(report.defaults), ()))
    return details + [("warning", text, ()) for text in report.warnings]


def _marker(marker: PlacedMarker) -> str:
    ttl = "" if marker.ttl is None else f"{format_ttl(marker.ttl)}, "
    return f"behind {marker.after} ({ttl}{_PLACED_BY[marker.source]})"


def _too_short(below: BelowMinimum) -> str:
    sizes = dict.fromkeys((count(below.shortest), count(below.longest)))
    certain = yes_no(known=False if below.certain else None)
    return (
        f"behind {below.after}: {'-'.join(sizes)} tokens, minimum {count(below.minimum)}, in "
        f"{count(below.requests)} requests; cached: {certain}"
    )


def _tokens(result: TargetResult) -> str:
    basis = result.tokens
    error = f" ±{roughly(basis.relative_error)}" if basis.relative_error else ""
    return f"{basis.method}{error}, {basis.tokenizer}"


def _prices(result: TargetResult) -> str:
    prices = result.prices
    since = "" if prices.valid_from is None else f", valid from {prices.valid_from.isoformat()}"
    return f"checked {prices.checked.isoformat()}, {prices.trust} trust{since}"


def _tail(note: str) -> str:
    return f": {note}" if note else ""


def verdict(report: SimulationReport) -> str:
    """Return the sentence on the cheapest target, empty where no cost is known."""
    return "" if report.cheapest is None else report.cheapest.why
