"""What recorded requests share, as tables and sentences for every layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.numbers import count, share, tokens
from promptcost.report.tables import Column, Table, target_columns

if TYPE_CHECKING:
    from promptcost.model.series_report import (
        ConversationReport,
        Parting,
        ProgramReport,
        SeriesReport,
        Sharing,
    )
    from promptcost.report.tables import TargetColumn

_FEW = 5  # conversations spelled out


def series_headline(series: SeriesReport) -> str:
    """Return how many requests were read and how many prompt builders made them."""
    programs = "1 program" if series.program_count == 1 else f"{series.program_count} programs"
    return f"{count(series.requests)} recorded requests of {programs}"


def program_headline(program: ProgramReport) -> str:
    """Return which requests belong together."""
    model = f" {program.model}" if program.model else ""
    talks = program.conversation_count
    conversations = "1 conversation" if talks == 1 else f"{count(talks)} conversations"
    return (
        f"Program {program.number}: {program.api}{model}, {count(program.requests)} requests in "
        f"{conversations}"
    )


def sharing_tables(program: ProgramReport, per_table: int) -> list[Table]:
    """Return what requests share with earlier ones, `per_table` target columns in a table."""
    if not program.sharing:
        return []
    targets = target_columns([row.targets for row in program.sharing])
    chunks = [targets[at : at + per_table] for at in range(0, len(targets), per_table)]
    return [_sharing_table(program.sharing, chunk) for chunk in chunks or [[]]]


def _sharing_table(rows: tuple[Sharing, ...], targets: list[TargetColumn]) -> Table:
    columns = (
        Column(name="compared with"),
        Column(name="pairs", figures=True),
        Column(name="kept\nwhole", figures=True),
        Column(name="bytes", figures=True),
        *(column for column, _ in targets),
        Column(name="parts at", folds=True),
    )
    cells = tuple(
        (
            row.relation.value,
            count(row.pairs),
            share(row.whole / row.pairs) if row.pairs else "",
            f"{count(row.bytes_shared)} of {count(row.bytes_total)}",
            *(made[index] for _, made in targets),
            parting(row.parting),
        )
        for index, row in enumerate(rows)
    )
    return Table(title="Shared with earlier requests", columns=columns, rows=cells)


def parting(found: Parting | None) -> str:
    """Return where two requests part: line of the log, JSON path, byte in the value."""
    if found is None:
        return ""
    return f"line {found.place.start_line}, {found.json_path} + {count(found.byte_offset)}"


def program_details(program: ProgramReport) -> list[tuple[str, str]]:
    """Return label and sentence on cost and conversations of one program."""
    cost = program.cost
    readable = "cannot tell" if cost.readable is None else tokens(cost.readable)
    said = (
        f"{tokens(cost.prompt)} tokens a request at {cost.target}; sent before: "
        f"{tokens(cost.repeated)}; readable from the cache: {readable}"
    )
    details = [("costs", said)]
    details += [("talk", _conversation(one)) for one in program.conversations[:_FEW]]
    left = program.conversation_count - min(len(program.conversations), _FEW)
    return details + ([("talk", f"and {count(left)} more")] if left > 0 else [])


def _conversation(one: ConversationReport) -> str:
    lines = f"lines {one.first_line}-{one.last_line}"
    session = f" of session {one.session}" if one.session else ""
    way = "only appends" if one.append_only else "rewrites what came before"
    return f"{one.requests} requests on {lines}{session}: {way}"
