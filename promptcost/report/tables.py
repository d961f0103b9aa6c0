"""The tables of the reports as plain text cells, laid out once for the terminal and Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from promptcost.model.usage import MeterKind
from promptcost.report.numbers import about, band, change, compact, count, dollars, share, tokens

if TYPE_CHECKING:
    from promptcost.model.audit_report import FileReport, SurvivalRow, TargetSurvival
    from promptcost.model.count import TokenCount
    from promptcost.model.simulation_report import SimulationReport, TargetResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading of one or two lines; figures stand to the right; only what `folds` may break."""

    name: str
    figures: bool = False
    folds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, columns and rows of cells; a cell may hold hostile text."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


_SURVIVAL = (
    Column(name="when it is the", folds=True),
    Column(name="bytes\nthat stay", figures=True),
    Column(name="tokens\nthat stay", figures=True),
    Column(name="share", figures=True),
    Column(name="clears\nminimum"),
    Column(name="breaks at", folds=True),
)
_COSTS = (
    Column(name="target"),
    Column(name="per month", figures=True),
    Column(name="P5 - P50 - P95", figures=True),
    Column(name="requests\nthat hit", figures=True),
    Column(name="tokens\nread", figures=True),
    Column(name="against\nno cache", figures=True),
)
_USAGE = (
    Column(name="target"),
    Column(name="read", figures=True),
    Column(name="written", figures=True),
    Column(name="uncached", figures=True),
    Column(name="output", figures=True),
    Column(name="stored\n(token-hours)", figures=True),
)
_SECONDS_PER_HOUR = 3_600


def survival_tables(file: FileReport) -> list[Table]:
    """Return one table per group of targets whose figures agree; changes that agree share a row."""
    tables: dict[tuple[tuple[str, ...], ...], list[TargetSurvival]] = {}
    for index, target in enumerate(file.survival[0].targets if file.survival else ()):
        rows = tuple(_merged(file.survival, index))
        tables.setdefault(rows, []).append(target)
    return [
        Table(title=_survival_title(targets), columns=_SURVIVAL, rows=rows)
        for rows, targets in tables.items()
    ]


def _survival_title(targets: list[TargetSurvival]) -> str:
    limits = dict.fromkeys(
        "minimum unknown" if target.minimum is None else f"minimum {count(target.minimum)} tokens"
        for target in targets
    )
    return f"{', '.join(target.target for target in targets)}: {', '.join(limits)}"


def _merged(rows: tuple[SurvivalRow, ...], index: int) -> list[tuple[str, ...]]:
    cells = [(row.change.value, _survival_cells(row, row.targets[index])) for row in rows]
    return [
        (_joined([name for name, _ in same]), *figures)
        for figures, same in groupby(cells, key=lambda cell: cell[1])
    ]


def _joined(changes: list[str]) -> str:
    """Return names of changes without repeating their first word: ``next second, minute, day``."""
    shown: list[str] = []
    last = ""
    for name in changes:
        head, _, tail = name.partition(" ")
        shown.append(tail if head == last else name)
        last = head
    return ", ".join(shown)


def _survival_cells(row: SurvivalRow, target: TargetSurvival) -> tuple[str, ...]:
    place = row.place
    where = "" if place is None else f"{place.start_line}:{place.start_column} {row.expression}"
    return (
        _part(count(row.bytes_shared), count(row.bytes_total)),
        _part(_banded(target.tokens_shared), tokens(target.tokens_total)),
        share(target.share),
        yes_no(known=target.clears_minimum),
        where,
    )


def _part(some: str, total: str) -> str:
    return f"all {total}" if some == total else f"{some} of {total}"


def _banded(number: TokenCount) -> str:
    limits = band(number)
    return f"{tokens(number)} ({limits})" if limits else tokens(number)


def yes_no(*, known: bool | None) -> str:
    """Return a decision in words; what is unknown is said to be."""
    return "cannot tell" if known is None else "yes" if known else "no"


def cost_table(report: SimulationReport) -> Table:
    """Return what every target costs in a month, with interval, hit rates and difference."""
    rows = tuple(_cost_cells(result) for result in report.targets)
    return Table(title="Cost", columns=_COSTS, rows=rows)


def _cost_cells(result: TargetResult) -> tuple[str, ...]:
    spread, saving = result.percentiles, result.saving
    against = ""
    if saving is not None:
        relative = "" if saving.share is None else f" ({share(-saving.share)})"
        against = f"{change(-saving.amount)}{relative}"
    return (
        result.target,
        cost(result),
        "" if spread is None else " - ".join(map(about, (spread.p5, spread.p50, spread.p95))),
        share(result.hit_rate_requests),
        share(result.hit_rate_tokens),
        against,
    )


def cost(result: TargetResult) -> str:
    """Return the monthly cost; a meter without a known price makes it unknown, never smaller."""
    if result.cost.is_known:
        return dollars(result.cost.total)
    return f"unknown (no price for {', '.join(sorted(map(str, result.cost.unknown)))})"


def usage_table(report: SimulationReport) -> Table:
    """Return the tokens of a month by meter."""
    rows = tuple(_usage_cells(result) for result in report.targets)
    return Table(title="Tokens a month", columns=_USAGE, rows=rows)


def _usage_cells(result: TargetResult) -> tuple[str, ...]:
    kinds = (MeterKind.CACHE_READ, MeterKind.CACHE_WRITE, MeterKind.INPUT, MeterKind.OUTPUT)
    stored = result.usage.of(MeterKind.CACHE_STORAGE) // _SECONDS_PER_HOUR
    figures = [result.usage.of(kind) for kind in kinds]
    return (result.target, *(compact(number) for number in figures), compact(stored))
