"""What recorded requests share, as tables and sentences for every layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.report.numbers import count, share, tokens
from promptcost.report.tables import Column, Table, target_columns

if TYPE_CHECKING:
    from promptcost.model.count import TokenCount
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
    programs = counted(series.program_count, "program")
    return f"{counted(series.requests, 'recorded request')} of {programs}"


def program_headline(program: ProgramReport) -> str:
    """Return which requests belong together."""
    model = f" {program.model}" if program.model else ""
    requests = counted(program.requests, "request")
    conversations = counted(program.conversation_count, "conversation")
    return f"Program {program.number}: {program.api}{model}, {requests} in {conversations}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


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
    byte = f", byte {count(found.byte_offset)}" if found.byte_offset else ""
    return f"line {found.place.start_line}: {found.json_path}{byte}"


def program_details(program: ProgramReport) -> list[tuple[str, str]]:
    """Return label and sentence on cost and conversations of one program."""
    cost = program.cost
    read = "cannot tell" if cost.readable is None else _part(cost.readable, cost.prompt)
    said = (
        f"an average request sends {tokens(cost.prompt)} tokens ({cost.target}); sent before: "
        f"{_part(cost.repeated, cost.prompt)}; of that the cache can return: {read}"
    )
    details = [("costs", said)]
    details += [("lines", _conversation(one)) for one in program.conversations[:_FEW]]
    left = program.conversation_count - min(len(program.conversations), _FEW)
    return details + ([("lines", f"and {counted(left, 'more conversation')}")] if left > 0 else [])


def _part(number: TokenCount, total: TokenCount) -> str:
    relative = f" ({share(number.value / total.value)})" if total.value else ""
    return f"{tokens(number)}{relative}"


def _conversation(one: ConversationReport) -> str:
    first, last = count(one.first_line), count(one.last_line)
    lines = first if first == last else f"{first}-{last}"
    session = f" of session {one.session}" if one.session else ""
    if one.requests == 1:
        return f"{lines}: 1 request{session}"
    way = "each appends to the last" if one.append_only else "rewrites what came before"
    return f"{lines}: {counted(one.requests, 'request')}{session}; {way}"
