"""What ``promptcost prices`` does; loaded only when it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.catalogue import (
    Offer,
    TableKind,
    builtin_known,
    compare,
    read_known,
    read_table,
    validate,
)
from promptcost.cli.clock import day
from promptcost.cli.market import Asked, instant, page_of
from promptcost.cli.output import check_output, deliver, screen_for
from promptcost.cli.streams import say_problems
from promptcost.errors import DataError, ExitCode, Level, NothingToDo, Problem
from promptcost.report.terminal import (
    render_card,
    render_comparison,
    render_explanation,
    render_price_list,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """The command line of a comparison."""

    kind: TableKind
    file: Path | None
    known: Path | None


def list_prices(globs: Sequence[str], asked: Asked) -> ExitCode:
    """Write one line per target that a glob matches and that has a price on the day."""
    check_output(asked.output)
    catalogue = asked.catalogue()
    when = instant(day(asked.at))
    found = dict.fromkeys(target for glob in globs for target in catalogue.targets(glob))
    offers = [offer for t in found if isinstance(offer := catalogue.select(t, when), Offer)]
    if not offers:
        message = f"no target with a price on {when.date()} matches {' '.join(globs)}"
        raise NothingToDo(message)
    deliver(render_price_list(offers, screen_for(asked.output)), asked.output)
    return ExitCode.CLEAN


def show(name: str, asked: Asked) -> ExitCode:
    """Write the figures of one target."""
    check_output(asked.output)
    page = page_of(asked.catalogue(), name, day(asked.at))
    deliver(render_card(page, screen_for(asked.output)), asked.output)
    return ExitCode.CLEAN


def explain_target(name: str, asked: Asked) -> ExitCode:
    """Write how the cache of one target works."""
    check_output(asked.output)
    page = page_of(asked.catalogue(), name, day(asked.at))
    deliver(render_explanation(page, screen_for(asked.output)), asked.output)
    return ExitCode.CLEAN


def check_files(files: Sequence[Path]) -> ExitCode:
    """Report every fault of pricing files on stderr; the built-in ones when none is named."""
    problems = validate(files)
    say_problems(problems)
    if any(problem.level is Level.ERROR for problem in problems):
        return ExitCode.UNUSABLE
    deliver("the pricing files are valid\n", None)
    return ExitCode.CLEAN


def compare_with(wanted: Comparing, asked: Asked) -> ExitCode:
    """Hold the catalogue against another price table; a difference without a reason fails."""
    check_output(asked.output)
    catalogue, when = asked.catalogue(), instant(day(asked.at))
    table = read_table(wanted.kind, when, wanted.file)
    if isinstance(table, Problem):
        raise DataError([table])
    known = builtin_known(wanted.kind) if wanted.known is None else read_known(wanted.known)
    reasons, problems = known
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    comparison = compare(catalogue, table, when, reasons)
    deliver(render_comparison(comparison, table, screen_for(asked.output)), asked.output)
    return ExitCode.GATE_FAILED if comparison.unexplained else ExitCode.CLEAN
