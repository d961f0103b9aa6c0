"""The tables of the reports as plain text cells, laid out once for the terminal and Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress, groupby
from typing import TYPE_CHECKING

from promptcost.model.audit_report import Traffic
from promptcost.model.usage import MeterKind
from promptcost.report.numbers import about, band, change, compact, count, dollars, share, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.model.audit_report import AuditReport, FileReport, SurvivalRow
    from promptcost.model.simulation_report import SimulationReport, TargetResult
    from promptcost.model.survival import TargetSurvival


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
_WORTH = (
    Column(name="target"),
    Column(name="as it is", figures=True),
    Column(name="all repaired", figures=True),
    Column(name="difference", figures=True),
)
_SECONDS_PER_HOUR = 3_600
_SHORT = 30  # characters of an expression in a table; findings show it whole


def survival_tables(file: FileReport, per_table: int) -> list[Table]:
    """Return what stays cached by change: a column per target, `per_table` of them in a table.

    Targets whose figures agree share a column, changes that agree share a row.
    """
    if not file.survival:
        return []
    targets = target_columns([row.targets for row in file.survival])
    chunks = [targets[at : at + per_table] for at in range(0, len(targets), per_table)]
    return [_survival_table(file.survival, chunk) for chunk in chunks or [[]]]


def worth_table(report: AuditReport) -> Table:
    """Return what the workload costs a month as it is, and with every finding repaired.

    Whose traffic it is stands in a column of its own where requests were recorded.
    """
    told = any(one.traffic is Traffic.RECORDED for one in report.worth)
    rows = (
        (
            one.target,
            *([one.traffic.value] if told else []),
            *map(dollars, (one.as_it_is, one.repaired)),
            change(one.repaired - one.as_it_is),
        )
        for one in report.worth
    )
    target, *figures = _WORTH
    columns = (target, *([Column(name="traffic")] if told else []), *figures)
    return Table(title="What the traffic costs a month", columns=columns, rows=tuple(rows))


TargetColumn = tuple[Column, tuple[str, ...]]
"""The column of some targets whose figures agree, and its cells."""


def target_columns(rows: Sequence[tuple[TargetSurvival, ...]]) -> list[TargetColumn]:
    """Return the columns of targets from what each row says about every one of them."""
    columns: dict[tuple[str, ...], list[TargetSurvival]] = {}
    for index, target in enumerate(rows[0]):
        cells = _aligned([row[index] for row in rows])
        limits = (*cells, str(target.tokens_total), str(target.minimum))
        columns.setdefault(limits, []).append(target)
    return [
        (Column(name=_heading(targets)), cells[: len(rows)]) for cells, targets in columns.items()
    ]


def _heading(targets: list[TargetSurvival]) -> str:
    """Return the lines above a target's column: names, size of the prompt, shortest prefix."""
    lines: list[str] = []
    for target in targets:
        provider, slash, model = target.target.partition("/")
        lines += [line for line in (f"{provider}{slash}",) if line not in lines] + [model]
    first = targets[0]
    least = "unknown" if first.minimum is None else count(first.minimum)
    limits = f"{first.tokens_total.method} {band(first.tokens_total)}".rstrip()
    lines += [f"of {tokens(first.tokens_total)} tokens", f"({limits})"]
    return "\n".join([*lines, f"clears minimum {least}?"])


def _aligned(targets: list[TargetSurvival]) -> tuple[str, ...]:
    """Return tokens, share and decision of each change, in columns inside the cell."""
    counts = [tokens(target.tokens_shared) for target in targets]
    shares = [share(target.share) for target in targets]
    wide, narrow = max(map(len, counts)), max(map(len, shares))
    return tuple(
        f"{number:>{wide}} {part:>{narrow}} {yes_no(known=target.clears_minimum)}"
        for number, part, target in zip(counts, shares, targets, strict=True)
    )


def _survival_table(rows: tuple[SurvivalRow, ...], targets: list[TargetColumn]) -> Table:
    columns = (
        Column(name="when it is the", folds=True),
        Column(name="bytes", figures=True),
        *(column for column, _ in targets),
        Column(name="breaks at", folds=True),
    )
    cells = [
        (row.change.value, (count(row.bytes_shared), *(c[i] for _, c in targets), _breaks(row)))
        for i, row in enumerate(rows)
    ]
    merged = [
        (_joined([name for name, _ in same]), *figures)
        for figures, same in groupby(cells, key=lambda cell: cell[1])
    ]
    if len(merged) == 1:
        merged = [("any change tried", *cells[0][1])]
    total = f"{count(rows[0].bytes_total)} bytes"
    return Table(title=total, columns=columns, rows=tuple(merged))


def _breaks(row: SurvivalRow) -> str:
    place, shown = row.place, row.expression
    if len(shown) > _SHORT:
        shown = f"{shown[: _SHORT - 1]}…"
    return "" if place is None else f"{place.start_line}:{place.start_column} {shown}"


def _joined(changes: list[str]) -> str:
    """Return names of changes without repeating their first word: ``next second, minute, day``."""
    shown: list[str] = []
    last = ""
    for name in changes:
        head, _, tail = name.partition(" ")
        shown.append(tail if head == last else name)
        last = head
    return ", ".join(shown)


def yes_no(*, known: bool | None) -> str:
    """Return a decision in words; what is unknown is said to be."""
    return "cannot tell" if known is None else "yes" if known else "no"


def cost_table(report: SimulationReport) -> Table:
    """Return what every target costs in a month, with interval, hit rates and difference."""
    rows = [_cost_cells(result) for result in report.targets]
    return _without_empty("Cost", _COSTS, rows)


def _without_empty(
    title: str, columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]], empty: str = ""
) -> Table:
    """Return a table without the columns in which nothing stands."""
    said = [any(cell != empty for cell in cells) for cells in zip(*rows, strict=True)]
    kept = tuple(tuple(compress(row, said)) for row in rows)
    return Table(title=title, columns=tuple(compress(columns, said)), rows=kept)


def _cost_cells(result: TargetResult) -> tuple[str, ...]:
    spread, saving = result.percentiles, result.saving
    against = ""
    if saving is not None and saving.amount:
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
    rows = [_usage_cells(result) for result in report.targets]
    return _without_empty("Tokens a month", _USAGE, rows, empty="0")


def _usage_cells(result: TargetResult) -> tuple[str, ...]:
    kinds = (MeterKind.CACHE_READ, MeterKind.CACHE_WRITE, MeterKind.INPUT, MeterKind.OUTPUT)
    stored = result.usage.of(MeterKind.CACHE_STORAGE) // _SECONDS_PER_HOUR
    figures = [result.usage.of(kind) for kind in kinds]
    return (result.target, *(compact(number) for number in figures), compact(stored))
